package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.Publication.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
    private static final HadoopSettings SETTINGS = new HadoopSettings(new Configuration(), Map.of());
    private static final byte[] OLD = {1};
    private static final byte[] NEW = {2, 3};

    private static final int ROUNDS = 200;
    private static final int FILES = 8;

    @TempDir
    private Path directory;

    private Path target;
    private Publication publication;

    @BeforeEach
    void lock() throws IOException {
        target = Files.write(directory.resolve("x"), OLD);
        publication = lock("the first", false);
    }

    @AfterEach
    void noInterruptIsLeft() {
        assertThat(Thread.interrupted()).isFalse();
        publication.abort();
    }

    private Publication lock(String owner, boolean breakLock) throws IOException {
        return Publication.lock(
                new LocalStorage(),
                target.toString(),
                SETTINGS,
                new Writer(UUID.randomUUID().toString(), owner, breakLock));
    }

    private List<Path> hidden() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.equals(target)).toList();
        }
    }

    private static String assembled(Staging staging) throws IOException {
        return Files.write(Path.of(staging.path(), ".assembled"), NEW).toString();
    }

    @Test
    void commitsWhatIsStagedAndLeavesNothingElse() throws IOException {
        String file = assembled(publication.stage());
        publication.commit(() -> publication.replace(file, Optional.empty()));
        assertThat(target).hasBinaryContent(NEW);
        publication.abort();
        assertThat(target).hasBinaryContent(NEW);
        assertThat(hidden()).isEmpty();
    }

    @Test
    void abortsWithoutACommit() throws IOException {
        assembled(publication.stage());
        publication.abort();
        assertThat(target).hasBinaryContent(OLD);
        assertThat(hidden()).isEmpty();
    }

    @Test
    void removesTheTarget() throws IOException {
        publication.commit(publication::remove);
        publication.abort();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void commitsNothingWhenItsLockWasBroken() throws IOException {
        publication.stage();
        Files.delete(directory.resolve(".x.lock"));
        Files.writeString(directory.resolve(".x.lock"), "{\"owner\": \"the second\"}");
        List<String> steps = new ArrayList<>();
        assertThatThrownBy(() -> publication.commit(() -> steps.add("made")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot write " + target + ": its lock")
                .hasMessageContaining("was taken away");
        assertThat(steps).isEmpty();
        publication.abort();
        assertThat(hidden()).containsExactly(directory.resolve(".x.lock"));
    }

    /** A takeover renames the directory, and an executor on another host may not see it. */
    @Test
    void aTaskWithoutTheStagingDirectorySaysSo() throws IOException {
        Path piece = Path.of(publication.stage().path(), ".part-0-5-0");
        Files.delete(piece.getParent());
        Storage storage = new LocalStorage();
        String message =
                "Cannot write file:" + piece + ": its directory is not there on this host, expected it until the"
                        + " write ends; the write has failed, another writer has taken over its lock, or the path is not visible"
                        + " from here";
        assertThatThrownBy(() -> storage.create(piece.toString(), 0)).hasMessage(message);
        assertThatThrownBy(() -> storage.createScratch(piece.toString())).hasMessage(message);
    }

    @Test
    void aSecondAbortLeavesTheNextWriterAlone() throws IOException {
        publication.abort();
        Publication next = lock("the second", false);
        String file = assembled(next.stage());
        publication.abort();
        next.commit(() -> next.replace(file, Optional.empty()));
        next.abort();
        assertThat(target).hasBinaryContent(NEW);
        assertThat(hidden()).isEmpty();
    }

    @Test
    void anInterruptedThreadAbortsAllTheSame() throws IOException {
        assembled(publication.stage());
        Thread.currentThread().interrupt();
        publication.abort();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(hidden()).isEmpty();
    }

    /** Tasks of a failed job create files and remove their own until the directory is gone. */
    @Test
    void nothingIsLeftOfFilesThatComeAndGoDuringTheAbort() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Path staging = Path.of(publication.stage().path());
            CountDownLatch begun = new CountDownLatch(1);
            Thread task = new Thread(() -> {
                try {
                    for (int file = 0; ; file = (file + 1) % FILES) {
                        Files.write(staging.resolve(".part-0-0-" + file), NEW);
                        Files.deleteIfExists(staging.resolve(".part-0-0-" + (file + 1) % FILES));
                        begun.countDown();
                    }
                } catch (IOException e) {
                    begun.countDown();
                }
            });
            task.setDaemon(true);
            task.start();
            begun.await();
            publication.abort();
            task.join(Duration.ofMinutes(1).toMillis());
            assertThat(hidden()).isEmpty();
            publication = lock("the next", false);
        }
    }

    @Test
    void leavesAStagingDirectoryThatItIsToKeep() throws IOException {
        Path staging = Path.of(publication.stage().path());
        publication.keepStaging();
        publication.abort();
        assertThat(hidden()).containsExactly(staging);
    }
}
