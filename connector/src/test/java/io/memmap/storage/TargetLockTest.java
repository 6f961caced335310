package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
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

    private void leave(String text, Duration ago) throws IOException {
        Files.writeString(lock(), text);
        Files.setLastModifiedTime(lock(), FileTime.from(Instant.now().minus(ago)));
    }

    /** The kernel knows who has a lock: what a process says of itself, and its process id, do not matter. */
    @Test
    void aLockThatNoProcessOfThisHostHoldsIsTakenOver() throws IOException {
        String text = ownText();
        assertThat(text).contains("\"pid\": " + ProcessHandle.current().pid(), "\"host\": \"", "\"id\": \"");
        for (String other : List.of(text, text.replaceFirst("\"pid\": \\d+", "\"pid\": 1"))) {
            leave(other, Duration.ZERO);
            take().release();
            assertThat(lock()).doesNotExist();
        }
    }

    @Test
    void anEmptyLockIsTakenOver() throws IOException {
        leave("", Duration.ZERO);
        take().release();
        assertThat(lock()).doesNotExist();
    }

    @Test
    void aLockOfAnotherHostHoldsAsLongAsItsLease() throws IOException {
        String other = ownText().replaceFirst("\"host\": \"[^\"]*\"", "\"host\": \"elsewhere\"");
        leave(other, Lease.LENGTH.minusSeconds(20));
        assertThatThrownBy(this::take)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot write " + target() + ": another writer holds " + lock()
                        + " {owner=a test, host=elsewhere, pid=")
                .hasMessageEndingWith(", expected none; wait for it, or say breakLock=true if it is gone");
        assertThat(lock()).hasContent(other);
        leave(other, Lease.LENGTH.plusSeconds(5));
        TargetLock own = take();
        own.checkHeld(target());
        own.checkMayPatch(target());
        own.release();
        assertThat(lock()).doesNotExist();
    }

    @Test
    void theHolderKeepsItsLease() throws Exception {
        TargetLock own = take();
        Files.setLastModifiedTime(lock(), FileTime.from(Instant.EPOCH));
        while (Files.getLastModifiedTime(lock()).toMillis() == 0) {
            Thread.sleep(100);
        }
        own.checkHeld(target());
        own.release();
    }

    @Test
    void ofOneJvmOneHolds() throws IOException {
        TargetLock own = take();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::take).hasMessageContaining("another writer holds " + lock() + " {owner=a test");
        }
        own.checkHeld(target());
        TargetLock breaker = TargetLock.take(storage, target(), "another test", true);
        assertThatThrownBy(() -> own.checkHeld(target()))
                .hasMessageContaining("its lock " + lock() + " was taken away, found {\"owner\": \"another test\"");
        own.release();
        breaker.checkHeld(target());
        assertThatThrownBy(this::take).hasMessageContaining("{owner=another test");
        breaker.release();
        take().release();
    }

    /** As with {@code --jars}, or with Spark Connect, which load the connector once more. */
    @Test
    void theJvmsHolderIsKnownToAllClassLoaders() throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        TargetLock own = take();
        try (URLClassLoader other =
                new URLClassLoader(classPath.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> storageType = other.loadClass(Storage.class.getName());
            Constructor<?> local = other.loadClass(LocalStorage.class.getName()).getDeclaredConstructor();
            local.setAccessible(true);
            Method take = other.loadClass(TargetLock.class.getName())
                    .getMethod("take", storageType, String.class, String.class, boolean.class);
            Object otherStorage = local.newInstance();
            assertThatThrownBy(() -> take.invoke(null, otherStorage, target(), "a test", false))
                    .rootCause()
                    .hasMessageContaining("another writer holds " + lock());
        }
        own.checkHeld(target());
        own.release();
    }

    /** Its own user may lock what others may remove, and nobody more. */
    @Test
    void whoMayRemoveALockMayLockIt() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxr-x"));
        TargetLock own = take();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock())))
                .startsWith("rw-rw-")
                .endsWith("r--");
        own.release();
    }

    @Test
    void ofManyWhoFindADeadWritersLockOneGetsIt() throws Exception {
        String dead = ownText();
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
