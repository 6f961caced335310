package io.memmap.storage;

import io.memmap.layout.TransposeTile;
import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Writes of elements that lie apart in memory. Those that are adjacent in the file are one write. Not thread-safe. */
final class GatheredWrites {
    private static final int BUFFER_NBYTES = 1 << 20;

    private final FileChannel target;
    private final int itemsize;
    private final ByteBuffer buffer;
    /** The place of the buffer's first byte in the file. */
    private long start;

    GatheredWrites(FileChannel target, int itemsize) {
        this.target = target;
        this.itemsize = itemsize;
        this.buffer =
                ByteBuffer.allocateDirect(Math.max(itemsize, BUFFER_NBYTES)).order(ByteOrder.nativeOrder());
    }

    /**
     * Puts elements to {@code position} and after it.
     *
     * @param from in native byte order
     * @param at the first element's place in {@code from}
     * @param stride bytes from one element to the next there
     */
    void put(ByteBuffer from, int at, int stride, int count, long position) throws IOException {
        if (position != start + buffer.position()) {
            flush();
            start = position;
        }
        for (int done = 0; done < count; ) {
            if (buffer.remaining() < itemsize) {
                flush();
            }
            int part = Math.min(count - done, buffer.remaining() / itemsize);
            TransposeTile.gather(from, at + done * stride, stride, itemsize, part, buffer);
            done += part;
        }
    }

    /** Writes what is still buffered. */
    void flush() throws IOException {
        BlockWrites.write(target, buffer.flip(), start);
        start += buffer.limit();
        buffer.clear();
    }
}
