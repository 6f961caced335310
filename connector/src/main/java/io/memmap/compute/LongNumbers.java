package io.memmap.compute;

import java.nio.ByteBuffer;

/** i8, u8 and times. */
final class LongNumbers extends IntegerNumbers {
    private static final KernelChoice[] CHOICES = KernelChoice.ofAllLoops(() -> new LongNumbers(false));

    private static final long LOW_HALF = 0xffffffffL;

    private final long flip;
    private long[] values;
    private LongNumbers selected;

    LongNumbers(boolean unsigned) {
        super(unsigned, Long.SIZE);
        this.flip = flip();
    }

    @Override
    public void reset(Object array) {
        values = (long[]) array;
    }

    @Override
    void mask(Kernels kernels, KeyInterval keys, byte[] mask, int count, IntervalMask comparisonRoom) {
        kernels.mask(values, keys, mask, count, comparisonRoom);
    }

    /** Room for so many numbers side by side. */
    private LongNumbers side(int count) {
        if (selected == null) {
            selected = new LongNumbers(unsigned());
        }
        if (selected.values == null || selected.values.length < count) {
            selected.values = new long[count];
        }
        return selected;
    }

    @Override
    Numbers loaded(ByteBuffer source, int position, int count) {
        source.slice(position, count * itemsize())
                .order(source.order())
                .asLongBuffer()
                .get(side(count).values, 0, count);
        return selected;
    }

    @Override
    public Numbers selected(int[] rows, int count) {
        long[] to = side(count).values;
        for (int i = 0; i < count; i++) {
            to[i] = values[rows[i]];
        }
        return selected;
    }

    @Override
    Numbers kept(Kernels kernels, byte[] mask, int from, int count) {
        kernels.keep(values, mask, from, count, side(count).values);
        return selected;
    }

    @Override
    public void copy(int from, int count, long[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = values[from + i] ^ flip;
        }
    }

    @Override
    KernelChoice[] choices() {
        return CHOICES;
    }

    @Override
    void add(Kernels kernels, int count, Totals totals) {
        kernels.add(values, flip, count, totals);
    }

    /** Adds the value of each key; an unsigned integer is 2^63 more than its key. */
    private void addHalves(Totals totals, int count, long high, long low) {
        totals.addSum(unsigned() ? high + ((long) count << 31) : high, low);
    }

    @Override
    void addMapped(ByteBuffer source, int position, int stride, int count, Totals totals) {
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
