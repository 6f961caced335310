package io.memmap.benchmark;

import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * The most heap that was in use after a collection since {@link #watch}: what cannot be given back, whatever the garbage.
 * A thread of its own collects over and over until it is closed.
 */
final class PeakHeap implements AutoCloseable {
    private static final long PAUSE_NANOS = 100_000_000;

    private final Thread watcher = new Thread(this::watchOn, "peak-heap");
    private volatile boolean closed;
    private volatile long nbytes;

    private PeakHeap() {}

    static PeakHeap watch() {
        PeakHeap peak = new PeakHeap();
        peak.collect();
        peak.nbytes = 0;
        peak.watcher.setDaemon(true);
        peak.watcher.start();
        return peak;
    }

    private void watchOn() {
        while (!closed) {
            collect();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private synchronized void collect() {
        System.gc();
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        nbytes = Math.max(nbytes, used);
    }

    long nbytes() {
        return nbytes;
    }

    @Override
    public void close() {
        closed = true;
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
