package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.format.Reading.TrailingBytes;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** The header of known length with which a file begins, and which says how long the file is. */
final class FixedHeader {
    private final ArrayFormat format;
    private final FormatInput input;
    private final Reading reading;
    private final byte[] bytes;

    private FixedHeader(ArrayFormat format, FormatInput input, Reading reading, byte[] bytes) {
        this.format = format;
        this.input = input;
        this.reading = reading;
        this.bytes = bytes;
    }

    /**
     * Fetches a header.
     *
     * @throws IOException naming the file, when it ends before the header does
     */
    static FixedHeader of(ArrayFormat format, FormatInput input, Reading reading, int nbytes) throws IOException {
        byte[] prefix = input.prefix();
        byte[] bytes = nbytes <= prefix.length ? Arrays.copyOf(prefix, nbytes) : input.read(0, nbytes);
        FixedHeader header = new FixedHeader(format, input, reading, bytes);
        if (bytes.length < nbytes) {
            throw header.refusal("the file ends after " + bytes.length + " bytes, expected the " + format.name()
                    + " header of " + nbytes + "; it is truncated or still being written");
        }
        return header;
    }

    FormatInput input() {
        return input;
    }

    Reading reading() {
        return reading;
    }

    byte[] bytes() {
        return bytes;
    }

    ByteBuffer buffer(ByteOrder byteOrder) {
        return ByteBuffer.wrap(bytes).order(byteOrder);
    }

    long u4(int index, ByteOrder byteOrder) {
        return Integer.toUnsignedLong(buffer(byteOrder).getInt(index));
    }

    /** The first bytes for an error: {@code 00 00 08 03}. */
    String hex(int nbytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(nbytes, bytes.length));
    }

    /**
     * An array in C order that the header declares.
     *
     * @throws IOException when its last byte lies beyond a long
     */
    Layout layout(DType dtype, long offset, long... dims) throws IOException {
        Shape shape = Shape.of(dims);
        try {
            return new Layout(dtype, shape, Order.C, offset);
        } catch (IllegalArgumentException e) {
            throw refusal("its " + format.name() + " header declares shape " + shape + " of " + dtype
                    + ", expected at most 2^63-1 bytes");
        }
    }

    /**
     * The array that ends with the file.
     *
     * @throws IOException when the file is shorter; when it is longer, unless {@code trailingBytes=ignore}
     */
    ArrayFile wholeFile(Layout layout) throws IOException {
        checkEnd(layout);
        return array("", layout);
    }

    /** An array, whose end is checked elsewhere. */
    ArrayFile array(String member, Layout layout) {
        return new ArrayFile(
                input.path(), input.fingerprint(), ByteString.of(bytes), layout, Origin.stored(format, member, 0));
    }

    private void checkEnd(Layout layout) throws IOException {
        long nbytes = input.fingerprint().nbytes();
        long trailing = nbytes - layout.end();
        if (trailing < 0) {
            throw refusal(declared(layout) + ", but the file ends after " + nbytes + ", expected " + layout.end()
                    + "; it is truncated or still being written");
        }
        if (trailing > 0 && reading.trailingBytes() != TrailingBytes.IGNORE) {
            throw refusal(declared(layout) + ", but " + trailing + " bytes follow, expected none; set"
                    + " trailingBytes=ignore to read it without them");
        }
    }

    private String declared(Layout layout) {
        return "its " + format.name() + " header declares shape " + layout.shape() + " of " + layout.dtype() + ", "
                + layout.nbytes() + " bytes from offset " + layout.offset();
    }

    NpyFormatException refusal(String problem) {
        return new NpyFormatException(input.path(), problem);
    }
}
