package io.memmap.array;

import io.memmap.compute.CompensatedSum;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.memory.MappedWindows;
import java.math.BigInteger;

/** Sums and extremes of a view, decoded chunk by chunk in whatever order is fastest. The caller guards them against faults. */
final class ReductionKernels {
    /** The number of terms that are added plainly, in eight sums side by side, as in NumPy's pairwise summation. */
    private static final int BLOCK_SIZE = 128;

    private ReductionKernels() {}

    /** The sum of floats; the error does not grow with their number. */
    static double sumDoubles(MappedWindows windows, Strided view) {
        ScalarDType dtype = (ScalarDType) view.dtype();
        double[] wide = new double[Bulk.CHUNK_SIZE];
        CompensatedSum sum = new CompensatedSum();
        Bulk.decode(windows, view.inAnyOrder(), Bulk.decoder(dtype), (decoded, count) -> {
            Conversions.widen(decoded, count, wide);
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
        ScalarDType dtype = (ScalarDType) view.dtype();
        long[] wide = new long[Bulk.CHUNK_SIZE];
        BigInteger[] total = {BigInteger.ZERO};
        Bulk.decode(windows, view.inAnyOrder(), Bulk.decoder(dtype), (decoded, count) -> {
            Bulk.widen(dtype, decoded, count, wide);
            total[0] = total[0].add(chunk(wide, count, Bulk.isUnsignedLong(dtype)));
        });
        return total[0];
    }

    /** Halves of 32 bits cannot overflow within a chunk. */
    private static BigInteger chunk(long[] values, int count, boolean unsigned) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < count; i++) {
            low += values[i] & 0xffffffffL;
            high += unsigned ? values[i] >>> 32 : values[i] >> 32;
        }
        return BigInteger.valueOf(high).shiftLeft(32).add(BigInteger.valueOf(low));
    }

    /** The smallest float ({@code sign} 1) or the largest (-1); NaN as soon as there is one. */
    static double extremeDouble(MappedWindows windows, Strided view, int sign) {
        double[] wide = new double[Bulk.CHUNK_SIZE];
        double[] best = {Double.POSITIVE_INFINITY};
        Bulk.decode(windows, view.inAnyOrder(), Bulk.decoder(view.dtype()), (decoded, count) -> {
            Conversions.widen(decoded, count, wide);
            double least = best[0];
            for (int i = 0; i < count; i++) {
                least = Math.min(least, sign * wide[i]);
            }
            best[0] = least;
        });
        return sign * best[0];
    }

    /**
     * The smallest integer, or the largest; of u8 its bits. NaT, the smallest long, wins over all other times, as in
     * NumPy.
     */
    static long extremeLong(MappedWindows windows, Strided view, boolean largest) {
        ScalarDType dtype = (ScalarDType) view.dtype();
        boolean time = dtype.kind() == Kind.DATETIME || dtype.kind() == Kind.TIMEDELTA;
        // With its top bit turned over an unsigned number compares as a signed one; complemented, the order is
        // reversed.
        long flip = (Bulk.isUnsignedLong(dtype) ? Long.MIN_VALUE : 0) ^ (largest ? -1L : 0);
        long[] wide = new long[Bulk.CHUNK_SIZE];
        long[] best = {Long.MAX_VALUE};
        boolean[] nat = {false};
        Bulk.decode(windows, view.inAnyOrder(), Bulk.decoder(dtype), (decoded, count) -> {
            Bulk.widen(dtype, decoded, count, wide);
            long least = best[0];
            long smallest = Long.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                least = Math.min(least, wide[i] ^ flip);
                smallest = Math.min(smallest, wide[i]);
            }
            best[0] = least;
            nat[0] |= time && smallest == Long.MIN_VALUE;
        });
        return nat[0] ? Long.MIN_VALUE : best[0] ^ flip;
    }
}
