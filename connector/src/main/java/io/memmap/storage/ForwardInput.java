package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of one local file from front to back, read in large pieces. Belongs to one thread; its owner closes the channel. */
final class ForwardInput {
    private final String name;
    private final FileChannel channel;
    private final long end;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES).limit(0);
    private long at;

    ForwardInput(String name, FileChannel channel) throws IOException {
        this.name = name;
        this.channel = channel;
        this.end = channel.size();
    }

    boolean isAtEnd() {
        return at == end && !buffer.hasRemaining();
    }

    /**
     * The next bytes, at most 256 KiB, valid until the next call.
     *
     * @throws IOException when the file ends before them
     */
    ByteBuffer next(int nbytes) throws IOException {
        if (buffer.remaining() < nbytes) {
            buffer.compact();
            int kept = buffer.position();
            buffer.limit((int) Math.min(buffer.capacity(), kept + end - at));
            PositionedInput.fill(channel, buffer, at);
            at += buffer.position() - kept;
            buffer.flip();
        }
        if (buffer.remaining() < nbytes) {
            throw new IOException(
                    name + " ends after " + end + " bytes, expected " + (nbytes - buffer.remaining()) + " more");
        }
        ByteBuffer bytes = buffer.slice(buffer.position(), nbytes);
        buffer.position(buffer.position() + nbytes);
        return bytes;
    }
}
