package io.memmap.it;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;

/** Files by which processes tell each other how far they are. */
record Markers(String directory) implements Serializable {
    private static final String FAILURE = "failure";
    private static final long PATIENCE_MILLIS = 90_000;
    private static final long POLL_MILLIS = 10;

    static Markers create(Path directory) throws IOException {
        return new Markers(Files.createDirectory(directory).toString());
    }

    /** Ends all waiting when a job fails. */
    void failWith(CompletableFuture<?> job) {
        job.whenComplete((done, failure) -> {
            if (failure != null) {
                try {
                    put(FAILURE, failure.toString());
                } catch (IOException e) {
                    failure.addSuppressed(e);
                }
            }
        });
    }

    private Path path(String name) {
        return Path.of(directory, name);
    }

    boolean isThere(String name) {
        return Files.exists(path(name));
    }

    void put(String name, String text) throws IOException {
        Path stage = Files.writeString(Files.createTempFile(Path.of(directory), ".", ""), text);
        Files.move(stage, path(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Waits until another process has put a marker, and gives its text back. An interrupt does not end the wait; it is
     * there afterwards.
     */
    String await(String name) throws IOException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        boolean interrupted = false;
        try {
            while (!isThere(name)) {
                if (isThere(FAILURE)) {
                    throw new IOException("Cannot go on: " + Files.readString(path(FAILURE)));
                }
                if (System.nanoTime() > end) {
                    throw new IOException("Cannot go on: nobody put " + path(name));
                }
                try {
                    Thread.sleep(POLL_MILLIS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return Files.readString(path(name));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
