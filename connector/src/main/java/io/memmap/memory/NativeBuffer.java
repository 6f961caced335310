package io.memmap.memory;

import java.nio.ByteBuffer;

/**
 * Bytes outside the heap for one owner, freed at {@link #close}. Into them a file is read without the copy that the JDK makes
 * of bytes for the heap. As with a {@link Mapping}, no buffer of it may be used afterwards. Not thread-safe.
 */
public final class NativeBuffer implements AutoCloseable {
    private ByteBuffer buffer = ByteBuffer.allocate(0);

    /** Returns room for this many bytes, from index 0 on, whose contents are left from before or zero. */
    public ByteBuffer room(int nbytes) {
        if (buffer.capacity() < nbytes) {
            close();
            buffer = ByteBuffer.allocateDirect(nbytes);
        }
        return buffer.clear().limit(nbytes);
    }

    @Override
    public void close() {
        if (buffer.isDirect()) {
            Cleaner.free(buffer);
            buffer = ByteBuffer.allocate(0);
        }
    }
}
