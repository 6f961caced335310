package io.memmap.compute;

import java.nio.ByteBuffer;

/** f4 and, as floats on the heap, f2 and bfloat16. */
sealed class SingleNumbers extends FloatNumbers permits HalfNumbers {
    private static final KernelChoice[] CHOICES = KernelChoice.ofAllLoops(SingleNumbers::new);

    float[] values = {};
    /** The same as {@link #values}; one of them is the array that was given, the other is made when it is needed. */
    private int[] bits = {};

    private boolean aimedAtBits;
    private SingleNumbers selected;

    @Override
    public void reset(Object array) {
        aimedAtBits = array instanceof int[];
        if (aimedAtBits) {
            bits = (int[]) array;
        } else {
            values = (float[]) array;
        }
    }

    private float[] values(int count) {
        if (aimedAtBits) {
            values = values.length < count ? new float[count] : values;
            for (int i = 0; i < count; i++) {
                values[i] = Float.intBitsToFloat(bits[i]);
            }
        }
        return values;
    }

    private int[] bits(int count) {
        if (!aimedAtBits) {
            bits = bits.length < count ? new int[count] : bits;
            for (int i = 0; i < count; i++) {
                bits[i] = Float.floatToRawIntBits(values[i]);
            }
        }
        return bits;
    }

    @Override
    public int itemsize() {
        return 4;
    }

    @Override
    long key(double value) {
        return IntervalMask.key((float) value);
    }

    @Override
    KeyInterval keys(long lo, long hi, boolean outside) {
        return new KeyInterval(Integer.MAX_VALUE, 0, lo, hi, outside);
    }

    @Override
    void mask(Kernels kernels, KeyInterval keys, byte[] mask, int count, IntervalMask comparisonRoom) {
        kernels.mask(bits(count), keys, mask, count, comparisonRoom);
    }

    /** Room for so many numbers side by side. */
    final SingleNumbers side(int count) {
        if (selected == null) {
            selected = new SingleNumbers();
        }
        if (selected.values.length < count) {
            selected.values = new float[count];
        }
        return selected;
    }

    @Override
    void addPieces(Kernels kernels, ByteBuffer source, int position, int count, Totals totals) {
        loaded(source, position, count).add(kernels, count, totals);
    }

    @Override
    Numbers loaded(ByteBuffer source, int position, int count) {
        source.slice(position, count * itemsize())
                .order(source.order())
                .asFloatBuffer()
                .get(side(count).values, 0, count);
        return selected;
    }

    @Override
    public Numbers selected(int[] rows, int count) {
        float[] to = side(count).values;
        for (int i = 0; i < count; i++) {
            to[i] = aimedAtBits ? Float.intBitsToFloat(bits[rows[i]]) : values[rows[i]];
        }
        return selected;
    }

    @Override
    Numbers loadedBits(ByteBuffer source, int position, int count) {
        int[] loaded = new int[count];
        source.slice(position, count * itemsize())
                .order(source.order())
                .asIntBuffer()
                .get(loaded);
        return Numbers.ofBits(loaded);
    }

    @Override
    Numbers kept(Kernels kernels, byte[] mask, int from, int count) {
        float[] to = side(count).values;
        if (aimedAtBits) {
            kernels.keep(bits, mask, from, count, to);
        } else {
            kernels.keep(values, mask, from, count, to);
        }
        return selected;
    }

    @Override
    KernelChoice[] choices() {
        return CHOICES;
    }

    @Override
    void add(Kernels kernels, int count, Totals totals) {
        kernels.add(values(count), count, totals);
    }

    @Override
    public void copy(int from, int count, double[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = aimedAtBits ? Float.intBitsToFloat(bits[from + i]) : values[from + i];
        }
    }

    @Override
    double sumAdjacent(ByteBuffer source, int position, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int at = position;
        int end = position + count * 4;
        for (; at <= end - 32; at += 32) {
            a += source.getFloat(at);
            b += source.getFloat(at + 4);
            c += source.getFloat(at + 8);
            d += source.getFloat(at + 12);
            e += source.getFloat(at + 16);
            f += source.getFloat(at + 20);
            g += source.getFloat(at + 24);
            h += source.getFloat(at + 28);
        }
        for (; at < end; at += 4) {
            a += source.getFloat(at);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    @Override
    double sumStrided(ByteBuffer source, int position, int stride, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            int at = position + i * stride;
            a += source.getFloat(at);
            b += source.getFloat(at + stride);
            c += source.getFloat(at + 2 * stride);
            d += source.getFloat(at + 3 * stride);
        }
        for (; i < count; i++) {
            a += source.getFloat(position + i * stride);
        }
        return (a + b) + (c + d);
    }

    @Override
    void copy(ByteBuffer source, int position, int stride, int count, double[] block) {
        for (int i = 0; i < count; i++) {
            block[i] = source.getFloat(position + i * stride);
        }
    }
}
