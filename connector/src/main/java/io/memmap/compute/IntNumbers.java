package io.memmap.compute;

import java.nio.ByteBuffer;

/** i4 and u4, dates and months. */
final class IntNumbers extends IntegerNumbers {
    private static final KernelChoice[] CHOICES = KernelChoice.ofAllLoops(() -> new IntNumbers(false));

    private final int flip;
    private int[] values;
    private IntNumbers selected;

    IntNumbers(boolean unsigned) {
        super(unsigned, 32);
        this.flip = (int) flip();
    }

    @Override
    public void reset(Object array) {
        values = (int[]) array;
    }

    @Override
    void mask(Kernels kernels, KeyInterval keys, byte[] mask, int count, IntervalMask comparisonRoom) {
        kernels.mask(values, keys, mask, count, comparisonRoom);
    }

    /** Room for so many numbers side by side. */
    private IntNumbers side(int count) {
        if (selected == null) {
            selected = new IntNumbers(unsigned());
        }
        if (selected.values == null || selected.values.length < count) {
            selected.values = new int[count];
        }
        return selected;
    }

    @Override
    Numbers loaded(ByteBuffer source, int position, int count) {
        source.slice(position, count * itemsize())
                .order(source.order())
                .asIntBuffer()
                .get(side(count).values, 0, count);
        return selected;
    }

    @Override
    public Numbers selected(int[] rows, int count) {
        int[] to = side(count).values;
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
            to[i] = bias + (values[from + i] ^ flip);
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
