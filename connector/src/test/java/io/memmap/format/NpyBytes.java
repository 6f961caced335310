package io.memmap.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds .npy files byte by byte, right or wrong. */
final class NpyBytes {
    /** Four float64, what a good header in these tests declares. */
    static final int DATA_NBYTES = 32;

    private NpyBytes() {}

    /** A file of version 1.0 whose text is padded with spaces and a newline to a multiple of 64. */
    static byte[] v1(String text) {
        return file(1, 0, padded(text, 10), DATA_NBYTES);
    }

    /** The same of version 3.0. */
    static byte[] v3(String text) {
        return file(3, 0, padded(text, 12), DATA_NBYTES);
    }

    static byte[] padded(String text, int textOffset) {
        byte[] encoded = text.getBytes(textOffset == 10 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        int padding = 63 - (textOffset + encoded.length) % 64;
        return concat(encoded, (" ".repeat(padding) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Magic, version, the true length of the text, the text, and zeros. */
    static byte[] file(int major, int minor, byte[] text, int dataNbytes) {
        return file(major, minor, text.length, text, dataNbytes);
    }

    static byte[] file(int major, int minor, long declaredNbytes, byte[] text, int dataNbytes) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(bytes("\223NUMPY"));
        file.write(major);
        file.write(minor);
        for (int i = 0; i < (major == 1 ? 2 : 4); i++) {
            file.write((int) (declaredNbytes >> 8 * i));
        }
        file.writeBytes(text);
        file.writeBytes(new byte[dataNbytes]);
        return file.toByteArray();
    }

    static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    /** The text of a header in C order. */
    static String header(String descr, String shape) {
        return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }";
    }

    /** The first bytes, fewer where there are not so many. */
    static byte[] head(byte[] bytes, int nbytes) {
        return Arrays.copyOf(bytes, Math.min(nbytes, bytes.length));
    }

    /** Reads a header as a caller with a file does. */
    static NpyHeader read(byte[] file) throws NpyFormatException {
        int nbytes = NpyHeader.headerNbytes(
                head(file, NpyHeader.PREFIX_NBYTES), "/d/x.npy", file.length, NpyHeader.MAX_TEXT_NBYTES);
        return NpyHeader.parse(head(file, nbytes), "/d/x.npy", file.length);
    }
}
