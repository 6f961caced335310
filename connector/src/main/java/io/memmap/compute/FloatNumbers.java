package io.memmap.compute;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Floats, compared as Spark does: NaN equals NaN and is greater than all others, and -0.0 equals 0.0. */
public abstract sealed class FloatNumbers extends Numbers permits SingleNumbers, DoubleNumbers {
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

    @Override
    final void addMapped(ByteBuffer source, int position, int stride, int count, Totals totals) {
        FloatExtremes.Source numbers =
                (from, size, block) -> copy(source, position + from * stride, stride, size, block);
        if (totals.wantsSum()) {
            double sum = stride == itemsize()
                    ? sumAdjacent(source, position, count)
                    : sumStrided(source, position, stride, count);
            numbers.addSum(sum, count, totals);
        }
        if (totals.wantsExtremes()) {
            extremes().add(numbers, count, totals);
        }
    }

    abstract double sumAdjacent(ByteBuffer source, int position, int count);

    abstract double sumStrided(ByteBuffer source, int position, int stride, int count);

    abstract void copy(ByteBuffer source, int position, int stride, int count, double[] block);

    private FloatExtremes extremes() {
        extremes = extremes == null ? new FloatExtremes() : extremes;
        return extremes;
    }
}
