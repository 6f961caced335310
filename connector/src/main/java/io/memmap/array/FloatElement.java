package io.memmap.array;

import io.memmap.dtype.HalfFloat;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import java.nio.ByteBuffer;

/** f2, bfloat16, f4 and f8. */
final class FloatElement extends Element {
    private interface Load {
        double get(ByteBuffer bytes, int at);
    }

    private interface Store {
        void put(ByteBuffer bytes, int at, double value);
    }

    /** Half of the step above the largest finite number: from here on a value rounds to infinity. */
    private static final double HALF_LIMIT = 65520;

    private static final double BFLOAT_LIMIT = 0x1.fefffffp127;
    private static final double FLOAT_LIMIT = 0x1.ffffffp127;

    private final boolean isDouble;
    private final double limit;
    private final Load load;
    private final Store store;

    private FloatElement(ScalarDType dtype, double limit, Load load, Store store) {
        super(dtype);
        this.isDouble = dtype.itemsize() == 8;
        this.limit = limit;
        this.load = load;
        this.store = store;
    }

    static FloatElement of(ScalarDType dtype) {
        if (dtype.kind() == Kind.BFLOAT16) {
            return new FloatElement(
                    dtype,
                    BFLOAT_LIMIT,
                    (bytes, at) -> HalfFloat.bfloatToFloat(bytes.getShort(at)),
                    (bytes, at, value) -> bytes.putShort(at, HalfFloat.bfloatOf((float) value)));
        }
        return switch (dtype.itemsize()) {
            case 2 ->
                new FloatElement(
                        dtype,
                        HALF_LIMIT,
                        (bytes, at) -> HalfFloat.toFloat(bytes.getShort(at)),
                        (bytes, at, value) -> bytes.putShort(at, HalfFloat.ofDouble(value)));
            case 4 ->
                new FloatElement(
                        dtype,
                        FLOAT_LIMIT,
                        ByteBuffer::getFloat,
                        (bytes, at, value) -> bytes.putFloat(at, (float) value));
            default -> new FloatElement(dtype, Double.POSITIVE_INFINITY, ByteBuffer::getDouble, ByteBuffer::putDouble);
        };
    }

    @Override
    Object get(ByteBuffer bytes, int at) {
        double value = load.get(bytes, at);
        if (isDouble) {
            return value;
        }
        return (float) value;
    }

    @Override
    boolean isTrue(ByteBuffer bytes, int at) {
        return load.get(bytes, at) != 0;
    }

    @Override
    long getLong(ByteBuffer bytes, int at) {
        return Conversions.toLong(load.get(bytes, at));
    }

    @Override
    double getDouble(ByteBuffer bytes, int at) {
        return load.get(bytes, at);
    }

    @Override
    void putLong(ByteBuffer bytes, int at, long value) {
        // By way of a float where that is exact enough: a long rounded to a double and then again would be off.
        putDouble(bytes, at, isDouble ? (double) value : (float) value);
    }

    @Override
    void putDouble(ByteBuffer bytes, int at, double value) {
        if (Math.abs(value) >= limit && Double.isFinite(value)) {
            throw overflow(value, "a magnitude below " + limit);
        }
        store.put(bytes, at, value);
    }
}
