package io.memmap.array;

import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** Booleans, integers, and the ticks of datetimes and timedeltas. */
class IntegerElement extends Element {
    private interface Load {
        long get(ByteBuffer bytes, int at);
    }

    private interface Store {
        void put(ByteBuffer bytes, int at, long value);
    }

    private final Load load;
    private final Store store;
    private final long min;
    private final long max;

    private IntegerElement(ScalarDType dtype, long min, long max, Load load, Store store) {
        super(dtype);
        this.min = min;
        this.max = max;
        this.load = load;
        this.store = store;
    }

    static IntegerElement of(ScalarDType dtype) {
        Store store =
                switch (dtype.itemsize()) {
                    case 1 -> (bytes, at, value) -> bytes.put(at, (byte) value);
                    case 2 -> (bytes, at, value) -> bytes.putShort(at, (short) value);
                    case 4 -> (bytes, at, value) -> bytes.putInt(at, (int) value);
                    default -> ByteBuffer::putLong;
                };
        if (dtype.kind() == Kind.BOOL) {
            return new Bool(dtype);
        }
        if (dtype.kind() == Kind.UINT) {
            return switch (dtype.itemsize()) {
                case 1 -> new IntegerElement(dtype, 0, 0xffL, (bytes, at) -> bytes.get(at) & 0xff, store);
                case 2 -> new IntegerElement(dtype, 0, 0xffffL, (bytes, at) -> bytes.getShort(at) & 0xffff, store);
                case 4 ->
                    new IntegerElement(dtype, 0, 0xffffffffL, (bytes, at) -> bytes.getInt(at) & 0xffffffffL, store);
                default -> new UnsignedLong(dtype);
            };
        }
        Load load =
                switch (dtype.itemsize()) {
                    case 1 -> ByteBuffer::get;
                    case 2 -> ByteBuffer::getShort;
                    case 4 -> ByteBuffer::getInt;
                    default -> ByteBuffer::getLong;
                };
        long max = Long.MAX_VALUE >> (Long.SIZE - Byte.SIZE * dtype.itemsize());
        return new IntegerElement(dtype, -max - 1, max, load, store);
    }

    @Override
    Object get(ByteBuffer bytes, int at) {
        return getLong(bytes, at);
    }

    @Override
    boolean isTrue(ByteBuffer bytes, int at) {
        return load.get(bytes, at) != 0;
    }

    @Override
    long getLong(ByteBuffer bytes, int at) {
        return load.get(bytes, at);
    }

    @Override
    float getFloat(ByteBuffer bytes, int at) {
        return (float) load.get(bytes, at);
    }

    @Override
    double getDouble(ByteBuffer bytes, int at) {
        return (double) load.get(bytes, at);
    }

    @Override
    void putLong(ByteBuffer bytes, int at, long value) {
        if (value < min || value > max) {
            throw overflow(value, "an integer from " + min + " to " + max);
        }
        store.put(bytes, at, value);
    }

    @Override
    void putDouble(ByteBuffer bytes, int at, double value) {
        if (value != Math.rint(value) || value < -0x1p63 || value >= 0x1p63) {
            throw overflow(value, "an integer from " + min + " to " + max);
        }
        putLong(bytes, at, (long) value);
    }

    /** Any byte but 0 is true; true is written as 1. */
    private static final class Bool extends IntegerElement {
        Bool(ScalarDType dtype) {
            super(
                    dtype,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    (bytes, at) -> bytes.get(at) == 0 ? 0 : 1,
                    (bytes, at, value) -> bytes.put(at, (byte) (value == 0 ? 0 : 1)));
        }

        @Override
        Object get(ByteBuffer bytes, int at) {
            return isTrue(bytes, at);
        }

        @Override
        void putDouble(ByteBuffer bytes, int at, double value) {
            putLong(bytes, at, value == 0 ? 0 : 1);
        }
    }

    /** u8: what a long cannot hold needs a BigInteger. */
    private static final class UnsignedLong extends IntegerElement {
        private static final String RANGE = "an integer from 0 to " + Long.toUnsignedString(-1);

        UnsignedLong(ScalarDType dtype) {
            super(dtype, 0, Long.MAX_VALUE, ByteBuffer::getLong, ByteBuffer::putLong);
        }

        @Override
        Object get(ByteBuffer bytes, int at) {
            return getBigInteger(bytes, at);
        }

        @Override
        long getLong(ByteBuffer bytes, int at) {
            long bits = bytes.getLong(at);
            if (bits < 0) {
                throw new ArithmeticException("Cannot read " + Long.toUnsignedString(bits)
                        + " as a long: expected at most " + Long.MAX_VALUE + "; getBigInteger() holds it");
            }
            return bits;
        }

        @Override
        float getFloat(ByteBuffer bytes, int at) {
            return Conversions.unsignedToFloat(bytes.getLong(at));
        }

        @Override
        double getDouble(ByteBuffer bytes, int at) {
            return Conversions.unsignedToDouble(bytes.getLong(at));
        }

        @Override
        BigInteger getBigInteger(ByteBuffer bytes, int at) {
            return new BigInteger(Long.toUnsignedString(bytes.getLong(at)));
        }

        @Override
        void putLong(ByteBuffer bytes, int at, long value) {
            if (value < 0) {
                throw overflow(value, RANGE);
            }
            bytes.putLong(at, value);
        }

        @Override
        void putDouble(ByteBuffer bytes, int at, double value) {
            if (value != Math.rint(value) || value < 0 || value >= 0x1p64) {
                throw overflow(value, RANGE);
            }
            bytes.putLong(at, value < 0x1p63 ? (long) value : (long) (value - 0x1p63) ^ Long.MIN_VALUE);
        }

        @Override
        void putBigInteger(ByteBuffer bytes, int at, BigInteger value) {
            if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
                throw overflow(value, RANGE);
            }
            bytes.putLong(at, value.longValue());
        }
    }
}
