package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Origin.Deflated;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The bytes of a deflated member from front to back. Compares length and CRC with those of its container when the last byte
 * is out. Belongs to one thread, which closes it.
 */
final class Inflation implements AutoCloseable {
    private static final int PACKED_NBYTES = 64 << 10;
    private static final int SKIP_NBYTES = 64 << 10;

    private final ArrayFile file;
    private final Deflated deflated;
    private final ArrayInput packed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private long packedAt;
    private long at;

    /** @param packed the bytes of the file */
    Inflation(ArrayFile file, ArrayInput packed) {
        this.file = file;
        this.deflated = file.origin().deflated();
        this.packed = packed;
        restart();
    }

    void restart() {
        inflater.reset();
        crc.reset();
        packedAt = deflated.start();
        at = 0;
    }

    /** The offset of the next byte. */
    long at() {
        return at;
    }

    long end() {
        return deflated.inflatedNbytes();
    }

    void skipTo(long offset) throws IOException {
        byte[] skipped = new byte[(int) Math.min(SKIP_NBYTES, offset - at)];
        while (at < offset) {
            next(skipped, 0, (int) Math.min(skipped.length, offset - at));
        }
    }

    /**
     * Fills a part of an array with the next bytes.
     *
     * @throws IOException naming the file and the member, when the stream is damaged, or its length or CRC is another
     */
    void next(byte[] target, int start, int nbytes) throws IOException {
        int count = 0;
        try {
            while (count < nbytes) {
                int more = more(target, start + count, nbytes - count);
                if (more == 0 && isAtEnd()) {
                    throw damaged("it inflates to " + (at + count) + " bytes");
                }
                count += more;
            }
            crc.update(target, start, nbytes);
            at += nbytes;
            if (at == end()) {
                checkEnd();
            }
        } catch (DataFormatException e) {
            throw damaged("its bytes do not inflate after " + (at + count) + " bytes (" + e.getMessage() + ")");
        }
    }

    private int more(byte[] target, int start, int nbytes) throws IOException, DataFormatException {
        if (inflater.needsInput() && packedAt < deflated.end()) {
            int packedNbytes = (int) Math.min(PACKED_NBYTES, deflated.end() - packedAt);
            ByteBuffer bytes = packed.bytes(packedAt, packedNbytes);
            byte[] input = new byte[packedNbytes];
            bytes.get(input);
            inflater.setInput(input);
            packedAt += packedNbytes;
        }
        return inflater.inflate(target, start, nbytes);
    }

    private boolean isAtEnd() {
        return inflater.finished()
                || inflater.needsDictionary()
                || (inflater.needsInput() && packedAt == deflated.end());
    }

    private void checkEnd() throws IOException, DataFormatException {
        byte[] beyond = new byte[1];
        int more = 0;
        while (more == 0 && !isAtEnd()) {
            more = more(beyond, 0, 1);
        }
        int found = (int) crc.getValue();
        if (more > 0 || found != deflated.crc()) {
            throw damaged(
                    more > 0 ? "it inflates to more bytes" : "its bytes have the CRC " + Integer.toHexString(found));
        }
    }

    private IOException damaged(String found) {
        return new IOException("Cannot read " + file.shownName() + ": " + found + ", expected " + end()
                + " bytes with the CRC " + Integer.toHexString(deflated.crc()) + "; the file is damaged");
    }

    @Override
    public void close() {
        inflater.end();
    }
}
