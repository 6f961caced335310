package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirectoryTest {
    private static final int ROUNDS = 400;
    private static final int FILES = 20;

    @TempDir
    Path directory;

    private Path victim;
    private Path home;

    @BeforeEach
    void setUp() throws IOException {
        victim = Files.createDirectory(directory.resolve("victim"));
        Files.writeString(victim.resolve("key"), "secret");
        home = Files.createDirectory(directory.resolve("home"));
    }

    @Test
    void opensRegularFilesAndDirectoriesOnly() throws IOException {
        Files.createSymbolicLink(home.resolve("link"), victim.resolve("key"));
        Files.createSymbolicLink(home.resolve("below"), victim);
        try (LocalDirectory open = LocalDirectory.open(home)) {
            assertThatThrownBy(() -> open.file("link", StandardOpenOption.READ))
                    .hasMessage(home.resolve("link") + " is no regular file, expected one");
            assertThatThrownBy(() -> open.directory("below"))
                    .hasMessage(home.resolve("below") + " is no directory, expected one");
            assertThatThrownBy(() -> open.directory("missing")).isInstanceOf(NoSuchFileException.class);
            assertThat(open.names()).containsExactlyInAnyOrder("link", "below");
        }
    }

    @Test
    void anErrorNamesTheDirectoryToo() throws Exception {
        Path program = Files.copy(Path.of("/bin/sleep"), home.resolve("program"), StandardCopyOption.COPY_ATTRIBUTES);
        Process running = new ProcessBuilder(program.toString(), "1000").start();
        try (LocalDirectory open = LocalDirectory.open(home)) {
            assertThatThrownBy(() -> open.file("program", StandardOpenOption.WRITE))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessage(program + ": Text file busy");
        } finally {
            running.destroyForcibly().waitFor();
        }
    }

    @Test
    void deletesLinksAndNotWhatTheyLeadTo() throws IOException {
        Path tree = Files.createDirectories(home.resolve("tree/below"));
        Files.createSymbolicLink(tree.resolve("link"), victim);
        Files.writeString(tree.resolve("file"), "x");
        try (LocalDirectory open = LocalDirectory.open(home)) {
            open.delete("tree");
            open.delete("tree");
        }
        assertThat(home).isEmptyDirectory();
        assertThat(victim.resolve("key")).hasContent("secret");
    }

    @Test
    void deletesAStagingDirectoryOnlyIfAllInItIsStaged() throws IOException {
        Path staging = Files.createDirectories(home.resolve("staging/array"));
        Files.writeString(staging.resolve("_memmap.json"), "{}");
        Files.writeString(staging.resolve("part-000000-0f0f0f0f.npy"), "rows");
        Files.writeString(home.resolve("staging/.part-0-0-0"), "rows");
        Files.createDirectories(home.resolve("other/array"));
        Path other = Files.writeString(home.resolve("other/array/notes.txt"), "mine");
        try (LocalDirectory open = LocalDirectory.open(home)) {
            open.deleteStaged("staging");
            assertThat(home.resolve("staging")).doesNotExist();
            assertThatThrownBy(() -> open.deleteStaged("other"))
                    .hasMessage("Cannot delete " + home.resolve("other")
                            + ": no write has made notes.txt in it, expected only what a write stages; move it away");
            Files.delete(other);
            Path manifest = Files.writeString(home.resolve("other/_memmap.json"), "{}");
            assertThatThrownBy(() -> open.deleteStaged("other")).hasMessageContaining("it is an array with a manifest");
            assertThat(manifest).exists();
        }
    }

    /** The names of its files are known to whoever puts the link there. */
    @Test
    void followsNoLinkThatTakesThePlaceOfADirectory() throws Exception {
        for (int j = 0; j < FILES; j++) {
            Files.createFile(victim.resolve("file" + j));
        }
        Path tree = home.resolve("tree");
        Path below = tree.resolve("below");
        Path aside = tree.resolve("aside");
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger swaps = new AtomicInteger();
        Thread attacker = new Thread(() -> {
            while (!ended.get()) {
                try {
                    Files.move(below, aside);
                    Files.createSymbolicLink(below, victim);
                    swaps.incrementAndGet();
                    Files.delete(below);
                    Files.move(aside, below);
                } catch (IOException e) {
                    // It was deleted meanwhile.
                    Thread.onSpinWait();
                }
            }
        });
        attacker.start();
        try {
            for (int i = 0; i < ROUNDS; i++) {
                try {
                    Files.createDirectories(below);
                    for (int j = 0; j < FILES; j++) {
                        Files.createFile(below.resolve("file" + j));
                    }
                } catch (IOException e) {
                    // It was moved meanwhile.
                    Thread.onSpinWait();
                }
                try {
                    new LocalStorage().delete(tree.toString());
                } catch (IOException e) {
                    // It was filled meanwhile.
                    Thread.onSpinWait();
                }
                assertThat(victim.toFile().list()).as("round " + i).hasSize(1 + FILES);
            }
        } finally {
            ended.set(true);
            attacker.join();
        }
        assertThat(swaps).hasPositiveValue();
    }
}
