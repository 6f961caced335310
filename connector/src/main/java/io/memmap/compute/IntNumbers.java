package io.memmap.compute;

import java.nio.ByteBuffer;

/** i4 and u4, dates and months. */
final class IntNumbers extends IntegerNumbers {
    private final Interval interval = new Interval();
    private final int flip;
    private int[] values;
    private IntNumbers selected;

    IntNumbers(boolean unsigned) {
        super(unsigned, 32);
        this.flip = (int) flip();
    }

    @Override
    public void aim(Object array) {
        values = (int[]) array;
    }

    @Override
    void maskKeys(long from, long to, boolean outside, byte[] mask, int count) {
        interval.mask(values, flip, (int) from, (int) to, outside, mask, count);
    }

    @Override
    public Numbers selected(int[] rows, int count) {
        if (selected == null) {
            selected = new IntNumbers(unsigned());
        }
        if (selected.values == null || selected.values.length < count) {
            selected.values = new int[count];
        }
        int[] to = selected.values;
        for (int i = 0; i < count; i++) {
            to[i] = values[rows[i]];
        }
        return selected;
    }

    @Override
    public void copy(int from, int count, long[] to) {
        long bias = bias();
        for (int i = 0; i < count; i++) {
            to[i] = bias + (values[from + i] ^ flip);
        }
    }

    @Override
    void add(Totals totals, int count) {
        totals.addCount(count);
        if (totals.wantsSum()) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sum += values[i] ^ flip;
            }
            addBlock(totals, count, sum);
        }
        if (totals.wantsExtremes()) {
            int least = Integer.MAX_VALUE;
            int greatest = Integer.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                int key = (values[i] ^ flip);
                least = Math.min(least, key);
                greatest = Math.max(greatest, key);
            }
            if (count > 0) {
                addKeyExtremes(totals, least, greatest);
            }
        }
    }

    @Override
    public void addBytes(ByteBuffer source, int position, int stride, int count, Totals totals) {
        totals.addCount(count);
        if (totals.wantsSum()) {
            addBlock(totals, count, sum(source, position, stride, count));
        }
        if (totals.wantsExtremes() && count > 0) {
            addKeyExtremes(totals, source, position, stride, count);
        }
    }

    private long sum(ByteBuffer source, int position, int stride, int count) {
        long even = 0;
        long odd = 0;
        int i = 0;
        for (; i + 2 <= count; i += 2) {
            int at = position + i * stride;
            even += (source.getInt(at) ^ flip);
            odd += (source.getInt(at + stride) ^ flip);
        }
        if (i < count) {
            even += (source.getInt(position + i * stride) ^ flip);
        }
        return even + odd;
    }

    private void addKeyExtremes(Totals totals, ByteBuffer source, int position, int stride, int count) {
        int least = Integer.MAX_VALUE;
        int greatest = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            int key = (source.getInt(position + i * stride) ^ flip);
            least = Math.min(least, key);
            greatest = Math.max(greatest, key);
        }
        addKeyExtremes(totals, least, greatest);
    }
}
