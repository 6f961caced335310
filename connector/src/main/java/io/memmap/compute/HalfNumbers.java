package io.memmap.compute;

import java.nio.ByteBuffer;

/** f2, as it is in a file; on the heap they are floats. */
final class HalfNumbers extends SingleNumbers {
    private static final KernelChoice[] CHOICES = KernelChoice.ofAllLoops(HalfNumbers::new);

    private static final int INFINITY = 0x7c00;

    /** They stay in the second-level cache, where a look-up takes less time than the arithmetic. */
    private static final float[] FLOATS = new float[1 << Short.SIZE];

    static {
        for (int half = 0; half < FLOATS.length; half++) {
            int magnitude = half & Short.MAX_VALUE;
            // The bits of a half, moved up, are a float with an exponent bias too small by 112, subnormals included.
            int bits = magnitude >= INFINITY
                    ? 0x7f800000 | magnitude << 13
                    : Float.floatToRawIntBits(Float.intBitsToFloat(magnitude << 13) * 0x1p112f);
            FLOATS[half] = Float.intBitsToFloat(bits | (half & 0x8000) << 16);
        }
    }

    private short[] halves = {};

    static float toFloat(short half) {
        return FLOATS[half & 0xffff];
    }

    @Override
    public int itemsize() {
        return Short.BYTES;
    }

    @Override
    KernelChoice[] choices() {
        return CHOICES;
    }

    @Override
    void addPieces(Kernels kernels, ByteBuffer source, int position, int count, Totals totals) {
        loaded(kernels, source, position, count).add(kernels, count, totals);
    }

    @Override
    Numbers loaded(ByteBuffer source, int position, int count) {
        return loaded(KernelChoice.SCALAR, source, position, count);
    }

    @Override
    Numbers loadedBits(ByteBuffer source, int position, int count) {
        return loaded(source, position, count);
    }

    private SingleNumbers loaded(Kernels kernels, ByteBuffer source, int position, int count) {
        halves = halves.length < count ? new short[count] : halves;
        source.slice(position, count * Short.BYTES)
                .order(source.order())
                .asShortBuffer()
                .get(halves, 0, count);
        SingleNumbers floats = side(count);
        kernels.widen(halves, count, floats.values);
        return floats;
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
        int end = position + count * 2;
        for (; at <= end - 16; at += 16) {
            a += toFloat(source.getShort(at));
            b += toFloat(source.getShort(at + 2));
            c += toFloat(source.getShort(at + 4));
            d += toFloat(source.getShort(at + 6));
            e += toFloat(source.getShort(at + 8));
            f += toFloat(source.getShort(at + 10));
            g += toFloat(source.getShort(at + 12));
            h += toFloat(source.getShort(at + 14));
        }
        for (; at < end; at += 2) {
            a += toFloat(source.getShort(at));
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    @Override
    double sumStrided(ByteBuffer source, int position, int stride, int count) {
        double even = 0;
        double odd = 0;
        int i = 0;
        for (; i + 2 <= count; i += 2) {
            even += toFloat(source.getShort(position + i * stride));
            odd += toFloat(source.getShort(position + (i + 1) * stride));
        }
        return i < count ? even + odd + toFloat(source.getShort(position + i * stride)) : even + odd;
    }

    @Override
    void copy(ByteBuffer source, int position, int stride, int count, double[] block) {
        for (int i = 0; i < count; i++) {
            block[i] = toFloat(source.getShort(position + i * stride));
        }
    }
}
