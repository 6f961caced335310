package io.memmap.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One mapped range of a file, of less than 2 GiB, unmapped at {@link #close} instead of some time after it became
 * unreachable.
 *
 * <p>A buffer that outlives its mapping reads another file's bytes or ends the JVM, so one owner holds the mapping, closes
 * it once its readers are done, and hands out no buffer for longer than that. Not thread-safe but for {@link #liveCount}.
 */
public final class Mapping implements AutoCloseable {
    /** The largest range that one buffer can address. */
    public static final int MAX_NBYTES = Integer.MAX_VALUE;

    private static final AtomicInteger LIVE = new AtomicInteger();

    private final MappedByteBuffer buffer;
    private final long offset;
    private boolean closed;

    private Mapping(MappedByteBuffer buffer, long offset) {
        this.buffer = buffer;
        this.offset = offset;
    }

    /**
     * Maps {@code nbytes} bytes of a file from {@code offset} on; never extends it.
     *
     * @throws IOException when the file ends before the range does, or the system has no room for another mapping
     */
    public static Mapping map(FileChannel channel, MapMode mode, long offset, long nbytes) throws IOException {
        long size = channel.size();
        if (offset < 0 || nbytes < 0 || nbytes > MAX_NBYTES || offset > size - nbytes) {
            throw new IOException("Cannot map bytes " + offset + " to " + (offset + nbytes) + ": the file has " + size
                    + " bytes, expected at least the end of the range, and at most " + MAX_NBYTES + " bytes in it");
        }
        try {
            Mapping mapping = new Mapping(channel.map(mode, offset, nbytes), offset);
            LIVE.incrementAndGet();
            return mapping;
        } catch (IOException e) {
            throw explained(e, offset, nbytes);
        }
    }

    /** {@code FileChannel.map} reports a full map table with an OutOfMemoryError as the cause, which ends an executor. */
    private static IOException explained(IOException e, long offset, long nbytes) {
        if ("No such device".equals(e.getMessage())) {
            return new IOException(
                    "Cannot map bytes " + offset + " to " + (offset + nbytes) + ": its file system maps no files ("
                            + e.getMessage() + "), expected one that does, or a read as with access=auto",
                    e);
        }
        if (!(e.getCause() instanceof VirtualMachineError)) {
            return e;
        }
        IOException plain =
                new IOException("Cannot map bytes " + offset + " to " + (offset + nbytes) + ": " + e.getMessage()
                        + "; too many mappings are live (vm.max_map_count), or too little address space is left");
        plain.addSuppressed(e.getCause());
        return plain;
    }

    /** The first mapped byte, counted from the start of the file. */
    public long offset() {
        return offset;
    }

    /** The first byte after the range, counted from the start of the file. */
    public long end() {
        return offset + buffer.capacity();
    }

    /** The bytes; index 0 is {@link #offset}. Valid until {@link #close}. */
    public ByteBuffer buffer() {
        if (closed) {
            throw new IllegalStateException("Already closed: mapping of bytes " + offset + " to " + end());
        }
        return buffer;
    }

    /** Writes {@code nbytes} changed bytes from {@code index} on to the disk. */
    public void force(int index, int nbytes) throws IOException {
        try {
            ((MappedByteBuffer) buffer()).force(index, nbytes);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Unmaps; again does nothing.
     *
     * @throws UncheckedIOException after unmapping, for a fault of an earlier access that was not delivered before
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        UncheckedIOException fault = pendingFault();
        closed = true;
        LIVE.decrementAndGet();
        try {
            DirectMemory.free(buffer);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("Cannot unmap bytes " + offset + " to " + end(), e);
        }
        if (fault != null) {
            throw fault;
        }
    }

    /** Inside the JDK's cleaner a late fault would end the JVM ("Cleaner terminated abnormally"). */
    private UncheckedIOException pendingFault() {
        try {
            Faults.deliver();
            return null;
        } catch (InternalError e) {
            IOException fault = new IOException("Cannot trust what was read from or written to bytes " + offset + " to "
                    + end() + ": a fault arrived when they were unmapped, expected none; the file was truncated, or its"
                    + " disk is full or failed");
            fault.addSuppressed(e);
            return new UncheckedIOException(fault.getMessage(), fault);
        }
    }

    /** Mappings of this JVM that are open now; zero after every query. */
    public static int liveCount() {
        return LIVE.get();
    }
}
