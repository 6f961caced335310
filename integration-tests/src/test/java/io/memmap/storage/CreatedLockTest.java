package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks on a Hadoop file system that other processes have left, or hold. */
class CreatedLockTest {
    @TempDir
    Path directory;

    private Storage storage;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(ProcessTable.here().isPresent(), "no /proc");
        Configuration configuration = new Configuration();
        configuration.set("fs.plain.impl", "io.memmap.it.FileSystemsTest$PlainFileSystem");
        storage = Storage.of(target(), new HadoopSettings(configuration, Map.of()));
    }

    private String target() {
        return "plain:" + directory.resolve("x.npy");
    }

    private Path lock() {
        return directory.resolve(".x.npy.lock");
    }

    private TargetLock take() throws IOException {
        return TargetLock.take(storage, target(), "a test", false);
    }

    /** The text of a lock that this process would have, with another process in it. */
    private String text(long pid, long started) throws IOException {
        TargetLock own = take();
        String text = Files.readString(lock());
        own.release();
        assertThat(text).contains("\"kernel\": \"" + ProcessTable.here().get() + "\"");
        return text.replaceFirst("\"pid\": \\d+", "\"pid\": " + pid)
                .replaceFirst("\"started\": \\d+", "\"started\": " + started);
    }

    private void assertTakenOver(String text) throws IOException {
        Files.writeString(lock(), text);
        TargetLock own = take();
        own.checkHeld(target());
        own.release();
        assertThat(directory).isEmptyDirectory();
    }

    private void assertRefused(String text) throws IOException {
        Files.writeString(lock(), text);
        assertThatThrownBy(this::take)
                .hasMessageStartingWith("Cannot write " + target() + ": another writer holds plain:" + lock())
                .hasMessageEndingWith("expected none; wait for it, or set breakLock=true if it is gone");
        assertThat(lock()).hasContent(text);
        Files.delete(lock());
    }

    @Test
    void theLockOfAProcessIsTakenOverOnceItHasEnded() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        String text;
        try {
            text = text(other.pid(), ProcessTable.started(other.pid()).orElseThrow());
            assertRefused(text);
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertTakenOver(text);
    }

    @Test
    void anotherProcessWithTheSameIdIsNotTheHolder() throws Exception {
        long pid = ProcessHandle.current().pid();
        long started = ProcessTable.started(pid).orElseThrow();
        assertRefused(text(pid, started));
        assertTakenOver(text(pid, started - 1));
    }

    @Test
    void aZombieHasEnded() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.1 & echo $!; exec sleep 1000").start();
        try (BufferedReader output = parent.inputReader(StandardCharsets.UTF_8)) {
            long pid = Long.parseLong(output.readLine());
            long started = ProcessTable.started(pid).orElseThrow();
            while (ProcessTable.started(pid).isPresent()) {
                Thread.onSpinWait();
            }
            assertThat(Path.of("/proc/" + pid)).exists();
            assertTakenOver(text(pid, started));
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    /** By host name and process id alone each of these would be dead. */
    @Test
    void whereNothingCanBeKnownTheLockStays() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        String text = text(ended.pid(), 1);
        for (String other : List.of(
                text.replaceFirst("\"kernel\": \"", "\"kernel\": \"another"),
                text.replaceFirst("pid:\\[\\d+\\]", "pid:[4711]"),
                text.replaceFirst("/(\\d+)\"", "/4711$1\""),
                text.replaceFirst(", \"kernel\": \"[^\"]*\"", ""),
                text.replaceFirst("\"started\": \\d+", "\"started\": \"2026-01-01T00:00:00Z\""),
                "")) {
            assertThat(other).isNotEqualTo(text);
            assertRefused(other);
        }
    }

    @Test
    void aFileThatIsNoLockStays() throws IOException {
        Files.writeString(lock(), "mine");
        for (boolean breakOthers : List.of(false, true)) {
            assertThatThrownBy(() -> TargetLock.take(storage, target(), "a test", breakOthers))
                    .hasMessage("Cannot write " + target() + ": plain:" + lock()
                            + " is no lock, found a text that begins with 'mine', expected {\"owner\": …; move it away,"
                            + " breakLock=true does not remove it");
        }
        assertThat(lock()).hasContent("mine");
    }
}
