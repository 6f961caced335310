package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Collects changes to scattered places of a file: runs of bytes, each with its place, one after the other. Belongs to one
 * thread, which closes it.
 */
public final class PatchOutput implements AutoCloseable {
    /** The bytes before each run: its position in the target and its length. */
    static final int PREFIX_NBYTES = Long.BYTES + Integer.BYTES;

    private final FileOutput output;
    private ByteBuffer buffer = ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES).order(ByteOrder.LITTLE_ENDIAN);
    /** The start in the buffer of the run that can still grow, and its end in the file. */
    private int runStart = -1;

    private long runEnd;

    public PatchOutput(FileOutput output) {
        this.output = output;
    }

    /** Adds {@code nbytes} bytes of {@code bytes} from {@code from} on, to go to byte {@code at} of the file. */
    public void put(long at, ByteBuffer bytes, int from, int nbytes) throws IOException {
        if (buffer.remaining() < PREFIX_NBYTES + nbytes) {
            flush(nbytes);
        }
        if (runStart < 0 || at != runEnd) {
            runStart = buffer.position();
            buffer.putLong(at).putInt(0);
        }
        buffer.put(buffer.position(), bytes, from, nbytes);
        buffer.position(buffer.position() + nbytes);
        buffer.putInt(runStart + Long.BYTES, buffer.position() - runStart - PREFIX_NBYTES);
        runEnd = at + nbytes;
    }

    private void flush(int nextNbytes) throws IOException {
        output.write(buffer.flip());
        runStart = -1;
        if (buffer.capacity() < PREFIX_NBYTES + nextNbytes) {
            buffer = ByteBuffer.allocate(PREFIX_NBYTES + nextNbytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        buffer.clear();
    }

    /** Completes the file, on the disk. Returns its length. */
    public long finish() throws IOException {
        flush(0);
        output.seal(new byte[0]);
        return output.nbytes();
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
