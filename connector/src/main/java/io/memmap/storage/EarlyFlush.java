package io.memmap.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Brings a file on to the disk while it is still being written, one flush at a time in a thread of its own, so that the
 * last one has little left to do. Thread-safe; its user closes the channel.
 *
 * <p>All files of a JVM share {@link #MAX_THREADS} threads. While these are busy a file is not flushed early: it neither
 * queues nor waits for the flush of another file.
 *
 * <p>The first flush that fails is final: the system may have dropped the pages, and would call the next one a success.
 */
final class EarlyFlush {
    private static final long STEP_NBYTES = 32L << 20;
    /** Flushes at the same time: two for each task of an executor that uses all cores. */
    static final int MAX_THREADS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private static final Semaphore FREE = new Semaphore(MAX_THREADS);
    private static final ExecutorService THREADS = threads();

    private final Path path;
    private FileChannel channel;
    private long writtenNbytes;
    private Future<?> last;

    private static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "memmap-flush");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    EarlyFlush(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Goes on with another channel of the file, after {@link #await}. */
    synchronized void reopened(FileChannel reopened) {
        channel = reopened;
    }

    /**
     * Says that so many bytes more were written, and lets them go to the disk when they are worth it.
     *
     * @throws IOException when an earlier flush failed
     */
    synchronized void written(long nbytes) throws IOException {
        writtenNbytes += nbytes;
        if (writtenNbytes >= STEP_NBYTES && (last == null || last.isDone())) {
            await();
            if (FREE.tryAcquire()) {
                writtenNbytes = 0;
                try {
                    FileChannel written = channel;
                    last = THREADS.submit(() -> flush(written));
                } catch (Throwable e) {
                    FREE.release();
                    throw e;
                }
            }
        }
    }

    private Void flush(FileChannel written) throws IOException {
        try {
            written.force(false);
            return null;
        } finally {
            FREE.release();
        }
    }

    /** Flushes all that is left, and the file's length with it. */
    synchronized void finish() throws IOException {
        await();
        try {
            channel.force(true);
        } catch (IOException e) {
            last = CompletableFuture.failedFuture(e);
            throw failed(e);
        }
    }

    /**
     * Waits for the flush under way.
     *
     * @throws IOException when it, or an earlier one, failed
     */
    synchronized void await() throws IOException {
        if (last == null) {
            return;
        }
        try {
            last.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Cannot flush file:" + path + ": interrupted");
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        }
    }

    private IOException failed(Throwable cause) {
        return new IOException(
                "Cannot flush file:" + path + ": "
                        + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage())
                        + "; what was written is not known to be on the disk",
                cause);
    }
}
