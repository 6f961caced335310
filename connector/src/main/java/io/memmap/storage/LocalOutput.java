package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new local file. Writes go to the end of the file, so every block is really there as soon as a write returns. */
final class LocalOutput implements FileOutput {
    private final Path path;
    private FileChannel channel;
    private boolean resting;
    /** Null for a file that is not published. */
    private final EarlyFlush flush;

    private final int reservedNbytes;
    private long nbytes;

    private LocalOutput(Path path, FileChannel channel, EarlyFlush flush, int reservedNbytes) {
        this.path = path;
        this.channel = channel;
        this.flush = flush;
        this.reservedNbytes = reservedNbytes;
        this.nbytes = reservedNbytes;
    }

    static LocalOutput create(Path path, int reservedNbytes) throws IOException {
        FileChannel channel = open(path, StandardOpenOption.CREATE_NEW);
        return new LocalOutput(path, channel, new EarlyFlush(path, channel), reservedNbytes);
    }

    /** A file that is read once and deleted: it need never come to the disk. */
    static LocalOutput createScratch(Path path) throws IOException {
        return new LocalOutput(path, open(path, StandardOpenOption.CREATE_NEW), null, 0);
    }

    private static FileChannel open(Path path, OpenOption how) throws IOException {
        try {
            return FileChannel.open(path, how, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            throw Storage.missing(
                    "Cannot write file:" + path
                            + ": its directory is not there on this host, expected it until the write ends; the write has"
                            + " failed, another writer has taken over its lock, or the path is not visible from here",
                    e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>If the disk fails meanwhile, Linux says so to the next descriptor that is flushed, unless it has forgotten the file
     * for want of memory.
     */
    @Override
    public void rest() throws IOException {
        if (!resting) {
            complete();
            resting = true;
        }
    }

    private void wake() throws IOException {
        if (resting) {
            channel = open(path, LinkOption.NOFOLLOW_LINKS);
            if (flush != null) {
                flush.reopened(channel);
            }
            resting = false;
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        wake();
        int start = bytes.position();
        try {
            BlockWrites.write(channel, bytes, nbytes);
        } catch (IOException e) {
            throw new IOException(
                    "Cannot write file:" + path + ": " + e.getMessage() + " after "
                            + (nbytes + bytes.position() - start) + " bytes, expected room for " + bytes.remaining()
                            + " more",
                    e);
        }
        nbytes += bytes.position() - start;
        if (flush != null) {
            flush.written(bytes.position() - start);
        }
    }

    @Override
    public long nbytes() {
        return nbytes;
    }

    @Override
    public int reservedNbytes() {
        return reservedNbytes;
    }

    @Override
    public void seal(byte[] head) throws IOException {
        wake();
        BlockWrites.write(channel, ByteBuffer.wrap(head), 0);
        flush.finish();
        channel.close();
    }

    @Override
    public void complete() throws IOException {
        if (flush != null) {
            flush.await();
        }
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
