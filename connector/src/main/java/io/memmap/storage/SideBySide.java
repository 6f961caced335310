package io.memmap.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the driver's small requests to a file system at the same time: each waits for an answer, not for a processor. */
public final class SideBySide {
    private static final int MAX_THREADS = 16;
    /** Requests that a thread gets at once: handing one over costs as much as a stat. */
    private static final int MAX_PIECE = 64;

    private static final int PIECES_PER_THREAD = 8;

    private SideBySide() {}

    /**
     * The answers, in the order of the requests; the first failure ends all.
     *
     * @param what they do, for the message of an interrupt
     */
    public static <T> List<T> all(String what, List<? extends Callable<T>> requests) throws IOException {
        if (requests.isEmpty()) {
            return List.of();
        }
        if (requests.size() == 1) {
            List<T> only = new ArrayList<>();
            only.add(here(what, requests.get(0)));
            return only;
        }
        List<Callable<List<T>>> pieces = new ArrayList<>();
        int size = Math.min(MAX_PIECE, 1 + requests.size() / (MAX_THREADS * PIECES_PER_THREAD));
        for (int from = 0; from < requests.size(); from += size) {
            List<? extends Callable<T>> piece = requests.subList(from, Math.min(from + size, requests.size()));
            pieces.add(() -> inTurn(piece));
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(MAX_THREADS, pieces.size()));
        try {
            List<Future<List<T>>> running = new ArrayList<>();
            for (Callable<List<T>> piece : pieces) {
                running.add(threads.submit(piece));
            }
            List<T> answers = new ArrayList<>(requests.size());
            for (Future<List<T>> answer : running) {
                answers.addAll(result(what, answer));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    /** One request needs no thread of its own. */
    private static <T> T here(String what, Callable<T> request) throws IOException {
        try {
            return request.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Cannot " + what + ": " + e, e);
        }
    }

    private static <T> List<T> inTurn(List<? extends Callable<T>> requests) throws Exception {
        List<T> answers = new ArrayList<>(requests.size());
        for (Callable<T> request : requests) {
            answers.add(request.call());
        }
        return answers;
    }

    /** Runs long requests, each in a thread of its own; when one fails, the others go on until they end by themselves. */
    static void toTheEnd(String what, List<? extends Callable<Void>> requests) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        try {
            for (Future<Void> ended : threads.invokeAll(requests)) {
                result(what, ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Cannot " + what + ": interrupted");
        } finally {
            threads.shutdown();
        }
    }

    /** The answer of one request that an interrupt of this thread does not reach; it is interrupted again afterwards. */
    public static <T> T uninterruptibly(String what, Callable<T> request) throws IOException {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        boolean interrupted = false;
        try {
            Future<T> answer = thread.submit(request);
            while (!answer.isDone()) {
                try {
                    answer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    break;
                }
            }
            return result(what, answer);
        } finally {
            thread.shutdown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T result(String what, Future<T> answer) throws IOException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Cannot " + what + ": interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException("Cannot " + what + ": " + e.getCause(), e.getCause());
        }
    }
}
