package io.memmap.format;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DType;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of a .npy header, equal to NumPy's. */
final class NpyHeaderWriter {
    /** So that the array starts where any of its elements may. */
    private static final int ALIGNMENT = 64;

    /** NumPy leaves room to grow the slowest axis in place to any length. */
    private static final int GROWTH_AXIS_MAX_DIGITS = 21;

    private static final int MAX_UNSIGNED_SHORT = 0xFFFF;

    private NpyHeaderWriter() {}

    static byte[] write(DType dtype, Shape shape, Order order) {
        StringBuilder text = new StringBuilder("{'descr': ")
                .append(Bfloat16.saved(dtype, ByteOrder.ofThisMachine()).descr())
                .append(order == Order.F ? ", 'fortran_order': True" : ", 'fortran_order': False")
                .append(", 'shape': ")
                .append(shape)
                .append(", }");
        if (shape.ndim() > 0) {
            long growing = shape.dim(order == Order.F ? shape.ndim() - 1 : 0);
            text.append(
                    " ".repeat(GROWTH_AXIS_MAX_DIGITS - Long.toString(growing).length()));
        }
        return wrap(text.toString());
    }

    private static byte[] wrap(String text) {
        boolean latin1 = StandardCharsets.ISO_8859_1.newEncoder().canEncode(text);
        int major = !latin1 ? 3 : paddedNbytes(text.length(), 1) > MAX_UNSIGNED_SHORT ? 2 : 1;
        byte[] encoded = text.getBytes(NpyHeader.charset(major));
        int textNbytes = paddedNbytes(encoded.length, major);
        ByteBuffer header = ByteBuffer.allocate(NpyHeader.textOffset(major) + textNbytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC.getBytes(StandardCharsets.ISO_8859_1))
                .put((byte) major)
                .put((byte) 0);
        if (major == 1) {
            header.putShort((short) textNbytes);
        } else {
            header.putInt(textNbytes);
        }
        header.put(encoded);
        while (header.remaining() > 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').array();
    }

    /** The text with its final newline and padding; NumPy pads an aligned one by another 64. */
    private static int paddedNbytes(int nbytes, int major) {
        int withNewline = nbytes + 1;
        return withNewline + ALIGNMENT - (NpyHeader.textOffset(major) + withNewline) % ALIGNMENT;
    }
}
