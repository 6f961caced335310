package io.memmap.layout;

import io.memmap.dtype.ScalarDType;
import java.nio.ByteBuffer;

/** The decoders of dtypes that Java has too, but for their byte order. */
final class PlainDecoders {
    private PlainDecoders() {}

    /** b1 and i1. */
    static final class Bytes extends Decoder {
        Bytes(ScalarDType dtype) {
            super(dtype, byte[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            source.get(position, (byte[]) out, at, count);
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            byte[] to = (byte[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = source.get(position + i * stride);
            }
        }
    }

    /** i2. */
    static final class Shorts extends Decoder {
        Shorts(ScalarDType dtype) {
            super(dtype, short[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            source.position(position).asShortBuffer().get(0, (short[]) out, at, count);
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            short[] to = (short[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = source.getShort(position + i * stride);
            }
        }
    }

    /** i4. */
    static final class Ints extends Decoder {
        Ints(ScalarDType dtype) {
            super(dtype, int[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            source.position(position).asIntBuffer().get(0, (int[]) out, at, count);
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            int[] to = (int[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = source.getInt(position + i * stride);
            }
        }
    }

    /** i8, M8 and m8, and the raw bits of u8. */
    static final class Longs extends Decoder {
        Longs(ScalarDType dtype) {
            super(dtype, long[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            source.position(position).asLongBuffer().get(0, (long[]) out, at, count);
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            long[] to = (long[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = source.getLong(position + i * stride);
            }
        }
    }

    /** f4. */
    static final class Floats extends Decoder {
        Floats(ScalarDType dtype) {
            super(dtype, float[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            source.position(position).asFloatBuffer().get(0, (float[]) out, at, count);
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            float[] to = (float[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = source.getFloat(position + i * stride);
            }
        }
    }

    /** f8. */
    static final class Doubles extends Decoder {
        Doubles(ScalarDType dtype) {
            super(dtype, double[]::new);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            source.position(position).asDoubleBuffer().get(0, (double[]) out, at, count);
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            double[] to = (double[]) out;
            for (int i = 0; i < items; i++) {
                to[at + i * step] = source.getDouble(position + i * stride);
            }
        }
    }

    /** S, U and V: as many bytes per element as the file has. */
    static final class Blobs extends Decoder {
        Blobs(ScalarDType dtype) {
            super(dtype, count -> new byte[Math.multiplyExact(count, dtype.itemsize())]);
        }

        @Override
        void bulk(ByteBuffer source, int position, Object out, int at, int count) {
            source.get(position, (byte[]) out, at * itemsize(), count * itemsize());
        }

        @Override
        void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step) {
            byte[] to = (byte[]) out;
            for (int i = 0; i < items; i++) {
                source.get(position + i * stride, to, (at + i * step) * itemsize(), itemsize());
            }
        }
    }
}
