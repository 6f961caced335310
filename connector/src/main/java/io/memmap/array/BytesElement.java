package io.memmap.array;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** S, U and V, and as bare bytes whatever has no Java type: records and complex numbers. */
final class BytesElement extends Element {
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");

    private final int itemsize;
    private final Kind kind;
    private final Charset charset;

    BytesElement(DType dtype) {
        super(dtype);
        ScalarDType scalar = dtype instanceof ScalarDType given ? given : ScalarDType.of(Kind.VOID, dtype.itemsize());
        this.itemsize = dtype.itemsize();
        this.kind = scalar.kind();
        this.charset = kind != Kind.UNICODE
                ? StandardCharsets.UTF_8
                : scalar.byteOrder() == ByteOrder.BIG ? UTF_32BE : UTF_32LE;
    }

    @Override
    Object get(ByteBuffer bytes, int at) {
        return kind == Kind.BYTES || kind == Kind.UNICODE ? getString(bytes, at) : getBytes(bytes, at);
    }

    /** In S and U, as in NumPy, trailing NULs are padding in S and U; V and records have none. */
    @Override
    byte[] getBytes(ByteBuffer bytes, int at) {
        byte[] value = new byte[itemsize];
        bytes.get(at, value);
        if (kind != Kind.BYTES && kind != Kind.UNICODE) {
            return value;
        }
        int end = itemsize;
        while (end > 0 && value[end - 1] == 0) {
            end--;
        }
        int width = kind == Kind.UNICODE ? 4 : 1;
        return Arrays.copyOf(value, (end + width - 1) / width * width);
    }

    @Override
    String getString(ByteBuffer bytes, int at) {
        if (kind != Kind.BYTES && kind != Kind.UNICODE) {
            return super.getString(bytes, at);
        }
        byte[] value = getBytes(bytes, at);
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(value)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "Cannot read a string: bytes " + Arrays.toString(value) + " of " + dtype() + ", expected " + charset
                            + "; getBytes() gives them as they are",
                    e);
        }
    }

    @Override
    void putBytes(ByteBuffer bytes, int at, byte[] value) {
        if (value.length > itemsize) {
            throw new IllegalArgumentException(
                    "Cannot put " + value.length + " bytes into " + dtype() + ": expected at most " + itemsize);
        }
        bytes.put(at, Arrays.copyOf(value, itemsize));
    }

    @Override
    void putString(ByteBuffer bytes, int at, String value) {
        if (kind != Kind.BYTES && kind != Kind.UNICODE) {
            super.putString(bytes, at, value);
            return;
        }
        try {
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(value));
            byte[] exact = new byte[encoded.remaining()];
            encoded.get(exact);
            putBytes(bytes, at, exact);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Cannot put a string: '" + value + "', expected well-formed UTF-16", e);
        }
    }
}
