package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that wait on disk, on their way to a store that takes them only when their number is known, or to be read in another
 * order: a file in {@code java.io.tmpdir} that goes
 * with this process. Belongs to one thread, which closes it.
 */
final class Spool implements AutoCloseable {
    private final FileChannel channel;
    private long nbytes;

    /** Begins after room for a head. */
    Spool(int reservedNbytes) throws IOException {
        nbytes = reservedNbytes;
        Path file = Files.createTempFile("memmap-", ".spool");
        channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    void write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        BlockWrites.write(channel, bytes, nbytes);
        nbytes += count;
    }

    void writeHead(byte[] head) throws IOException {
        BlockWrites.write(channel, ByteBuffer.wrap(head), 0);
    }

    /** The room for a head included. */
    long nbytes() {
        return nbytes;
    }

    /** Fills a buffer with the bytes from {@code offset} on, fewer only where it ends. */
    void read(ByteBuffer target, long offset) throws IOException {
        PositionedInput.fill(channel, target, offset);
    }

    /** A part of it, from its first byte on; another attempt of who sends it begins at the mark. */
    InputStream open(ByteRange range) {
        return new Slice(channel, range);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static final class Slice extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long at;
        private long mark;

        Slice(FileChannel channel, ByteRange range) {
            this.channel = channel;
            this.at = range.start();
            this.mark = range.start();
            this.end = range.end();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int wanted = (int) Math.min(length, end - at);
            int count = wanted == 0 ? -1 : channel.read(ByteBuffer.wrap(target, offset, wanted), at);
            at += Math.max(0, count);
            return count;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - at);
        }

        @Override
        public boolean markSupported() {
            return true;
        }

        @Override
        public synchronized void mark(int readLimit) {
            mark = at;
        }

        @Override
        public synchronized void reset() {
            at = mark;
        }
    }
}
