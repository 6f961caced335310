package io.memmap.spark.write.encode;

/** Reads the UTF-8 of RFC 3629: shortest forms only, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** The Unicode character that starts at {@code at}, or -1 where the bytes are ill-formed. */
    static int codePoint(byte[] bytes, int at, int end) {
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
        boolean surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
        boolean illFormed = surrogate || codePoint > 0x10ffff || nbytes(codePoint) != length;
        return illFormed ? -1 : codePoint;
    }

    private static int lengthOf(int lead) {
        return lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    }

    /** Bytes of a character. */
    static int nbytes(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }
}
