package io.memmap.spark.read.formula;

import io.memmap.compute.Numbers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/**
 * A run of a batch's rows that formulas are computed of, few enough that all that comes of them stays in the first-level
 * cache, and room to do it in. Belongs to one task thread.
 */
public final class Block {
    public static final int MAX_ROWS = 2048;

    private final Deque<double[]> doubles = new ArrayDeque<>();
    private final Deque<long[]> longs = new ArrayDeque<>();
    private Function<String, Numbers> columns;
    private int from;
    private int count;

    /** Is about {@code count} rows, from row {@code from} of the batch on, from now on. */
    public void reset(Function<String, Numbers> columns, int from, int count) {
        this.columns = columns;
        this.from = from;
        this.count = count;
    }

    int from() {
        return from;
    }

    int count() {
        return count;
    }

    Numbers numbers(String column) {
        return columns.apply(column);
    }

    /** Room for a number of each row, of any content. */
    double[] borrowDoubles() {
        return doubles.isEmpty() ? new double[MAX_ROWS] : doubles.pop();
    }

    void giveBack(double[] values) {
        doubles.push(values);
    }

    long[] borrowLongs() {
        return longs.isEmpty() ? new long[MAX_ROWS] : longs.pop();
    }

    void giveBack(long[] values) {
        longs.push(values);
    }
}
