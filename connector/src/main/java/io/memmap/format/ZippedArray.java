package io.memmap.format;

import io.memmap.format.Origin.Checksum;
import io.memmap.format.Origin.Deflated;
import io.memmap.format.Reading.TrailingBytes;
import io.memmap.format.ZipDirectory.Entry;
import io.memmap.layout.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * An entry of a zip archive that is a .npy file.
 *
 * @param limit where the next entry begins, or the directory: here it ends at the latest
 */
record ZippedArray(FormatInput input, Reading reading, long limit, Entry entry, String name) implements Member {
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    static final int LOCAL_NBYTES = 30;
    /** Enough for the extra fields of a local header and a .npy header, if neither is unusual. */
    private static final int START_NBYTES = 512;
    /** Slack for blocks that inflate to nothing. */
    private static final int MAX_PACKED_NBYTES = 64 << 10;

    private static final int CHUNK_NBYTES = 4096;
    /** Deflate makes of a byte no more. */
    private static final int MAX_RATIO = 1032;

    /** The first bytes of the entry: its local header and what follows it. */
    private static final class Start {
        private final byte[] bytes;
        private final int localNbytes;

        Start(byte[] bytes, int localNbytes) {
            this.bytes = bytes;
            this.localNbytes = localNbytes;
        }
    }

    private String shownName() {
        return ArrayFile.shownName(input.path(), name);
    }

    private UnreadableMemberException unsupported(String problem) {
        return UnreadableMemberException.unsupported(input.path(), name, problem);
    }

    private UnreadableMemberException refused(String problem, String remedy) {
        return UnreadableMemberException.refused(input.path(), name, problem + "; " + remedy);
    }

    private UnreadableMemberException damaged(String problem) {
        return refused(problem, "write the file again");
    }

    private boolean isDeflated() {
        return entry.method() == DEFLATED;
    }

    @Override
    public ArrayFile describe(List<Claims> claims) throws IOException {
        Start start = start();
        checkKind();
        long data = entry.offset() + start.localNbytes;
        if (data + entry.nbytes() > limit) {
            throw damaged("its " + entry.nbytes() + " bytes from byte " + data + " end after byte " + limit
                    + ", where the next entry or the directory of the archive begins, expected them before it");
        }
        NpyExtent extent = NpyExtent.ofMember(shownName(), entry.realNbytes());
        byte[] head;
        NpyHeader header;
        try {
            head = head(start, extent);
            header = NpyHeader.parse(head, extent);
        } catch (LongHeaderException e) {
            throw refused(e.problem(), "if you trust the file, set maxHeaderNbytes=" + e.length());
        } catch (NpyFormatException e) {
            throw e.isUnsupported() ? unsupported(e.problem()) : damaged(e.problem());
        }
        checkEnd(header.layout());
        Layout layout = new Layout(
                header.dtype(), header.shape(), header.order(), isDeflated() ? head.length : data + head.length);
        Origin origin = new Origin(
                        NpzFormat.NAME,
                        name,
                        entry.offset(),
                        false,
                        isDeflated() ? new Deflated(data, entry.nbytes(), entry.realNbytes(), entry.crc()) : null)
                .withChecksum(isDeflated() ? null : new Checksum(data, entry.nbytes(), entry.crc()));
        byte[] checked = bytes(start, entry.offset(), start.localNbytes + (isDeflated() ? 0 : head.length));
        ArrayFile file = new ArrayFile(input.path(), input.fingerprint(), ByteString.of(checked), layout, origin);
        return Member.agreed(file, claims);
    }

    /** The directory and the local header agree about the kind, so it is no flipped bit. */
    private void checkKind() throws UnreadableMemberException {
        if (entry.isEncrypted()) {
            throw unsupported("it is encrypted, expected plain bytes; write it without a password");
        }
        if (entry.method() != STORED && entry.method() != DEFLATED) {
            throw unsupported("it is compressed by method " + entry.method()
                    + " of zip, expected it stored or deflated; write it with np.savez");
        }
        if (isDeflated() && entry.realNbytes() / MAX_RATIO > entry.nbytes()) {
            throw damaged("its " + entry.nbytes() + " deflated bytes cannot inflate to the " + entry.realNbytes()
                    + " bytes that the archive says, expected at most " + MAX_RATIO + " times as many");
        }
        if (entry.method() == STORED && entry.nbytes() != entry.realNbytes()) {
            throw damaged("it is stored, but has " + entry.nbytes() + " bytes packed and " + entry.realNbytes()
                    + " unpacked, expected as many");
        }
    }

