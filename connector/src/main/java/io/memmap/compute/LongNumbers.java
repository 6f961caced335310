package io.memmap.compute;

import java.nio.ByteBuffer;

/** i8, u8 and times. */
final class LongNumbers extends IntegerNumbers {
    private static final long LOW_HALF = 0xffffffffL;

    private final Interval interval = new Interval();
    private final long flip;
    private long[] values;
    private LongNumbers selected;

    LongNumbers(boolean unsigned) {
        super(unsigned, Long.SIZE);
        this.flip = flip();
    }

    @Override
    public void aim(Object array) {
        values = (long[]) array;
    }

    @Override
    void maskKeys(long from, long to, boolean outside, byte[] mask, int count) {
        interval.mask(values, flip, from, to, outside, mask, count);
    }

    @Override
    public Numbers selected(int[] rows, int count) {
        if (selected == null) {
            selected = new LongNumbers(unsigned());
        }
        if (selected.values == null || selected.values.length < count) {
            selected.values = new long[count];
        }
        long[] to = selected.values;
        for (int i = 0; i < count; i++) {
            to[i] = values[rows[i]];
        }
        return selected;
    }

    @Override
    public void copy(int from, int count, long[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = values[from + i] ^ flip;
        }
    }

    @Override
    void add(Totals totals, int count) {
        totals.addCount(count);
        if (totals.wantsSum()) {
            long high = 0;
            long low = 0;
            for (int i = 0; i < count; i++) {
                long key = values[i] ^ flip;
                high += key >> 32;
                low += key & LOW_HALF;
            }
            addHalves(totals, count, high, low);
        }
        if (totals.wantsExtremes() && count > 0) {
            long least = Long.MAX_VALUE;
            long greatest = Long.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                long key = values[i] ^ flip;
                least = Math.min(least, key);
                greatest = Math.max(greatest, key);
            }
            totals.addExtremes(least, greatest);
        }
    }

    /** Adds the value of each key; an unsigned integer is 2^63 more than its key. */
    private void addHalves(Totals totals, int count, long high, long low) {
        totals.addSum(unsigned() ? high + ((long) count << 31) : high, low);
    }

    @Override
    public void addBytes(ByteBuffer source, int position, int stride, int count, Totals totals) {
        totals.addCount(count);
        if (totals.wantsSum()) {
            long high = 0;
            long low = 0;
            for (int i = 0; i < count; i++) {
                long key = source.getLong(position + i * stride) ^ flip;
                high += key >> 32;
                low += key & LOW_HALF;
            }
            addHalves(totals, count, high, low);
        }
        if (totals.wantsExtremes() && count > 0) {
            long least = Long.MAX_VALUE;
            long greatest = Long.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                long key = source.getLong(position + i * stride) ^ flip;
                least = Math.min(least, key);
                greatest = Math.max(greatest, key);
            }
            totals.addExtremes(least, greatest);
        }
    }
}
