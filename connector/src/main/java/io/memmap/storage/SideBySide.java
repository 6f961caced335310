package io.memmap.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Runs small requests to a file system, most of them the driver's, at the same time: each waits for an answer, not for a processor. */
public final class SideBySide {
    /** For requests within each other too. */
    public static final int MAX_THREADS = 16;
    /** One reads while the other writes; file systems let in one writer at a time. */
    private static final int LONG_THREADS = 2;

    /** The threads that requests within a request may start: all share those of the outermost. */
    private static final ThreadLocal<Semaphore> BUDGET = new ThreadLocal<>();

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
     * The answers, in the order of the subjects. After a failure no other request begins. When those under way have ended,
     * the first failure in that order is thrown.
     *
     * @param what they do, for the message of an interrupt
     */
    public static <A, T> List<T> all(String what, List<A> subjects, Request<? super A, ? extends T> request)
            throws IOException {
        List<T> answers = new ArrayList<>(Collections.nCopies(subjects.size(), null));
        List<Integer> positions = IntStream.range(0, subjects.size()).boxed().toList();
        toTheEnd(what, MAX_THREADS, positions, i -> answers.set(i, request.send(subjects.get(i))));
        return answers;
    }

    /** The same for requests without answers. */
    public static <A> void each(String what, Collection<A> subjects, Work<? super A> work) throws IOException {
        toTheEnd(what, MAX_THREADS, List.copyOf(subjects), work);
    }

    /** Does long work in two threads as {@link #toTheEnd(String, int, List, Work)} does. */
    static <A> void toTheEnd(String what, List<A> subjects, Work<? super A> work) throws IOException {
        toTheEnd(what, LONG_THREADS, subjects, work);
    }

    /** Does work in several threads, in this order. After a failure no other begins, and none runs when this returns. */
    public static <A> void toTheEnd(String what, int maxThreads, List<A> subjects, Work<? super A> work)
            throws IOException {
        new Crew<A>(what, maxThreads, subjects, work).run();
    }

    /**
     * The thread that wants the work done, and others. Each starts the next one while there is more to do: work that takes
     * less time than the start of a thread starts one.
     */
    private static final class Crew<A> {
        private final String what;
        private final List<A> subjects;
        private final Work<? super A> work;
        private final int threads;
        private final Semaphore budget;
        private final AtomicInteger next = new AtomicInteger();
        private final Queue<Thread> helpers = new ConcurrentLinkedQueue<>();
        private final NavigableMap<Integer, Throwable> failures = new ConcurrentSkipListMap<>();

        private int started = 1;

        Crew(String what, int maxThreads, List<A> subjects, Work<? super A> work) {
            this.what = what;
            this.subjects = subjects;
            this.work = work;
            this.threads = Math.min(maxThreads, subjects.size());
            this.budget = BUDGET.get() == null ? new Semaphore(MAX_THREADS - 1) : BUDGET.get();
        }

        void run() throws IOException {
            work();
            boolean interrupted = false;
            for (Thread helper = helpers.poll(); helper != null; helper = helpers.poll()) {
                interrupted |= join(helper);
            }
            interrupted |= Thread.currentThread().isInterrupted() && (isMany() || !failures.isEmpty());
            if (interrupted) {
                Thread.currentThread().interrupt();
                InterruptedIOException e = new InterruptedIOException("Cannot " + what + ": interrupted");
                failures.values().forEach(e::addSuppressed);
                throw e;
            }
            if (!failures.isEmpty()) {
                throw failure(what, failures.firstEntry().getValue());
            }
        }

        private synchronized void startAnother() {
            if (started < threads && next.get() < subjects.size() && budget.tryAcquire()) {
                started++;
                Thread helper = SubjectThread.of(() -> {
                    try {
                        work();
                    } finally {
                        budget.release();
                    }
                });
                helpers.add(helper);
                helper.start();
            }
        }

        private void work() {
            Semaphore before = BUDGET.get();
            BUDGET.set(budget);
            for (int i = next.getAndIncrement(); i < subjects.size(); i = next.getAndIncrement()) {
                try {
                    // Where the system has no thread left, this request fails too: it would have no answer.
                    startAnother();
                    work.run(subjects.get(i));
                } catch (Throwable e) {
                    next.set(subjects.size());
                    failures.put(i, e);
                    if (isInterrupt(e)) {
                        Thread.currentThread().interrupt();
                    }
                }
                if (isMany() && Thread.currentThread().isInterrupted()) {
                    next.set(subjects.size());
                }
            }
            BUDGET.set(before);
        }

        private boolean isMany() {
            return subjects.size() > 1;
        }

        /** Returns true if a thread was interrupted that now is no longer: clients of file systems say it so too. */
        private static boolean isInterrupt(Throwable failure) {
            return failure instanceof InterruptedException || failure.getClass() == InterruptedIOException.class;
        }

        /** Waits for the end of a thread. Returns true if this one was interrupted, which ends the work. */
        private boolean join(Thread helper) {
            boolean interrupted = false;
            while (helper.isAlive()) {
                try {
                    helper.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    next.set(subjects.size());
                    helper.interrupt();
                    helpers.forEach(Thread::interrupt);
                }
            }
            return interrupted;
        }
    }

    /** The answer of one request that an interrupt of this thread does not reach; it is interrupted again afterwards. */
    public static <T> T uninterruptibly(String what, Callable<T> request) throws IOException {
        FutureTask<T> answer = new FutureTask<>(request);
        Semaphore budget = BUDGET.get();
        SubjectThread.of(() -> {
                    BUDGET.set(budget);
                    answer.run();
                })
                .start();
        boolean interrupted = false;
        try {
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
            throw failure(what, e.getCause());
        }
    }

    /** The failure of a request as the exception to throw. */
    private static IOException failure(String what, Throwable failure) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return failure instanceof IOException e ? e : new IOException("Cannot " + what + ": " + failure, failure);
    }
}
