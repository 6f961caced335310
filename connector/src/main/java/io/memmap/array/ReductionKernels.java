package io.memmap.array;

import io.memmap.compute.CompensatedSum;
import io.memmap.compute.Numbers;
import io.memmap.compute.Totals;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.layout.Decoder;
import io.memmap.memory.MappedWindows;
import java.math.BigInteger;
import java.nio.ByteOrder;

/** Sums and extremes of a view, decoded chunk by chunk in whatever order is fastest. The caller guards them against faults. */
final class ReductionKernels {
    /** The number of terms that are added plainly, in eight sums side by side, as in NumPy's pairwise summation. */
    private static final int BLOCK_SIZE = 128;

    /** Shorter runs are put end to end first, as the kernels take some time for each. */
    private static final int MIN_MAPPED_RUN = 1024;

    private static final ScalarDType BYTE = ScalarDType.of(Kind.UINT, 1);

    private ReductionKernels() {}

    /** The sum of floats; the error does not grow with their number. */
    static double sumDoubles(MappedWindows windows, Strided view) {
        Decoder decoder = Bulk.decoder(view.dtype());
        Numbers numbers = Numbers.of(decoder.allocate(0), false);
        double[] wide = new double[Bulk.CHUNK_SIZE];
        CompensatedSum sum = new CompensatedSum();
        Bulk.decode(windows, view.inAnyOrder(), decoder, (decoded, count) -> {
            numbers.reset(decoded);
            numbers.copy(0, count, wide);
            for (int at = 0; at < count; at += BLOCK_SIZE) {
                sum.add(block(wide, at, Math.min(at + BLOCK_SIZE, count)));
            }
        });
        return sum.total();
    }

    private static double block(double[] values, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < to; i++) {
            a += values[i];
        }
        return (a + b) + (c + d);
    }

    /** The exact sum of integers. */
    static BigInteger sumIntegers(MappedWindows windows, Strided view) {
        return totals(windows, view, new Totals(true, false)).integerSum();
    }

    /** The smallest float, or the largest; NaN as soon as there is one. */
    static double extremeDouble(MappedWindows windows, Strided view, boolean largest) {
        Totals totals = totals(windows, view, new Totals(false, true));
        return largest || Double.isNaN(totals.greatestFloat()) ? totals.greatestFloat() : totals.leastFloat();
    }

    /**
     * The smallest integer, or the largest; of u8 its bits. NaT, the smallest long, wins over all other times, as in
     * NumPy.
     */
    static long extremeLong(MappedWindows windows, Strided view, boolean largest) {
        ScalarDType dtype = (ScalarDType) view.dtype();
        boolean truths = dtype.kind() == Kind.BOOL;
        Strided integers = truths ? view.part(BYTE, 0) : view;
        Totals totals = totals(windows, integers, new Totals(false, true));
        long extreme =
                largest && !(dtype.isTime() && totals.least() == Long.MIN_VALUE) ? totals.greatest() : totals.least();
        // With its top bit turned over an unsigned number compares as a signed one.
        return Bulk.isUnsignedLong(dtype) ? extreme ^ Long.MIN_VALUE : truths ? Math.min(extreme, 1) : extreme;
    }

    private static Totals totals(MappedWindows windows, Strided view, Totals totals) {
        ScalarDType dtype = (ScalarDType) view.dtype();
        Strided walk = view.inAnyOrder();
        if (isMapped(walk)) {
            Object stored = dtype.itemsize() == 1 ? new byte[0] : new short[0];
            addMapped(new Runs(windows, walk), Numbers.of(stored, dtype.kind() == Kind.UINT), totals);
            return totals;
        }
        Decoder decoder = Bulk.decoder(dtype);
        Numbers numbers = Numbers.of(decoder.allocate(0), Bulk.isUnsignedLong(dtype));
        Bulk.decode(windows, walk, decoder, (decoded, count) -> {
            if (dtype.kind() == Kind.BOOL) {
                Conversions.truths((byte[]) decoded, count);
            }
            numbers.reset(decoded);
            numbers.addTo(totals, count);
        });
        return totals;
    }

    /** Returns true if these are small integers as this machine stores them, many of them in a run. */
    static boolean isMapped(Strided walk) {
        ScalarDType dtype = (ScalarDType) walk.dtype();
        boolean asThisMachine = dtype.itemsize() == 1 || dtype.byteOrder().nio() == ByteOrder.nativeOrder();
        boolean integers = dtype.kind() == Kind.INT || dtype.kind() == Kind.UINT;
        boolean small = dtype.itemsize() <= Short.BYTES;
        return integers && small && asThisMachine && walk.runSize() >= MIN_MAPPED_RUN;
    }

    private static void addMapped(Runs runs, Numbers numbers, Totals totals) {
        for (int count = runs.next(Numbers.BLOCK_SIZE); count > 0; count = runs.next(Numbers.BLOCK_SIZE)) {
            numbers.addBytes(runs.buffer(), runs.at(), runs.stride(), count, totals);
        }
    }
}
