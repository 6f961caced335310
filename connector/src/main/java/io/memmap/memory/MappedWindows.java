package io.memmap.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * A range of a file of any length, mapped as windows of at most 1 GiB, none of which splits an item.
 *
 * <p>Positions count bytes from the start of the range. The windows are mapped at once and live until {@link #close},
 * which the owner calls when no thread reads them any more; no buffer may be used after it. Not thread-safe but for
 * reading.
 */
public final class MappedWindows implements AutoCloseable {
    private static final long MAX_WINDOW_NBYTES = 1L << 30;

    /** Half of what Linux allows a process by default (vm.max_map_count): without room for its own, the JVM ends. */
    private static final int MAX_WINDOWS = 1 << 15;

    private final Mapping[] windows;
    private final ByteBuffer[] littleEndian;
    private final ByteBuffer[] bigEndian;
    private final long windowNbytes;
    private final long nbytes;

    private MappedWindows(Mapping[] windows, long windowNbytes, long nbytes) {
        this.windows = windows;
        this.windowNbytes = windowNbytes;
        this.nbytes = nbytes;
        this.littleEndian = buffers(ByteOrder.LITTLE_ENDIAN);
        this.bigEndian = buffers(ByteOrder.BIG_ENDIAN);
    }

    /**
     * Maps {@code nbytes} bytes from {@code offset} on; never extends the file. Nothing is mapped when {@code nbytes} is
     * zero.
     *
     * @param itemsize bytes of what no window may split; divides {@code nbytes}
     * @throws IOException when the file ends before the range does, or the system has no room for so many mappings
     */
    public static MappedWindows map(FileChannel channel, MapMode mode, long offset, long nbytes, int itemsize)
            throws IOException {
        return map(channel, mode, offset, nbytes, itemsize, MAX_WINDOW_NBYTES);
    }

    static MappedWindows map(
            FileChannel channel, MapMode mode, long offset, long nbytes, int itemsize, long maxWindowNbytes)
            throws IOException {
        long windowNbytes = Math.max(maxWindowNbytes / itemsize, 1) * itemsize;
        long count = nbytes == 0 ? 0 : (nbytes - 1) / windowNbytes + 1;
        if (count > MAX_WINDOWS) {
            throw new IOException("Cannot map " + nbytes + " bytes: too many for one process, expected at most "
                    + MAX_WINDOWS * windowNbytes + "; choose a smaller shape");
        }
        Mapping[] windows = new Mapping[(int) count];
        int mapped = 0;
        try {
            for (; mapped < windows.length; mapped++) {
                long start = mapped * windowNbytes;
                windows[mapped] = Mapping.map(channel, mode, offset + start, Math.min(windowNbytes, nbytes - start));
            }
            return new MappedWindows(windows, windowNbytes, nbytes);
        } finally {
            if (mapped < windows.length) {
                closeAll(windows, mapped);
            }
        }
    }

    private ByteBuffer[] buffers(ByteOrder order) {
        ByteBuffer[] buffers = new ByteBuffer[windows.length];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = windows[i].buffer().duplicate().order(order);
        }
        return buffers;
    }

    /** The number of the window that holds the byte at {@code position}. */
    public int window(long position) {
        return windows.length == 1 ? 0 : (int) (position / windowNbytes);
    }

    /** The position of a window's first byte. */
    public long start(int window) {
        return window * windowNbytes;
    }

    /** One window's bytes in a byte order; index 0 is {@link #start}. Shared: its position and order are left alone. */
    public ByteBuffer buffer(int window, ByteOrder order) {
        return order == ByteOrder.LITTLE_ENDIAN ? littleEndian[window] : bigEndian[window];
    }

    /**
     * Writes the changed bytes from {@code from} up to {@code to} to the disk. After a failure the system may have
     * dropped them and call the next attempt a success, so a failure is final.
     */
    public void force(long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            int window = window(at);
            long end = Math.min(to, Math.min(start(window) + windowNbytes, nbytes));
            windows[window].force((int) (at - start(window)), (int) (end - at));
            at = end;
        }
    }

    @Override
    public void close() {
        closeAll(windows, windows.length);
    }

    /** Closes all of them, whatever one of them throws. */
    private static void closeAll(Mapping[] windows, int count) {
        RuntimeException first = null;
        for (int i = 0; i < count; i++) {
            try {
                windows[i].close();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
