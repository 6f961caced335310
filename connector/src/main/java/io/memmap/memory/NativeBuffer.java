package io.memmap.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory outside the heap for one owner, freed at {@link #close}: a file is read into it without the copy that the JDK makes
 * for the heap. No buffer of it may be used afterwards, as with a {@link Mapping}. Not thread-safe but for {@link #liveCount}.
 */
public final class NativeBuffer implements AutoCloseable {
    /** The JVM collects the heap and waits half a second before it refuses more, so it is not asked again for a minute. */
    private static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final AtomicInteger LIVE = new AtomicInteger();
    private static volatile long refusedUntil = System.nanoTime();

    private ByteBuffer buffer = ByteBuffer.allocate(0);

    /**
     * Returns room for this many bytes, with any contents. It is that of the last call if that was large enough, and on the
     * heap if the JVM allows no more memory outside it: an OutOfMemoryError would end an executor.
     */
    public ByteBuffer room(int nbytes) {
        if (buffer.capacity() < nbytes) {
            // Inside the JDK's cleaner a late fault would end the JVM.
            Faults.deliver();
            close();
            buffer = isRefused() ? ByteBuffer.allocate(nbytes) : allocate(nbytes);
        }
        return buffer.clear().limit(nbytes);
    }

    private static ByteBuffer allocate(int nbytes) {
        try {
            ByteBuffer allocated = ByteBuffer.allocateDirect(nbytes);
            LIVE.incrementAndGet();
            return allocated;
        } catch (OutOfMemoryError e) {
            refusedUntil = System.nanoTime() + REFUSED_NANOS;
            return ByteBuffer.allocate(nbytes);
        }
    }

    /** Returns true if the JVM refused more memory outside the heap during the last minute. */
    public static boolean isRefused() {
        return refusedUntil - System.nanoTime() > 0;
    }

    @Override
    public void close() {
        ByteBuffer freed = buffer;
        buffer = ByteBuffer.allocate(0);
        if (freed.isDirect()) {
            LIVE.decrementAndGet();
            DirectMemory.free(freed);
        }
    }

    /** Such buffers of this JVM that hold memory now; zero after every query. */
    public static int liveCount() {
        return LIVE.get();
    }
}
