package io.memmap.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The central directory of a zip file, with its zip64 records. Reads the end of the file only. Bytes before the archive are
 * allowed; its comment must end with the file.
 *
 * @param start bytes from the start of the file to the directory, where the last entry ends at the latest
 * @param entries in their order
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT</a>
 */
record ZipDirectory(long start, List<Entry> entries) {
    static final int END_NBYTES = 22;
    private static final int MAX_COMMENT_NBYTES = 0xFFFF;
    static final int LOCATOR_NBYTES = 20;
    static final int END64_NBYTES = 56;
    static final int ENTRY_NBYTES = 46;
    private static final int MAX_NBYTES = 64 << 20;
    private static final long U4_MAX = 0xFFFFFFFFL;

    static final int END = signature(5, 6);
    static final int LOCATOR = signature(6, 7);
    static final int END64 = signature(6, 6);
    static final int ENTRY = signature(1, 2);
    static final int LOCAL = signature(3, 4);

    /**
     * One entry.
     *
     * @param rawName the bytes of its name
     * @param nbytes the length in the file
     * @param realNbytes the length when it is unpacked
     * @param offset bytes from the start of the file to its local header
     */
    record Entry(
            String name,
            ByteString rawName,
            int flags,
            int method,
            int crc,
            long nbytes,
            long realNbytes,
            long offset) {
        boolean isEncrypted() {
            return (flags & 1) != 0;
        }
    }

    /**
     * The end record, or the zip64 one that rules in its place.
     *
     * @param at bytes from the start of the file to the record
     */
    private record End(long at, long entriesHere, long entries, long nbytes, long offset, boolean oneDisk) {}

    private static int signature(int third, int fourth) {
        return 'P' | 'K' << 8 | third << 16 | fourth << 24;
    }

    /** The little-endian integers of some bytes. */
    static ByteBuffer integers(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int u2(ByteBuffer bytes, int index) {
        return bytes.getShort(index) & 0xFFFF;
    }

    private static long u4(ByteBuffer bytes, int index) {
        return bytes.getInt(index) & U4_MAX;
    }

    /** @throws IOException when the file does not end in a directory, or contradicts itself */
    static ZipDirectory read(FormatInput input) throws IOException {
        End end = end(input);
        if (!end.oneDisk || end.entriesHere != end.entries) {
            throw damaged(input, "it is one of several disks", "an archive in one file");
        }
        if (end.nbytes < 0
                || end.nbytes > end.at
                || end.entries < 0
                || end.entries > end.nbytes / ENTRY_NBYTES
                || end.offset < 0) {
            throw damaged(
                    input,
                    "its directory has " + Long.toUnsignedString(end.entries) + " entries in "
                            + Long.toUnsignedString(end.nbytes) + " bytes",
                    "at least " + ENTRY_NBYTES + " bytes for each, before its end record at byte " + end.at);
        }
        if (end.nbytes > MAX_NBYTES) {
            throw damaged(input, "its directory has " + end.nbytes + " bytes", "at most " + MAX_NBYTES);
        }
        long start = end.at - end.nbytes;
        long before = start - end.offset;
        if (before < 0 || (before > 0 && before % (U4_MAX + 1) == 0)) {
            throw damaged(
                    input,
                    "its end record says that the directory begins at byte " + end.offset + ", but it begins at "
                            + start + (before > 0 ? ": a writer such as cnpy cut offsets to 32 bits" : ""),
                    "the same");
        }
        return new ZipDirectory(
                start, entries(input, input.read(start, (int) end.nbytes), (int) end.entries, before, start));
    }

    private static End end(FormatInput input) throws IOException {
        long fileNbytes = input.fingerprint().nbytes();
        int tailNbytes = (int) Math.min(fileNbytes, LOCATOR_NBYTES + END64_NBYTES + END_NBYTES + MAX_COMMENT_NBYTES);
        long tailStart = fileNbytes - tailNbytes;
        ByteBuffer tail = integers(input.read(tailStart, tailNbytes));
        for (int i = tail.limit() - END_NBYTES; i >= Math.max(0, tail.limit() - END_NBYTES - MAX_COMMENT_NBYTES); i--) {
            if (tail.getInt(i) == END && i + END_NBYTES + u2(tail, i + 20) == tail.limit()) {
                return end(input, tail, tailStart, i);
            }
        }
        String advice = FileMagic.advice(input.prefix(), fileNbytes);
        boolean zip = tail.limit() >= Integer.BYTES && integers(input.prefix()).getInt(0) == LOCAL;
        throw damaged(
                input,
                zip
                        ? "it has no end record of a zip file in its last " + tail.limit() + " bytes"
                        : "it " + (advice == null ? "is no zip file" : advice),
                zip ? "one at its end; it is truncated or still being written" : "a zip file, as np.savez writes it");
    }

    private static End end(FormatInput input, ByteBuffer tail, long tailStart, int at) throws IOException {
        int locator = at - LOCATOR_NBYTES;
        if (locator >= 0 && tail.getInt(locator) == LOCATOR) {
            return end64(input, tailStart + locator, tail.getLong(locator + 8), tail.getInt(locator + 16));
        }
        return new End(
                tailStart + at,
                u2(tail, at + 8),
                u2(tail, at + 10),
                u4(tail, at + 12),
                u4(tail, at + 16),
                u2(tail, at + 4) == 0 && u2(tail, at + 6) == 0);
    }

    /** The record is right before its locator, unless it has room for extensions. */
    private static End end64(FormatInput input, long locator, long said, int disks) throws IOException {
        for (long at : new long[] {locator - END64_NBYTES, said}) {
            byte[] bytes = at < 0 || at > locator - END64_NBYTES ? new byte[0] : input.read(at, END64_NBYTES);
            ByteBuffer record = integers(bytes);
            if (bytes.length == END64_NBYTES && record.getInt(0) == END64 && record.getLong(4) == locator - at - 12) {
                return new End(
                        at,
                        record.getLong(24),
                        record.getLong(32),
                        record.getLong(40),
                        record.getLong(48),
                        record.getInt(16) == 0 && record.getInt(20) == 0 && (disks == 0 || disks == 1));
            }
        }
        throw damaged(input, "it has no zip64 end record before the locator at byte " + locator, "one");
    }

    private static List<Entry> entries(FormatInput input, byte[] bytes, int count, long before, long start)
            throws IOException {
        ByteBuffer directory = integers(bytes);
        List<Entry> entries = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < count; i++) {
            int end = at > bytes.length - ENTRY_NBYTES || directory.getInt(at) != ENTRY
                    ? Integer.MAX_VALUE
                    : at + ENTRY_NBYTES + u2(directory, at + 28) + u2(directory, at + 30) + u2(directory, at + 32);
            if (end > bytes.length) {
                throw damaged(
                        input,
                        "its directory holds no entry " + i + " at byte " + (start + at),
                        count + " entries of whole length");
            }
            entries.add(entry(input, directory, at, before, start));
            at = end;
        }
        if (at != bytes.length) {
            throw damaged(
                    input,
                    "the " + count + " entries of its directory have " + at + " bytes",
                    bytes.length + " as its end record says");
        }
        return entries;
    }

