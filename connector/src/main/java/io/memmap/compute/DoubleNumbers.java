package io.memmap.compute;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;

/** f8. */
final class DoubleNumbers extends FloatNumbers {
    private static final KernelChoice[] CHOICES = KernelChoice.ofAllLoops(DoubleNumbers::new);

    private double[] values = {};
    /** The same as {@link #values}; one of them is the array that was given, the other is made when it is needed. */
    private long[] bits = {};

    private boolean aimedAtBits;
    private DoubleNumbers selected;

    @Override
    public void reset(Object array) {
        aimedAtBits = array instanceof long[];
        if (aimedAtBits) {
            bits = (long[]) array;
        } else {
            values = (double[]) array;
        }
    }

    private double[] values(int count) {
        if (aimedAtBits) {
            values = values.length < count ? new double[count] : values;
            for (int i = 0; i < count; i++) {
                values[i] = Double.longBitsToDouble(bits[i]);
            }
        }
        return values;
    }

    private long[] bits(int count) {
        if (!aimedAtBits) {
            bits = bits.length < count ? new long[count] : bits;
            for (int i = 0; i < count; i++) {
                bits[i] = Double.doubleToRawLongBits(values[i]);
            }
        }
        return bits;
    }

    @Override
    public int itemsize() {
        return 8;
    }

    @Override
    long key(double value) {
        return IntervalMask.key(value);
    }

    @Override
    KeyInterval keys(long lo, long hi, boolean outside) {
        return new KeyInterval(Long.MAX_VALUE, 0, lo, hi, outside);
    }

    @Override
    void mask(Kernels kernels, KeyInterval keys, byte[] mask, int count, IntervalMask comparisonRoom) {
        kernels.mask(bits(count), keys, mask, count, comparisonRoom);
    }

    /** Room for so many numbers side by side. */
    private DoubleNumbers side(int count) {
        if (selected == null) {
            selected = new DoubleNumbers();
        }
        if (selected.values.length < count) {
            selected.values = new double[count];
        }
        return selected;
    }

    @Override
    void addPieces(Kernels kernels, ByteBuffer source, int position, int count, Totals totals) {
        kernels.add(doubles(source, position, count), side(Kernels.PIECE_NBYTES / Double.BYTES).values, totals);
    }

    @Override
    Numbers loaded(ByteBuffer source, int position, int count) {
        doubles(source, position, count).get(side(count).values, 0, count);
        return selected;
    }

    private static DoubleBuffer doubles(ByteBuffer source, int position, int count) {
        return source.slice(position, count * Double.BYTES)
                .order(source.order())
                .asDoubleBuffer();
    }

    @Override
    public Numbers selected(int[] rows, int count) {
        double[] to = side(count).values;
        for (int i = 0; i < count; i++) {
            to[i] = aimedAtBits ? Double.longBitsToDouble(bits[rows[i]]) : values[rows[i]];
        }
        return selected;
    }

    @Override
    Numbers loadedBits(ByteBuffer source, int position, int count) {
        long[] loaded = new long[count];
        source.slice(position, count * itemsize())
                .order(source.order())
                .asLongBuffer()
                .get(loaded);
        return Numbers.ofBits(loaded);
    }

    @Override
    Numbers kept(Kernels kernels, byte[] mask, int from, int count) {
        double[] to = side(count).values;
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
        if (!aimedAtBits) {
            System.arraycopy(values, from, to, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[i] = Double.longBitsToDouble(bits[from + i]);
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
        int end = position + count * 8;
        for (; at <= end - 64; at += 64) {
            a += source.getDouble(at);
            b += source.getDouble(at + 8);
            c += source.getDouble(at + 16);
            d += source.getDouble(at + 24);
            e += source.getDouble(at + 32);
            f += source.getDouble(at + 40);
            g += source.getDouble(at + 48);
            h += source.getDouble(at + 56);
        }
        for (; at < end; at += 8) {
            a += source.getDouble(at);
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
            a += source.getDouble(at);
            b += source.getDouble(at + stride);
            c += source.getDouble(at + 2 * stride);
            d += source.getDouble(at + 3 * stride);
        }
        for (; i < count; i++) {
            a += source.getDouble(position + i * stride);
        }
        return (a + b) + (c + d);
    }

    @Override
    void copy(ByteBuffer source, int position, int stride, int count, double[] block) {
        if (stride == itemsize()) {
            doubles(source, position, count).get(block, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            block[i] = source.getDouble(position + i * stride);
        }
    }
}
