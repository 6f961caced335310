package io.memmap.compute;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Floats, compared as Spark does: NaN equals NaN and is greater than all others, and -0.0 equals 0.0. */
public abstract sealed class FloatNumbers extends Numbers permits SingleNumbers, DoubleNumbers {
    /** Few enough that what a plain sum of them rounds off is negligible; each such sum is added with care. */
    private static final int BLOCK_SIZE = 4096;

    private FloatExtremes extremes;

    /** A comparison of a number with a bound. No NaN is at most, below or equal to one. */
    public enum Comparison {
        AT_MOST,
        BELOW,
        EQUAL,
        NAN
    }

    /**
     * Sets {@code mask[i]} to 1 where the comparison of number {@code i} holds, or where it does not; to 0 elsewhere and
     * for nulls.
     *
     * @param bound not NaN
     */
    public final void mask(Comparison comparison, double bound, boolean negated, byte[] mask, int count) {
        long negativeInfinity = key(Double.NEGATIVE_INFINITY);
        // Of the two zeros, which are equal, the negative one has the smaller key, and they are neighbours.
        long least = bound == 0 ? key(-0.0) : key(bound);
        long greatest = bound == 0 ? key(0.0) : key(bound);
        switch (comparison) {
            case AT_MOST -> maskKeys(negativeInfinity, greatest, negated, mask, count);
            case BELOW -> {
                if (least == negativeInfinity) {
                    Arrays.fill(mask, 0, count, (byte) (negated ? 1 : 0));
                } else {
                    maskKeys(negativeInfinity, least - 1, negated, mask, count);
                }
            }
            case EQUAL -> maskKeys(least, greatest, negated, mask, count);
            case NAN -> maskKeys(negativeInfinity, key(Double.POSITIVE_INFINITY), !negated, mask, count);
        }
        clearNulls(mask, count);
    }

    /** A key that orders as an integer, all NaNs beyond the infinities. */
    abstract long key(double value);

    /** Sets {@code mask[i]} to 1 where the key of number {@code i} is within {@code [lo, hi]}, or where it is not. */
    abstract void maskKeys(long lo, long hi, boolean outside, byte[] mask, int count);

    @Override
    final void add(Totals totals, int count) {
        totals.addCount(count);
        if (totals.wantsSum()) {
            prepare(count);
            for (int from = 0; from < count; from += BLOCK_SIZE) {
                int start = from;
                int size = Math.min(BLOCK_SIZE, count - from);
                addSum(totals, sum(from, from + size), (at, number, block) -> copy(start + at, number, block), size);
            }
        }
        if (totals.wantsExtremes()) {
            extremes().add(this::copy, count, totals);
        }
    }

    /** Makes floats of bits. */
    abstract void prepare(int count);

    abstract double sum(int from, int to);

    @Override
    public final void addBytes(ByteBuffer source, int position, int stride, int count, Totals totals) {
        totals.addCount(count);
        FloatExtremes.Source numbers =
                (from, size, block) -> copy(source, position + from * stride, stride, size, block);
        if (totals.wantsSum()) {
            double sum = stride == itemsize()
                    ? sumAdjacent(source, position, count)
                    : sumStrided(source, position, stride, count);
            addSum(totals, sum, numbers, count);
        }
        if (totals.wantsExtremes()) {
            extremes().add(numbers, count, totals);
        }
    }

    /** Sums side by side may leave the finite numbers where one after the other does not. */
    private static void addSum(Totals totals, double sum, FloatExtremes.Source source, int count) {
        if (Double.isFinite(sum)) {
            totals.addSum(sum);
            return;
        }
        double[] numbers = new double[count];
        source.copy(0, count, numbers);
        double inOrder = 0;
        for (double number : numbers) {
            inOrder += number;
        }
        totals.addSum(inOrder);
    }

    abstract double sumAdjacent(ByteBuffer source, int position, int count);

    abstract double sumStrided(ByteBuffer source, int position, int stride, int count);

    abstract void copy(ByteBuffer source, int position, int stride, int count, double[] block);

    private FloatExtremes extremes() {
        extremes = extremes == null ? new FloatExtremes() : extremes;
        return extremes;
    }
}
