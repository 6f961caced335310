package io.memmap.layout;

import io.memmap.dtype.HalfFloat;
import io.memmap.dtype.ScalarDType;
import java.nio.ByteBuffer;

/**
 * The decoders of dtypes for which Java has no type of the same width. Measured: reading each value with its own get is
 * as fast as copying a few thousand to the heap first and widening there, and faster in the foreign byte order.
 */
final class WideningDecoders {
    private WideningDecoders() {}

    /** u1 into short. */
    static final class UnsignedBytes extends Decoder {
        UnsignedBytes(ScalarDType dtype) {
            super(dtype, short[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            short[] to = (short[]) out;
            for (int i = 0; i < count; i++) {
                to[at + i] = (short) (source.get(position + i) & 0xff);
            }
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            short[] to = (short[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = (short) (source.get(position + i * stride) & 0xff);
            }
        }
    }

    /** u2 into int. */
    static final class UnsignedShorts extends Decoder {
        UnsignedShorts(ScalarDType dtype) {
            super(dtype, int[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            int[] to = (int[]) out;
            for (int i = 0; i < count; i++) {
                to[at + i] = source.getShort(position + i * 2) & 0xffff;
            }
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            int[] to = (int[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = source.getShort(position + i * stride) & 0xffff;
            }
        }
    }

    /** u4 into long. */
    static final class UnsignedInts extends Decoder {
        UnsignedInts(ScalarDType dtype) {
            super(dtype, long[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            long[] to = (long[]) out;
            for (int i = 0; i < count; i++) {
                to[at + i] = source.getInt(position + i * 4) & 0xffffffffL;
            }
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            long[] to = (long[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = source.getInt(position + i * stride) & 0xffffffffL;
            }
        }
    }

    /** f2 into float. */
    static final class Halves extends Decoder {
        Halves(ScalarDType dtype) {
            super(dtype, float[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            float[] to = (float[]) out;
            for (int i = 0; i < count; i++) {
                to[at + i] = HalfFloat.toFloat(source.getShort(position + i * 2));
            }
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            float[] to = (float[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = HalfFloat.toFloat(source.getShort(position + i * stride));
            }
        }
    }

    /** bfloat16 into float. */
    static final class BFloats extends Decoder {
        BFloats(ScalarDType dtype) {
            super(dtype, float[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            float[] to = (float[]) out;
            for (int i = 0; i < count; i++) {
                to[at + i] = HalfFloat.bfloatToFloat(source.getShort(position + i * 2));
            }
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            float[] to = (float[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = HalfFloat.bfloatToFloat(source.getShort(position + i * stride));
            }
        }
    }
}
