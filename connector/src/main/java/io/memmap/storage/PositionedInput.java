package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes of a file through positioned reads into one reused buffer. */
final class PositionedInput extends ArrayInput {
    private static final int MAX_READ_NBYTES = 1 << 20;

    /** Reads from a place of the file until {@code target} is full or the file ends. */
    @FunctionalInterface
    interface Source {
        void read(long offset, ByteBuffer target) throws IOException;
    }

    /** Asks the storage for the file as it is now. */
    @FunctionalInterface
    interface Look {
        Fingerprint fingerprint() throws IOException;
    }

    private final Source source;
    private final Look look;
    private final Closeable opened;
    /** Bytes that may be read between two looks at the file; 0 looks after every batch. */
    private final long lookEveryNbytes;

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long bufferOffset = -1;
    private long readNbytes;
    private long lookedAtNbytes;

    private PositionedInput(
            ArrayFile file,
            boolean concurrentWrites,
            Source source,
            Look look,
            Closeable opened,
            long lookEveryNbytes) {
        super(file, concurrentWrites);
        this.source = source;
        this.look = look;
        this.opened = opened;
        this.lookEveryNbytes = lookEveryNbytes;
    }

    static PositionedInput ofChannel(ArrayFile file, Path path, FileChannel channel, boolean concurrentWrites) {
        return new PositionedInput(
                file,
                concurrentWrites,
                (offset, target) -> fill(channel, target, offset),
                () -> LocalStorage.fingerprint(path, channel),
                channel,
                0);
    }

    static PositionedInput ofSource(
            ArrayFile file,
            boolean concurrentWrites,
            Source source,
            Look look,
            Closeable opened,
            long lookEveryNbytes) {
        return new PositionedInput(file, concurrentWrites, source, look, opened, lookEveryNbytes);
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
        source.read(offset, buffer);
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
    boolean dueForCheck() {
        boolean due = readNbytes - lookedAtNbytes >= lookEveryNbytes;
        if (due) {
            lookedAtNbytes = readNbytes;
        }
        return due;
    }

    @Override
    Fingerprint fingerprint() throws IOException {
        return look.fingerprint();
    }

    @Override
    public long inputNbytes() {
        return readNbytes;
    }

    @Override
    void release() {
        try {
            opened.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + file().path(), e);
        }
    }
}
