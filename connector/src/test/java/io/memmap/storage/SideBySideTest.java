package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SideBySideTest {

    private static List<Callable<Integer>> squares(int count) {
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            requests.add(() -> number * number);
        }
        return requests;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 127, 128, 129, 1000, 20_000})
    void answersInTheOrderOfTheRequests(int count) throws IOException {
        assertThat(SideBySide.all("count", squares(count), Callable::call))
                .isEqualTo(IntStream.range(0, count).map(i -> i * i).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 500, 20_000})
    void failsWithTheFirstFailureInTheOrderOfTheRequests(int count) {
        List<Callable<Integer>> requests = squares(count);
        for (int i = count / 2; i < count; i++) {
            int number = i;
            requests.set(i, () -> {
                throw new IOException("request " + number);
            });
        }
        assertThatThrownBy(() -> SideBySide.all("count", requests, Callable::call))
                .isInstanceOf(IOException.class)
                .hasMessage("request " + count / 2);
    }

    /** Each request waits for fifteen others. */
    @Test
    void runsSixteenFewRequestsAtTheSameTime() throws IOException {
        CyclicBarrier together = new CyclicBarrier(16);
        List<Callable<Boolean>> requests = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            requests.add(() -> {
                together.await(30, TimeUnit.SECONDS);
                return true;
            });
        }
        assertThat(SideBySide.all("wait", requests, Callable::call)).hasSize(16).containsOnly(true);
    }

    /** Sixteen threads in all, whatever asks for them. */
    @Test
    void requestsWithinRequestsShareTheThreads() throws IOException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> eight = IntStream.range(0, 8).boxed().toList();
        SideBySide.each(
                "ask",
                eight,
                outer -> SideBySide.each("ask within", eight, inner -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.sleep(20);
                    running.decrementAndGet();
                }));
        assertThat(most.get()).isBetween(9, 16);
    }

    /** To start a thread takes longer than a request about a local file. */
    @Test
    void quickRequestsNeedFewThreads() throws IOException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 200; round++) {
            SideBySide.each("look", List.of(1, 2, 3, 4), subject -> threads.add(Thread.currentThread()));
        }
        assertThat(threads).contains(Thread.currentThread()).hasSizeLessThan(500);
    }

    @Test
    void anInterruptEndsRequestsThatWait() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CyclicBarrier together = new CyclicBarrier(5);
        Thread caller = new Thread(() -> failure.set(catchThrowable(
                () -> SideBySide.each("wait", IntStream.range(0, 100).boxed().toList(), subject -> {
                    try {
                        if (subject < 4) {
                            together.await(30, TimeUnit.SECONDS);
                        }
                        Thread.sleep(30_000);
                    } finally {
                        ended.incrementAndGet();
                    }
                }))));
        caller.start();
        together.await(30, TimeUnit.SECONDS);
        caller.interrupt();
        caller.join(20_000);
        assertThat(failure.get()).isInstanceOf(InterruptedIOException.class).hasMessage("Cannot wait: interrupted");
        assertThat(ended.get()).isLessThanOrEqualTo(16);
    }

    /** Each piece of work ends a while after its interrupt, as a flush does. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingRunsWhenWorkToTheEndHasFailed(boolean interrupted) {
        Thread caller = Thread.currentThread();
        AtomicInteger running = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(4);
        assertThatThrownBy(() -> SideBySide.toTheEnd("work", 4, List.of(0, 1, 2, 3), subject -> {
                    running.incrementAndGet();
                    try {
                        together.await(30, TimeUnit.SECONDS);
                        if (subject == 0 && interrupted) {
                            caller.interrupt();
                        } else if (subject == 0) {
                            throw new IOException("work 0");
                        }
                        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                    } finally {
                        running.decrementAndGet();
                    }
                }))
                .isInstanceOf(IOException.class)
                .hasMessage(interrupted ? "Cannot work: interrupted" : "work 0");
        assertThat(running).hasValue(0);
        assertThat(Thread.interrupted()).isEqualTo(interrupted);
    }
}
