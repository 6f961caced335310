package io.memmap.array;

import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads and writes one element of one dtype, at any place of a buffer in {@link #order}. Stateless.
 *
 * <p>Between integers nothing is lost: a value that does not fit is an {@link ArithmeticException}, and so is a float
 * that is not whole where an integer is asked for. Into floats values round, as in NumPy; a finite one that would
 * become infinite is an ArithmeticException. What a dtype has no notion of is an {@link IllegalArgumentException}.
 */
abstract class Element {
    private final DType dtype;

    Element(DType dtype) {
        this.dtype = dtype;
    }

    static Element of(DType dtype) {
        if (!(dtype instanceof ScalarDType scalar)) {
            return new BytesElement(dtype);
        }
        return switch (scalar.kind()) {
            case BOOL, INT, UINT, DATETIME, TIMEDELTA -> IntegerElement.of(scalar);
            case FLOAT, BFLOAT16 -> FloatElement.of(scalar);
            case BYTES, UNICODE, VOID, COMPLEX -> new BytesElement(scalar);
        };
    }

    final DType dtype() {
        return dtype;
    }

    /** The byte order that a buffer must have. */
    final ByteOrder order() {
        return dtype instanceof ScalarDType scalar ? scalar.byteOrder().nio() : ByteOrder.LITTLE_ENDIAN;
    }

    /** The element as the nearest Java object. */
    abstract Object get(ByteBuffer bytes, int at);

    boolean isTrue(ByteBuffer bytes, int at) {
        throw refusal("read", "a boolean", "a number");
    }

    long getLong(ByteBuffer bytes, int at) {
        throw refusal("read", "an integer", "a number");
    }

    double getDouble(ByteBuffer bytes, int at) {
        throw refusal("read", "a number", "one");
    }

    float getFloat(ByteBuffer bytes, int at) {
        return Conversions.toFloat(getDouble(bytes, at));
    }

    BigInteger getBigInteger(ByteBuffer bytes, int at) {
        return BigInteger.valueOf(getLong(bytes, at));
    }

    byte[] getBytes(ByteBuffer bytes, int at) {
        throw refusal("read", "bytes", "S, U, V or a record");
    }

    String getString(ByteBuffer bytes, int at) {
        throw refusal("read", "a string", "S or U");
    }

    void putLong(ByteBuffer bytes, int at, long value) {
        throw refusal("write", "an integer", "a number");
    }

    void putDouble(ByteBuffer bytes, int at, double value) {
        throw refusal("write", "a number", "one");
    }

    void putBigInteger(ByteBuffer bytes, int at, BigInteger value) {
        if (value.bitLength() > 63) {
            throw overflow(value, "a 64-bit integer");
        }
        putLong(bytes, at, value.longValue());
    }

    void putBytes(ByteBuffer bytes, int at, byte[] value) {
        throw refusal("write", "bytes", "S, U, V or a record");
    }

    void putString(ByteBuffer bytes, int at, String value) {
        throw refusal("write", "a string", "S or U");
    }

    private IllegalArgumentException refusal(String verb, String what, String expected) {
        String advice = "";
        if (!(dtype instanceof ScalarDType scalar)) {
            advice = "; field() gives views of a record's fields";
        } else if (scalar.kind() == Kind.COMPLEX) {
            advice = "; real() and imag() give views of its parts";
        }
        return new IllegalArgumentException(
                "Cannot " + verb + " " + what + ": dtype " + dtype + ", expected " + expected + advice);
    }

    final ArithmeticException overflow(Object value, String expected) {
        return new ArithmeticException("Cannot put " + value + " into " + dtype + ": expected " + expected);
    }
}
