package io.memmap.benchmark;

import java.nio.ByteBuffer;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * What a bare loop makes of a query: a partial answer from a piece of whole rows, how two of them become one, and the
 * answer of all rows.
 */
record Kernel(Function<ByteBuffer, double[]> piece, BinaryOperator<double[]> merge, Finish finish) {

    /** Makes the answer from what all pieces came to. */
    interface Finish {
        double[] answer(double[] merged, long rows);
    }

    /** A kernel whose partial answers are added, number by number. */
    static Kernel adding(Function<ByteBuffer, double[]> piece) {
        return new Kernel(piece, Kernel::sum, (merged, rows) -> merged);
    }

    Kernel finish(Finish last) {
        return new Kernel(piece, merge, last);
    }

    private static double[] sum(double[] left, double[] right) {
        double[] sum = left.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += right[i];
        }
        return sum;
    }
}
