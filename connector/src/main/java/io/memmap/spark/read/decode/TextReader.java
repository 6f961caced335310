package io.memmap.spark.read.decode;

import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.Utf8;
import io.memmap.layout.Decoder;
import io.memmap.spark.options.StringEncoding;
import io.memmap.spark.read.vector.BytesVector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * S, U and V: fixed-width fields as STRING, in UTF-8 and without trailing NULs, or as BINARY at their full width. What is
 * UTF-8 already is not copied again.
 */
final class TextReader extends ItemReader {
    /** Finds each value of the batch, in the form that Spark takes. */
    @FunctionalInterface
    private interface Transcoding {
        void apply(int slots);
    }

    private final Decoder decoder;
    private final BytesVector vector;
    private final int itemsize;
    private final java.nio.ByteOrder order;
    private final Transcoding transcoding;

    private byte[] decoded = {};
    private byte[] text = {};
    private int[] offsets = {};
    private int[] lengths = {};

    TextReader(ScalarDType dtype, DataType type, StringEncoding encoding) {
        boolean binary = type instanceof BinaryType && dtype.kind() != Kind.UNICODE;
        boolean text =
                dtype.kind() == Kind.UNICODE || (dtype.kind() == Kind.BYTES && encoding != StringEncoding.BINARY);
        boolean string = type instanceof StringType && text;
        if (!binary && !string) {
            throw mismatch(
                    dtype,
                    type,
                    dtype.kind() == Kind.VOID
                            ? List.of("binary")
                            : dtype.kind() == Kind.UNICODE ? List.of("string") : List.of("string", "binary"));
        }
        decoder = Decoder.of(dtype);
        vector = new BytesVector(type);
        itemsize = dtype.itemsize();
        order = dtype.byteOrder().nio();
        if (binary) {
            transcoding = this::wholeFields;
        } else if (dtype.kind() == Kind.UNICODE) {
            transcoding = this::fromUtf32;
        } else {
            transcoding = encoding == StringEncoding.LATIN1 ? this::fromLatin1 : this::fromUtf8;
        }
    }

    @Override
    void reserve(int slots) {
        if (slots > offsets.length) {
            decoded = (byte[]) decoder.allocate(slots);
            offsets = new int[slots];
            lengths = new int[slots];
        }
    }

    @Override
    void decode(ByteBuffer source, int position, int stride, int items, int run, int at, int step) {
        decoder.decode(source, position, stride, items, run, decoded, at, step);
    }

    @Override
    void finish(int slots) {
        transcoding.apply(slots);
    }

    private void wholeFields(int slots) {
        for (int i = 0; i < slots; i++) {
            offsets[i] = i * itemsize;
            lengths[i] = itemsize;
        }
        vector.reset(decoded, offsets, lengths);
    }

    private void fromUtf8(int slots) {
        for (int i = 0; i < slots; i++) {
            int start = i * itemsize;
            offsets[i] = start;
            lengths[i] = contentLength(start);
            int bad = Utf8.firstInvalid(decoded, start, start + lengths[i]);
            if (bad >= 0) {
                throw new BadValueException(
                        i,
                        String.format(
                                java.util.Locale.ROOT,
                                "found byte 0x%02x at position %d, expected UTF-8; set stringEncoding=latin1 or "
                                        + "stringEncoding=binary",
                                decoded[bad],
                                bad - start));
            }
        }
        vector.reset(decoded, offsets, lengths);
    }

    /** Bytes of the field before its trailing NULs. */
    private int contentLength(int start) {
        int end = start + itemsize;
        while (end > start && decoded[end - 1] == 0) {
            end--;
        }
        return end - start;
    }

    private void fromLatin1(int slots) {
        int at = 0;
        for (int i = 0; i < slots; i++) {
            int start = i * itemsize;
            int end = start + contentLength(start);
            at = growFor(at, 2 * (end - start));
            offsets[i] = at;
            for (int k = start; k < end; k++) {
                at = Utf8.encode(decoded[k] & 0xff, text, at);
            }
            lengths[i] = at - offsets[i];
        }
        vector.reset(text, offsets, lengths);
    }

    private void fromUtf32(int slots) {
        ByteBuffer units = ByteBuffer.wrap(decoded).order(order);
        int at = 0;
        for (int i = 0; i < slots; i++) {
            int start = i * itemsize;
            int end = start + itemsize;
            while (end > start && units.getInt(end - 4) == 0) {
                end -= 4;
            }
            at = growFor(at, end - start);
            offsets[i] = at;
            for (int k = start; k < end; k += 4) {
                int codePoint = units.getInt(k);
                if (!Utf8.isScalarValue(codePoint)) {
                    throw new BadValueException(
                            i,
                            String.format(
                                    java.util.Locale.ROOT,
                                    "found code point 0x%x at character %d, expected a Unicode character; the file is "
                                            + "damaged or has another dtype",
                                    codePoint,
                                    (k - start) / 4));
                }
                at = Utf8.encode(codePoint, text, at);
            }
            lengths[i] = at - offsets[i];
        }
        vector.reset(text, offsets, lengths);
    }

    /** Makes room for {@code nbytes} more bytes of text after {@code at}, and returns {@code at}. */
    private int growFor(int at, int nbytes) {
        int needed = Math.addExact(at, nbytes);
        if (needed > text.length) {
            text = Arrays.copyOf(text, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * text.length)));
        }
        return at;
    }

    @Override
    ColumnVector vector() {
        return vector;
    }

    @Override
    long slotNbytes() {
        return 2L * itemsize + 8;
    }
}
