package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes of a local file through positioned reads into one reused buffer. */
final class PositionedInput extends ArrayInput {
    private static final int MAX_READ_NBYTES = 1 << 20;

    private final Path path;
    private final FileChannel channel;

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long bufferOffset = -1;
    private long readNbytes;

    PositionedInput(ArrayFile file, Path path, FileChannel channel, boolean concurrentWrites) {
        super(file, concurrentWrites, channel);
        this.path = path;
        this.channel = channel;
    }

    @Override
    public ByteBuffer bytes(long offset, int nbytes) throws IOException {
        if (offset == bufferOffset && nbytes == buffer.limit()) {
            // The columns of a condition were decoded from the same rows.
            return buffer.slice();
        }
        bufferOffset = -1;
        if (buffer.capacity() < nbytes) {
            buffer = ByteBuffer.allocate(nbytes);
        }
        buffer.clear().limit(nbytes);
        fill(channel, buffer, offset);
        if (buffer.hasRemaining()) {
            throw new IOException("Cannot read " + file().path() + ": it ends after " + (offset + buffer.position())
                    + " bytes, expected " + (offset + nbytes) + "; it was truncated since the query was planned");
        }
        readNbytes += nbytes;
        bufferOffset = offset;
        return buffer.flip().slice();
    }

    /** Reads until {@code target} is full or the file ends. */
    static void fill(FileChannel channel, ByteBuffer target, long offset) throws IOException {
        long at = offset;
        int limit = target.limit();
        while (target.position() < limit) {
            // The JDK keeps a direct buffer per thread of the largest size that was ever read at once.
            target.limit(Math.min(limit, target.position() + MAX_READ_NBYTES));
            int count = channel.read(target, at);
            target.limit(limit);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    @Override
    Fingerprint fingerprint() throws IOException {
        return LocalStorage.fingerprint(path, channel);
    }

    @Override
    void checkNoPatches() throws IOException {
        Recovery.checkUnpatched(path);
    }

    @Override
    public long inputNbytes() {
        return readNbytes;
    }
}
