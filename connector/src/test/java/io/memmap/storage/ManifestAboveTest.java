package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestAboveTest {
    private static final String COLUMNS = "{\"version\": 2, \"dtype\": [[\"mine\", \"<i8\"]], \"trailingShape\": [],"
            + " \"layout\": \"sideBySide\", \"shards\": [{\"name\": \"mine/x.npy\", \"rows\": 1}]}";
    private static final String PARTITIONS = "{\"version\": 2, \"dtype\": \"<i8\", \"trailingShape\": [],"
            + " \"shards\": [{\"name\": \"k=1/x.npy\", \"rows\": 1}]}";

    @TempDir
    Path directory;

    private final Storage storage = new LocalStorage();
    private Path manifest;

    @BeforeEach
    void setUp() throws IOException {
        Files.createDirectory(directory.resolve("mine"));
        Files.createDirectory(directory.resolve("k=1"));
        manifest = directory.resolve("_memmap.json");
    }

    private String path(String name) {
        return "file:" + directory.resolve(name);
    }

    /** Gives a file to another user, which only root may. */
    private static void give(Path file) throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root gives files to others");
        Files.setAttribute(file, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
    }

    private void assertSaysNothing() throws IOException {
        for (String name : new String[] {"mine", "k=1"}) {
            assertThat(ManifestAbove.of(storage, path(name))).as(name).isEmpty();
        }
        for (String scheme : new String[] {"file:", ""}) {
            assertThat(ManifestAbove.isIn(storage, scheme + directory, scheme + directory.resolve("new.npy")))
                    .isFalse();
        }
    }

    @Test
    void saysWhichDirectoriesAreColumnsAndPartitions() throws IOException {
        Files.writeString(manifest, COLUMNS);
        assertThat(ManifestAbove.of(storage, path("mine"))).contains("file:" + directory);
        Files.writeString(manifest, PARTITIONS);
        assertThat(ManifestAbove.of(storage, path("k=1"))).contains("file:" + directory);
        give(manifest);
        assertThat(ManifestAbove.of(storage, path("k=1"))).contains("file:" + directory);
    }

    @Test
    void anotherUsersManifestInASharedDirectorySaysNothing() throws IOException {
        Files.setAttribute(directory, "unix:mode", 01777);
        for (String text : new String[] {COLUMNS, PARTITIONS, "{"}) {
            Files.writeString(manifest, text);
            give(manifest);
            assertSaysNothing();
        }
        give(directory.resolve("k=1"));
        Files.writeString(manifest, PARTITIONS);
        assertThat(ManifestAbove.of(storage, path("k=1"))).contains("file:" + directory);
    }

    @Test
    void anotherUsersLinkOrDirectoryInASharedDirectoryIsNotOpened() throws IOException {
        Files.setAttribute(directory, "unix:mode", 01777);
        Files.createSymbolicLink(manifest, Path.of("/dev/zero"));
        assertThatThrownBy(() -> ManifestAbove.of(storage, path("mine")))
                .hasMessageContaining("it is a FIFO, device or socket, expected a regular file");
        give(manifest);
        assertSaysNothing();
        Files.delete(manifest);
        give(Files.createDirectory(manifest));
        assertSaysNothing();
    }

    @Test
    void aNewFileIsNotGivenToTheUserOfAnothersManifest() throws IOException {
        Files.setAttribute(directory, "unix:mode", 01777);
        Files.writeString(manifest, PARTITIONS);
        Files.setAttribute(manifest, "unix:mode", 0666);
        give(manifest);
        Path own = Files.writeString(directory.resolve(".own"), "");
        Files.setAttribute(own, "unix:mode", 0600);
        storage.rename(path(".own"), path("new.npy"));
        Path renamed = directory.resolve("new.npy");
        assertThat(Files.getOwner(renamed)).isEqualTo(LocalPath.user());
        assertThat((int) Files.getAttribute(renamed, "unix:mode") & 0777).isEqualTo(0600);
    }
}
