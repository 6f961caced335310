package io.memmap.storage;

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
            gather(from, at + done * stride, stride, part);
            done += part;
        }
    }

    /** Writes what is still buffered. */
    void flush() throws IOException {
        BlockWrites.write(target, buffer.flip(), start);
        start += buffer.limit();
        buffer.clear();
    }

    private void gather(ByteBuffer from, int at, int stride, int count) {
        int to = buffer.position();
        int end = to + count * itemsize;
        if (stride == itemsize) {
            buffer.put(to, from, at, end - to);
        } else if (itemsize == Integer.BYTES) {
            for (int i = to, j = at; i < end; i += Integer.BYTES, j += stride) {
                buffer.putInt(i, from.getInt(j));
            }
        } else if (itemsize == Long.BYTES) {
            for (int i = to, j = at; i < end; i += Long.BYTES, j += stride) {
                buffer.putLong(i, from.getLong(j));
            }
        } else if (itemsize == Short.BYTES) {
            for (int i = to, j = at; i < end; i += Short.BYTES, j += stride) {
                buffer.putShort(i, from.getShort(j));
            }
        } else if (itemsize == 1) {
            for (int i = to, j = at; i < end; i++, j += stride) {
                buffer.put(i, from.get(j));
            }
        } else {
            for (int i = to, j = at; i < end; i += itemsize, j += stride) {
                buffer.put(i, from, j, itemsize);
            }
        }
        buffer.position(end);
    }
}
