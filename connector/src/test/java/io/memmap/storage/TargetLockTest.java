package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetLockTest {
    private static final int WRITERS = 4;
    private static final int ROUNDS = 200;

    @TempDir
    Path directory;

    private final Storage storage = new LocalStorage();

    private String target() {
        return directory.resolve("x.npy").toString();
    }

    private Path lock() {
        return directory.resolve(".x.npy.lock");
    }

    private TargetLock take() throws IOException {
        return TargetLock.take(storage, target(), "a test", false);
    }

    private String ownText() throws IOException {
        TargetLock own = take();
        String text = Files.readString(lock());
        own.release();
        return text;
    }

    @Test
    void aProcessIdThatWasGivenAwayAgainHoldsNothing() throws IOException {
        String text = ownText();
        assertThat(text).contains("\"pid\": " + ProcessHandle.current().pid(), "\"started\": \"20");
        Files.writeString(lock(), text.replaceFirst("\"started\": \"20\\d\\d", "\"started\": \"1999"));
        take().release();
        assertThat(lock()).doesNotExist();
    }

    @Test
    void aLockThatDoesNotSayWhenItsOwnerStartedIsThatOfALivingOne() throws IOException {
        String text = ownText();
        for (String other : List.of(
                text.replaceFirst(", \"started\": \"[^\"]*\"", ""),
                text.replaceFirst("\"started\": \"[^\"]*\"", "\"started\": \"long ago\""))) {
            Files.writeString(lock(), other);
            assertThatThrownBy(this::take)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("Cannot write " + target() + ": another writer holds " + lock());
        }
    }

    @Test
    void ofManyWhoFindADeadWritersLockOneGetsIt() throws Exception {
        String dead = ownText().replaceFirst("\"started\": \"20\\d\\d", "\"started\": \"1999");
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Files.writeString(lock(), dead);
                List<Future<TargetLock>> all = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    all.add(writers.submit(() -> {
                        start.await();
                        return takeOrNull();
                    }));
                }
                List<TargetLock> taken = new ArrayList<>();
                for (Future<TargetLock> each : all) {
                    if (each.get() != null) {
                        taken.add(each.get());
                    }
                }
                int holders = 0;
                for (TargetLock each : taken) {
                    holders += isHeld(each) ? 1 : 0;
                }
                assertThat(holders).as("round " + round).isEqualTo(1);
                for (TargetLock each : taken) {
                    each.release();
                }
            }
        } finally {
            writers.shutdownNow();
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    private TargetLock takeOrNull() {
        try {
            return take();
        } catch (IOException e) {
            return null;
        }
    }

    private boolean isHeld(TargetLock lock) {
        try {
            lock.checkHeld(target());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