    /** The local header must be of the same entry: a program may have overwritten the file. */
    private Start start() throws IOException {
        int nameNbytes = entry.rawName().length();
        byte[] bytes = input.read(entry.offset(), LOCAL_NBYTES + nameNbytes + START_NBYTES);
        ByteBuffer local = ZipDirectory.integers(bytes);
        boolean same = bytes.length >= LOCAL_NBYTES + nameNbytes
                && local.getInt(0) == ZipDirectory.LOCAL
                && (ZipDirectory.u2(local, 6) & 1) == (entry.flags() & 1)
                && ZipDirectory.u2(local, 8) == entry.method()
                && ZipDirectory.u2(local, 26) == nameNbytes
                && local.slice(LOCAL_NBYTES, nameNbytes).equals(entry.rawName().buffer());
        if (!same) {
            throw refused(
                    "the bytes at " + entry.offset()
                            + " are not the local header of its entry in the directory, expected"
                            + " the same name, method and encryption",
                    "the file is damaged, or was overwritten while it was written; write it again");
        }
        return new Start(bytes, LOCAL_NBYTES + nameNbytes + ZipDirectory.u2(local, 28));
    }

    /** The whole .npy header, magic included. */
    private byte[] head(Start start, NpyExtent extent) throws IOException {
        long nbytes = entry.realNbytes();
        byte[] prefix = unpacked(start, (int) Math.min(NpyHeader.PREFIX_NBYTES, nbytes));
        byte[] head = unpacked(start, NpyHeader.headerNbytes(prefix, extent, reading.maxHeaderNbytes()));
        NpyHeader.checkLength(head, shownName(), reading.maxHeaderNbytes());
        return head;
    }

    private void checkEnd(Layout ofMember) throws IOException {
        long after = entry.realNbytes() - ofMember.end();
        if (after > 0 && reading.trailingBytes() != TrailingBytes.IGNORE) {
            throw refused(
                    after + " bytes follow its array of shape " + ofMember.shape() + ", expected none",
                    "set trailingBytes=ignore to read it without them");
        }
    }

    /** Bytes of the file, which has them all. */
    private byte[] bytes(Start start, long offset, int nbytes) throws IOException {
        long from = offset - entry.offset();
        return from + nbytes <= start.bytes.length
                ? Arrays.copyOfRange(start.bytes, (int) from, (int) from + nbytes)
                : input.read(offset, nbytes);
    }

    /** The first bytes of the .npy file. */
    private byte[] unpacked(Start start, int nbytes) throws IOException {
        long data = entry.offset() + start.localNbytes;
        if (!isDeflated()) {
            return bytes(start, data, nbytes);
        }
        long end = data + Math.min(entry.nbytes(), (long) nbytes + MAX_PACKED_NBYTES);
        byte[] unpacked = new byte[nbytes];
        int count = 0;
        Inflater inflater = new Inflater(true);
        try {
            while (count < nbytes) {
                if (inflater.needsInput()) {
                    byte[] packed = bytes(start, data, (int) Math.min(CHUNK_NBYTES, end - data));
                    if (packed.length == 0 && data < end) {
                        throw new DataFormatException("the file ends at byte " + data);
                    }
                    data += packed.length;
                    inflater.setInput(packed);
                }
                int more = inflater.inflate(unpacked, count, nbytes - count);
                count += more;
                if (more == 0 && (!inflater.needsInput() || data == end)) {
                    throw new DataFormatException("they end after " + count);
                }
            }
            return unpacked;
        } catch (DataFormatException e) {
            throw damaged("its deflated bytes do not inflate to a .npy header of " + nbytes + " bytes ("
                    + e.getMessage() + "), expected one");
        } finally {
            inflater.end();
        }
    }
}
