package io.memmap.compute;

import java.nio.ByteBuffer;

/** i1, b1 and u1. */
final class ByteNumbers extends IntegerNumbers {
    private static final KernelChoice[] CHOICES = KernelChoice.ofAllLoops(() -> new ByteNumbers(false));

    private final byte flip;
    private final Lanes lanes;
    private byte[] values;
    private ByteNumbers selected;

    ByteNumbers(boolean unsigned) {
        super(unsigned, 8);
        this.flip = (byte) flip();
        this.lanes = Lanes.ofBytes(flip);
    }

    @Override
    public void reset(Object array) {
        values = (byte[]) array;
    }

    @Override
    void mask(Kernels kernels, KeyInterval keys, byte[] mask, int count, IntervalMask comparisonRoom) {
        kernels.mask(values, keys, mask, count);
    }

    /** Room for so many numbers side by side. */
    private ByteNumbers side(int count) {
        if (selected == null) {
            selected = new ByteNumbers(unsigned());
        }
        if (selected.values == null || selected.values.length < count) {
            selected.values = new byte[count];
        }
        return selected;
    }

    @Override
    Numbers loaded(ByteBuffer source, int position, int count) {
        source.get(position, side(count).values, 0, count);
        return selected;
    }

    @Override
    public Numbers selected(int[] rows, int count) {
        byte[] to = side(count).values;
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
        long bias = bias();
        for (int i = 0; i < count; i++) {
            to[i] = bias + (byte) (values[from + i] ^ flip);
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

    @Override
    void addMapped(ByteBuffer source, int position, int stride, int count, Totals totals) {
        if (totals.wantsSum()) {
            addBlock(totals, count, sum(source, position, stride, count));
        }
        if (totals.wantsExtremes() && count > 0 && !totals.reaches(Byte.MIN_VALUE + bias(), Byte.MAX_VALUE + bias())) {
            addKeyExtremes(totals, source, position, stride, count);
        }
    }

    private long sum(ByteBuffer source, int position, int stride, int count) {
        if (stride == itemsize()) {
            return lanes.sum(source, position, count);
        }
        long even = 0;
        long odd = 0;
        int i = 0;
        for (; i + 2 <= count; i += 2) {
            int at = position + i * stride;
            even += (byte) (source.get(at) ^ flip);
            odd += (byte) (source.get(at + stride) ^ flip);
        }
        if (i < count) {
            even += (byte) (source.get(position + i * stride) ^ flip);
        }
        return even + odd;
    }

    private void addKeyExtremes(Totals totals, ByteBuffer source, int position, int stride, int count) {
        if (stride == itemsize()) {
            lanes.addExtremes(source, position, count, totals, bias());
            return;
        }
        int least = Integer.MAX_VALUE;
        int greatest = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            int key = (byte) (source.get(position + i * stride) ^ flip);
            least = Math.min(least, key);
            greatest = Math.max(greatest, key);
        }
        addKeyExtremes(totals, least, greatest);
    }
}
