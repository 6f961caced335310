package io.memmap.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new local file. Writes go to the end of the file, so every block is really there as soon as a write returns. */
final class LocalOutput implements FileOutput {
    /** Linux has been measured to take ten times as long for writes to ext4 of 1 MiB and more at a multiple of it. */
    private static final int MOST_NBYTES_AT_ONCE = 256 << 10;

    private final Path path;
    private final FileChannel channel;

    private LocalOutput(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static LocalOutput create(Path path, int reservedNbytes) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        LocalOutput output = new LocalOutput(path, channel);
        try {
            output.write(ByteBuffer.allocate(reservedNbytes));
            return output;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        try {
            while (bytes.position() < end) {
                bytes.limit(Math.min(end, bytes.position() + MOST_NBYTES_AT_ONCE));
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new IOException(
                    "Cannot write file:" + path + ": " + e.getMessage() + " after " + nbytes()
                            + " bytes, expected room for " + (end - bytes.position()) + " more",
                    e);
        }
    }

    @Override
    public long nbytes() {
        try {
            return channel.position();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Cannot write file:" + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void publishable(byte[] head) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(head);
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new IOException("Cannot flush file:" + path + ": " + e.getMessage(), e);
        }
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
