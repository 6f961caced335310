package io.memmap.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sign of life of a lock's holder: it writes the last byte of its file again every {@link #BEAT}, in a thread of its own,
 * so that the file system sets the file's time by its own clock.
 */
final class Lease implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    static final Duration BEAT = Duration.ofSeconds(5);
    /** Without a beat for so long, a lease has ended. */
    static final Duration LENGTH = Duration.ofSeconds(60);

    private final Path path;
    private final FileChannel channel;
    private final byte[] text;
    private final Thread thread = new Thread(this, "memmap-lease");
    private volatile boolean ended;

    private Lease(Path path, FileChannel channel, byte[] text) {
        this.path = path;
        this.channel = channel;
        this.text = text;
    }

    /** Keeps the lease of a lock until {@link #end}. */
    static Lease begin(Path path, FileChannel channel, byte[] text) {
        Lease lease = new Lease(path, channel, text);
        lease.thread.setDaemon(true);
        lease.thread.start();
        return lease;
    }

    @Override
    public void run() {
        while (!ended) {
            LockSupport.parkNanos(BEAT.toNanos());
            // An interrupt would close the channel, and with it drop the system's lock.
            Thread.interrupted();
            try {
                if (!ended) {
                    channel.write(ByteBuffer.wrap(text, text.length - 1, 1), text.length - 1);
                    channel.force(false);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                if (!ended) {
                    LOG.warn("{}: its lease could not be renewed", path, GivenSecrets.hidden(e));
                }
            }
        }
    }

    /** Gives a holder that goes on after a pause the time of two beats. */
    static void awaitBeats() throws InterruptedIOException {
        try {
            TimeUnit.SECONDS.sleep(BEAT.multipliedBy(2).toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Cannot wait for a beat of another writer: interrupted");
        }
    }

    void end() {
        ended = true;
        LockSupport.unpark(thread);
    }
}