    private static Entry entry(FormatInput input, ByteBuffer directory, int at, long before, long start)
            throws IOException {
        byte[] rawName = new byte[u2(directory, at + 28)];
        directory.get(at + ENTRY_NBYTES, rawName);
        int flags = u2(directory, at + 8);
        String name = name(input, rawName, flags);
        long[] numbers = {u4(directory, at + 24), u4(directory, at + 20), u4(directory, at + 42)};
        widen(
                numbers,
                directory
                        .slice(at + ENTRY_NBYTES + rawName.length, u2(directory, at + 30))
                        .order(ByteOrder.LITTLE_ENDIAN));
        long realNbytes = numbers[0];
        long nbytes = numbers[1];
        long offset = numbers[2];
        int disk = u2(directory, at + 34);
        if (disk != 0 && disk != 0xFFFF) {
            throw damaged(input, "its entry " + name + " is on another disk", "an archive in one file");
        }
        if (realNbytes < 0 || nbytes < 0 || offset < 0 || offset > start - before || nbytes > start) {
            throw damaged(
                    input,
                    "its entry " + name + " has " + Long.toUnsignedString(nbytes) + " bytes, "
                            + Long.toUnsignedString(realNbytes) + " when unpacked, from byte "
                            + Long.toUnsignedString(offset) + " of the archive",
                    "them before the directory at byte " + start);
        }
        return new Entry(
                name,
                ByteString.of(rawName),
                flags,
                u2(directory, at + 10),
                directory.getInt(at + 16),
                nbytes,
                realNbytes,
                before + offset);
    }

    /** Puts the zip64 values in place of those that are at their limit, in the order in which the field has them. */
    private static void widen(long[] numbers, ByteBuffer extra) {
        for (int at = 0; at + 4 <= extra.limit(); at += 4 + u2(extra, at + 2)) {
            if (u2(extra, at) == 1) {
                int end = Math.min(extra.limit(), at + 4 + u2(extra, at + 2));
                int next = at + 4;
                for (int i = 0; i < numbers.length; i++) {
                    if (numbers[i] == U4_MAX && next + Long.BYTES <= end) {
                        numbers[i] = extra.getLong(next);
                        next += Long.BYTES;
                    }
                }
                return;
            }
        }
    }

    private static String name(FormatInput input, byte[] rawName, int flags) throws IOException {
        Charset charset = (flags & 0x800) != 0 ? StandardCharsets.UTF_8 : Charset.forName("IBM437");
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(rawName)).toString();
        } catch (CharacterCodingException e) {
            throw damaged(input, "an entry of its directory has a name that is no UTF-8", "UTF-8 as its flags say");
        }
    }

    static IOException damaged(FormatInput input, String found, String expected) {
        return new IOException("Cannot read " + input.path() + ": " + found + ", expected " + expected);
    }
}
