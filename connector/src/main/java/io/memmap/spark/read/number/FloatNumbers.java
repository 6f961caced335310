package io.memmap.spark.read.number;

import java.nio.ByteBuffer;

/** Floats, compared as Spark does: NaN equals NaN and is greater than all others, and -0.0 equals 0.0. */
public abstract sealed class FloatNumbers extends Numbers permits SingleNumbers, DoubleNumbers {
    /** Few enough that what a plain sum of them rounds off is negligible; each such sum is added with care. */
    private static final int BLOCK_SIZE = 4096;

    /** How a number is compared with a bound. No NaN is at most, below or equal to one. */
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
        int not = negated ? 1 : 0;
        switch (comparison) {
            case AT_MOST -> maskAtMost(bound, not, mask, count);
            case BELOW -> maskBelow(bound, not, mask, count);
            case EQUAL -> maskEqual(bound, not, mask, count);
            case NAN -> maskNaN(not, mask, count);
        }
        clearNulls(mask, count);
    }

    /** @param not xor-ed with the answer */
    abstract void maskAtMost(double bound, int not, byte[] mask, int count);

    abstract void maskBelow(double bound, int not, byte[] mask, int count);

    abstract void maskEqual(double other, int not, byte[] mask, int count);

    abstract void maskNaN(int not, byte[] mask, int count);

    @Override
    final void add(Totals totals, int count) {
        totals.addCount(count);
        if (totals.wantsSum()) {
            for (int from = 0; from < count; from += BLOCK_SIZE) {
                totals.addSum(sum(from, Math.min(from + BLOCK_SIZE, count)));
            }
        }
        if (totals.wantsExtremes()) {
            addExtremes(totals, count);
        }
    }

    abstract double sum(int from, int to);

    abstract void addExtremes(Totals totals, int count);

    @Override
    public final void addBytes(ByteBuffer source, int position, int stride, int count, Totals totals) {
        totals.addCount(count);
        if (totals.wantsSum()) {
            for (int from = 0; from < count; from += BLOCK_SIZE) {
                int block = Math.min(BLOCK_SIZE, count - from);
                int at = position + from * stride;
                totals.addSum(
                        stride == itemsize() ? sumAdjacent(source, at, block) : sumStrided(source, at, stride, block));
            }
        }
        if (totals.wantsExtremes()) {
            addExtremes(totals, source, position, stride, count);
        }
    }

    abstract double sumAdjacent(ByteBuffer source, int position, int count);

    abstract double sumStrided(ByteBuffer source, int position, int stride, int count);

    abstract void addExtremes(Totals totals, ByteBuffer source, int position, int stride, int count);
}
