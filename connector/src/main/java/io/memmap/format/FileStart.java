package io.memmap.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The first bytes of a file, as the marks of formats are looked up in them. Bytes after the end of the file are no mark.
 *
 * @param text a character per byte
 */
record FileStart(String text, long fileNbytes) {

    static FileStart of(byte[] prefix, long fileNbytes) {
        return new FileStart(new String(prefix, StandardCharsets.ISO_8859_1), fileNbytes);
    }

    boolean startsWith(String... magics) {
        return List.of(magics).stream().anyMatch(text::startsWith);
    }

    boolean has(int offset, String... magics) {
        return List.of(magics).stream().anyMatch(magic -> text.startsWith(magic, offset));
    }

    boolean matches(Pattern start) {
        return start.matcher(text).lookingAt();
    }

    /** The unsigned little-endian integer of 4 bytes at this offset; -1 if the file ends before. */
    long u4(int offset) {
        return u4(offset, ByteOrder.LITTLE_ENDIAN);
    }

    long u4(int offset, ByteOrder byteOrder) {
        if (text.length() < offset + Integer.BYTES) {
            return -1;
        }
        byte[] bytes = text.substring(offset, offset + Integer.BYTES).getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.wrap(bytes).order(byteOrder).getInt() & 0xFFFFFFFFL;
    }

    int u1(int offset) {
        return offset < text.length() ? text.charAt(offset) : -1;
    }
}
