package io.memmap.spark.write.encode;

import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.Utf8;
import io.memmap.spark.options.StringEncoding;
import io.memmap.spark.schema.ValueOptions;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;

/** STRING as {@code S} and {@code U}, BINARY as {@code S} and {@code V}. What does not come back as it was is refused. */
final class BytesEncoders {
    private static final int SHOWN_LENGTH = 40;

    private final ScalarDType dtype;
    /** No array of Java has more. */
    private static final int MAX_NBYTES = Integer.MAX_VALUE - 8;

    private final int itemsize;
    private final StringEncoding encoding;
    /** The UTF-8 of a string that fits. */
    private final ByteBuffer utf8;

    private BytesEncoders(ScalarDType dtype, StringEncoding encoding) {
        this.dtype = dtype;
        this.itemsize = dtype.itemsize();
        this.encoding = encoding;
        boolean latin1 = dtype.kind() == Kind.BYTES && encoding == StringEncoding.LATIN1;
        this.utf8 = ByteBuffer.allocate((int) Math.min(latin1 ? 2L * itemsize : itemsize, MAX_NBYTES));
    }

    /** Null when the type is neither STRING nor BINARY, or the dtype cannot hold it. */
    static ItemEncoder of(ScalarDType dtype, DataType type, ValueOptions values) {
        BytesEncoders encoders = new BytesEncoders(dtype, values.stringEncoding());
        if (type instanceof BinaryType && dtype.kind() != Kind.UNICODE) {
            return (from, ordinal, target, position) -> encoders.putBinary(from.getBinary(ordinal), target, position);
        } else if (!(type instanceof StringType) || dtype.kind() == Kind.VOID) {
            return null;
        } else if (dtype.kind() == Kind.UNICODE) {
            boolean inOrder = ItemEncoder.isInOrder(dtype);
            return (from, ordinal, target, position) ->
                    encoders.putUtf32(from.getUTF8String(ordinal), target, position, inOrder);
        }
        return values.stringEncoding() == StringEncoding.LATIN1
                ? (from, ordinal, target, position) -> encoders.putLatin1(from.getUTF8String(ordinal), target, position)
                : (from, ordinal, target, position) -> encoders.putUtf8(from.getUTF8String(ordinal), target, position);
    }

    private void putBinary(byte[] value, ByteBuffer target, int position) {
        boolean wholeWidth = dtype.kind() == Kind.VOID || encoding == StringEncoding.BINARY;
        if (value.length > itemsize || (dtype.kind() == Kind.VOID && value.length < itemsize)) {
            throw new BadValueException("found " + value.length + " bytes, expected "
                    + (dtype.kind() == Kind.VOID ? "exactly " : "at most ") + itemsize + " as its dtype is " + dtype
                    + "; give the column another width");
        }
        boolean nul = value.length > 0 && value[value.length - 1] == 0;
        if (nul && !(wholeWidth && value.length == itemsize)) {
            throw endsInNul(value.length + " bytes", "a V dtype");
        }
        target.put(position, value);
        ItemEncoder.zero(target, position + value.length, itemsize - value.length);
    }

    /** Copies the string's UTF-8 to where it is read from; says how many bytes that are. */
    private int load(UTF8String value) {
        int nbytes = value.numBytes();
        if (nbytes > utf8.capacity()) {
            throw tooLong(value);
        }
        utf8.clear();
        value.writeTo(utf8);
        if (nbytes > 0 && utf8.get(nbytes - 1) == 0) {
            throw endsInNul(
                    "'" + value.toString().replace("\0", "\\x00") + "'",
                    "another character in its place, or BINARY and by columnDtypes a V dtype");
        }
        return nbytes;
    }

    private void putUtf8(UTF8String value, ByteBuffer target, int position) {
        int nbytes = load(value);
        byte[] bytes = utf8.array();
        int at = 0;
        while (at < nbytes) {
            at += Utf8.nbytes(codePoint(bytes, at, nbytes));
        }
        target.put(position, bytes, 0, nbytes);
        ItemEncoder.zero(target, position + nbytes, itemsize - nbytes);
    }

    private void putLatin1(UTF8String value, ByteBuffer target, int position) {
        int nbytes = load(value);
        byte[] bytes = utf8.array();
        int to = position;
        for (int at = 0; at < nbytes; to++) {
            int codePoint = codePoint(bytes, at, nbytes);
            if (codePoint > 0xff) {
                throw new BadValueException("found '" + shown(value) + "' with U+"
                        + String.format(Locale.ROOT, "%04X", codePoint)
                        + ", expected only characters of Latin-1 as stringEncoding is latin1; set"
                        + " stringEncoding=utf-8, or give the column a U dtype");
            } else if (to == position + itemsize) {
                throw tooLong(value);
            }
            target.put(to, (byte) codePoint);
            at += Utf8.nbytes(codePoint);
        }
        ItemEncoder.zero(target, to, position + itemsize - to);
    }

    private void putUtf32(UTF8String value, ByteBuffer target, int position, boolean inOrder) {
        int nbytes = load(value);
        byte[] bytes = utf8.array();
        int to = position;
        for (int at = 0; at < nbytes; to += Integer.BYTES) {
            int codePoint = codePoint(bytes, at, nbytes);
            if (to == position + itemsize) {
                throw tooLong(value);
            }
            target.putInt(to, inOrder ? codePoint : Integer.reverseBytes(codePoint));
            at += Utf8.nbytes(codePoint);
        }
        ItemEncoder.zero(target, to, position + itemsize - to);
    }

    private static int codePoint(byte[] bytes, int at, int end) {
        int codePoint = Utf8.codePoint(bytes, at, end);
        if (codePoint < 0) {
            throw new BadValueException("found byte 0x"
                    + String.format(Locale.ROOT, "%02x", bytes[at]) + " at position " + at
                    + " of a STRING, expected UTF-8; cast the column to BINARY and give it a V dtype");
        }
        return codePoint;
    }

    private BadValueException tooLong(UTF8String value) {
        boolean unicode = dtype.kind() == Kind.UNICODE;
        boolean characters = unicode || encoding == StringEncoding.LATIN1;
        int length = characters ? value.numChars() : value.numBytes();
        return new BadValueException("found '" + shown(value) + "' of " + length
                + (characters ? " characters" : " bytes in UTF-8") + ", expected at most "
                + (unicode ? itemsize / Integer.BYTES : itemsize) + " as its dtype is " + dtype
                + "; give it a wider one by columnDtypes when the array is made, such as " + (unicode ? "U" : "S")
                + length);
    }

    private BadValueException endsInNul(String found, String instead) {
        return new BadValueException("found " + found + " with a NUL at the end, expected none as its dtype is " + dtype
                + ", from which NumPy cuts it; use " + instead);
    }

    private static String shown(UTF8String value) {
        String text = value.toString();
        return text.length() <= SHOWN_LENGTH ? text : text.substring(0, SHOWN_LENGTH) + "...";
    }
}
