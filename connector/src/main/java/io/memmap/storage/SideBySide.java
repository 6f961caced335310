package io.memmap.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs small requests to a file system, most of them the driver's, at the same time: each waits for an answer, not for a processor. */
public final class SideBySide {
    private static final int MAX_THREADS = 16;
    /** Requests that a thread gets at once: handing one over costs as much as a stat. */
    private static final int MAX_PIECE = 64;

    private static final int PIECES_PER_THREAD = 8;
    /** One reads while the other writes; file systems let in one writer at a time. */
    private static final int LONG_THREADS = 2;

    private SideBySide() {}

    /** A request about one of several things. */
    @FunctionalInterface
    public interface Request<A, T> {
        T send(A subject) throws Exception;
    }

    /** Work of several steps. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    /** A request without an answer. */
    @FunctionalInterface
    public interface Work<A> {
        void run(A subject) throws Exception;
    }

    /**
     * The answers, in the order of the subjects; the first failure ends all.
     *
     * @param what they do, for the message of an interrupt
     */
    public static <A, T> List<T> all(String what, List<A> subjects, Request<? super A, ? extends T> request)
            throws IOException {
        if (subjects.size() < 2) {
            return here(what, () -> inTurn(subjects, request));
        }
        List<Callable<List<T>>> pieces = new ArrayList<>();
        int size = Math.min(MAX_PIECE, 1 + subjects.size() / (MAX_THREADS * PIECES_PER_THREAD));
        for (int from = 0; from < subjects.size(); from += size) {
            List<A> piece = subjects.subList(from, Math.min(from + size, subjects.size()));
            pieces.add(() -> inTurn(piece, request));
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(MAX_THREADS, pieces.size()));
        try {
            List<Future<List<T>>> running = new ArrayList<>();
            for (Callable<List<T>> piece : pieces) {
                running.add(threads.submit(piece));
            }
            List<T> answers = new ArrayList<>(subjects.size());
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

    private static <A, T> List<T> inTurn(List<A> subjects, Request<? super A, ? extends T> request) throws Exception {
        List<T> answers = new ArrayList<>(subjects.size());
        for (A subject : subjects) {
            answers.add(request.send(subject));
        }
        return answers;
    }

    /** The same for requests without answers. */
    public static <A> void each(String what, Collection<A> subjects, Work<? super A> work) throws IOException {
        all(what, List.copyOf(subjects), answering(work));
    }

    private static <A> Request<A, Void> answering(Work<? super A> work) {
        return subject -> {
            work.run(subject);
            return null;
        };
    }

    /** Does long work in two threads as {@link #toTheEnd(String, int, List, Work)} does. */
    static <A> void toTheEnd(String what, List<A> subjects, Work<? super A> work) throws IOException {
        toTheEnd(what, LONG_THREADS, subjects, work);
    }

    /** Does work in several threads, in this order. After a failure no other begins, and none runs when this returns. */
    public static <A> void toTheEnd(String what, int maxThreads, List<A> subjects, Work<? super A> work)
            throws IOException {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> worker = () -> {
            for (int i = next.getAndIncrement(); i < subjects.size(); i = next.getAndIncrement()) {
                try {
                    work.run(subjects.get(i));
                } catch (Exception e) {
                    next.set(subjects.size());
                    throw e;
                }
            }
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(maxThreads);
        try {
            for (Future<Void> ended :
                    threads.invokeAll(Collections.nCopies(Math.min(maxThreads, subjects.size()), worker))) {
                result(what, ended);
            }
        } catch (InterruptedException e) {
            next.set(subjects.size());
            threads.shutdown();
            // They were interrupted too.
            uninterruptibly(what, () -> threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
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

    /** The same without an answer. */
    public static void uninterruptibly(String what, Step step) throws IOException {
        uninterruptibly(what, () -> {
            step.run();
            return null;
        });
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
