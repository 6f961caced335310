package io.memmap.dtype;

/** The UTF-8 of RFC 3629: shortest forms only, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
    private Utf8() {}

    /** Returns true for a Unicode character that text may hold: no surrogate, nothing above U+10FFFF. */
    public static boolean isScalarValue(int codePoint) {
        return codePoint >= 0 && codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
    }

    /** Bytes of a character. */
    public static int nbytes(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /** Writes a Unicode character to {@code out[at…]}, at most four bytes, and returns the index after it. */
    public static int encode(int codePoint, byte[] out, int at) {
        if (codePoint < 0x80) {
            out[at] = (byte) codePoint;
            return at + 1;
        }
        if (codePoint < 0x800) {
            out[at] = (byte) (0xc0 | codePoint >> 6);
            out[at + 1] = continuation(codePoint);
            return at + 2;
        }
        if (codePoint < 0x10000) {
            out[at] = (byte) (0xe0 | codePoint >> 12);
            out[at + 1] = continuation(codePoint >> 6);
            out[at + 2] = continuation(codePoint);
            return at + 3;
        }
        out[at] = (byte) (0xf0 | codePoint >> 18);
        out[at + 1] = continuation(codePoint >> 12);
        out[at + 2] = continuation(codePoint >> 6);
        out[at + 3] = continuation(codePoint);
        return at + 4;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }

    /** The Unicode character that starts at {@code at}, or -1 where the bytes are ill-formed. */
    public static int codePoint(byte[] bytes, int at, int end) {
        int lead = bytes[at];
        if (lead >= 0) {
            return lead;
        }
        int length = lengthOf(lead & 0xff);
        if (length == 0 || at + length > end) {
            return -1;
        }
        int codePoint = lead & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return -1;
            }
            codePoint = (codePoint << 6) | (bytes[at + i] & 0x3f);
        }
        return isScalarValue(codePoint) && nbytes(codePoint) == length ? codePoint : -1;
    }

    private static int lengthOf(int lead) {
        return lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    }

    /** The index of the first byte of {@code [start, end)} that starts no well-formed character, or -1. */
    public static int firstInvalid(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end) {
            int codePoint = codePoint(bytes, at, end);
            if (codePoint < 0) {
                return at;
            }
            at += nbytes(codePoint);
        }
        return -1;
    }
}
