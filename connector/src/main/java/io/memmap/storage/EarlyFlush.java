package io.memmap.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Brings a file on to the disk while it is still being written, one flush at a time in a thread of its own, so that the
 * last one has little left to do. Thread-safe; its user closes the channel.
 *
 * <p>The first flush that fails is final: the system may have dropped the pages, and would call the next one a success.
 */
final class EarlyFlush {
    private static final long STEP_NBYTES = 32L << 20;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "memmap-flush");
        thread.setDaemon(true);
        return thread;
    });

    private final Path path;
    private final FileChannel channel;
    private long writtenNbytes;
    private Future<?> last;

    EarlyFlush(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
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
            writtenNbytes = 0;
            last = THREADS.submit(() -> {
                channel.force(false);
                return null;
            });
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
