package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Its methods run beside each other and beside other classes, as some wait for a lease. */
@Execution(ExecutionMode.CONCURRENT)
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

    private Path leaveStaging() throws IOException {
        return Files.createDirectory(directory.resolve(".x.npy." + UUID.randomUUID() + ".staging"));
    }

    /** The kernel knows who has a lock: what a process says of itself, its host and its process id do not matter. */
    @Test
    void aLockThatNoProcessOfThisKernelHoldsIsTakenOver() throws IOException {
        String text = ownText();
        assertThat(text)
                .contains("\"pid\": " + ProcessHandle.current().pid(), "\"host\": \"", "\"id\": \"", "\"kernel\": \"");
        for (String other : List.of(
                text,
                text.replaceFirst("\"pid\": \\d+", "\"pid\": 1"),
                text.replaceFirst("\"host\": \"[^\"]*\"", "\"host\": \"elsewhere\""))) {
            leave(other, Duration.ZERO);
            take().release();
            assertThat(lock()).doesNotExist();
        }
    }

    /** One that was made at this moment gets its text soon. */
    @Test
    void anEmptyLockIsTakenOverAfterABeat() throws IOException {
        leave("", Duration.ZERO);
        assertThatThrownBy(this::take).hasMessageContaining("another writer holds " + lock() + " {}");
        leave("", Lease.BEAT.plusSeconds(1));
        take().release();
        assertThat(lock()).doesNotExist();
    }

    @Test
    void aFileThatIsNoLockStays() throws IOException {
        for (String text :
                List.of("mine, an own file of the user that is longer", "{}", "{'owner': 1}", "\0mine", "[]")) {
            for (Duration ago : List.of(Duration.ZERO, Lease.BEAT.plusSeconds(1), Lease.LENGTH.plusSeconds(5))) {
                leave(text, ago);
                for (boolean breakOthers : List.of(false, true)) {
                    assertThatThrownBy(() -> TargetLock.take(storage, target(), "a test", breakOthers))
                            .hasMessageStartingWith("Cannot write " + target() + ": " + lock()
                                    + " is no lock, found a text that begins with ")
                            .hasMessageEndingWith(
                                    ", expected {\"owner\": …; move it away, breakLock=true does not remove it");
                }
                assertThat(lock()).hasContent(text);
            }
        }
    }

    @Test
    void theErrorAboutAFileThatIsNoLockShowsItsBeginning() throws IOException {
        leave("mine, an own file of the user\nand more than that", Duration.ZERO);
        assertThatThrownBy(this::take)
                .hasMessageContaining("begins with 'mine, an own file of the user\\nand more t', expected");
    }

    /** By a host that lost its power, on a disk or server that had not kept what it said. */
    @Test
    void whatIsLeftOfALockIsTakenOverWhenItsLeaseHasEnded() throws IOException {
        String text = ownText();
        for (String left : List.of(text.substring(0, 9), text.substring(0, 20), "\0".repeat(text.length()))) {
            leave(left, Lease.LENGTH.minusSeconds(20));
            assertThatThrownBy(this::take).hasMessageContaining("another writer holds " + lock() + " {}");
            leave(left, Lease.LENGTH.plusSeconds(5));
            take().release();
            assertThat(lock()).doesNotExist();
        }
    }

    /** Another kernel, an earlier start of this one, another mount: a file system may keep locks to each of them. */
    @Test
    void aFreeLockIsBelievedOnlyOfTheSameKernelAndFileSystem() throws IOException {
        String text = ownText();
        for (String other : List.of(
                text.replaceFirst("\"kernel\": \"[^/]*", "\"kernel\": \"0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"),
                text.replaceFirst("(\"kernel\": \"[^\"]*)\"", "$10\""),
                text.replaceFirst(", \"kernel\": \"[^\"]*\"", ""))) {
            leave(other, Lease.LENGTH.minusSeconds(20));
            assertThatThrownBy(this::take)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "Cannot write " + target() + ": another writer holds " + lock() + " {owner=a test, host=")
                    .hasMessageEndingWith(", expected none; wait for it, or set breakLock=true if it is gone");
            assertThat(lock()).hasContent(other);
        }
    }

    @Test
    void aLockOfAnotherKernelIsTakenOverWhenItsLeaseHasEnded() throws IOException {
        leave(ownText().replaceFirst("\"kernel\": \"", "\"kernel\": \"another"), Lease.LENGTH.plusSeconds(5));
        Path staging = leaveStaging();
        TargetLock own = take();
        assertThat(staging).as("of a holder that may live").doesNotExist();
        own.checkHeld(target());
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

    /** The lock is broken as a whole or not at all. */
    @Test
    void whoCannotMoveStagedFilesAwayLeavesTheLockToItsHolder() throws Exception {
        Path staging = leaveStaging();
        assumeTrue(run("chattr", "+i", staging.toString()) == 0, "no directory can be made immutable here");
        TargetLock own = take();
        try {
            assertThatThrownBy(() -> TargetLock.take(storage, target(), "another test", true))
                    .hasMessageContaining(staging.toString());
        } finally {
            run("chattr", "-i", staging.toString());
        }
        own.checkHeld(target());
        assertThat(JvmHolders.find(JvmHolders.key(lock()))).isEqualTo(Files.readString(lock()));
        own.release();
        assertThat(JvmHolders.find(JvmHolders.key(lock()))).isNull();
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
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
