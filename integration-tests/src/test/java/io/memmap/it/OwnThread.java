package io.memmap.it;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Starts each job in a thread of its own: on two cores the common pool of Java 25 has one for all. */
final class OwnThread {
    private OwnThread() {}

    static CompletableFuture<Void> run(Runnable job) {
        return CompletableFuture.runAsync(job, OwnThread::start);
    }

    static <T> CompletableFuture<T> supply(Supplier<T> job) {
        return CompletableFuture.supplyAsync(job, OwnThread::start);
    }

    private static void start(Runnable job) {
        Thread thread = new Thread(job, "job of a test");
        thread.setDaemon(true);
        thread.start();
    }
}
