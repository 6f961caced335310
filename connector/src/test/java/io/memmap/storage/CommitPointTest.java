package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitPointTest {
    @TempDir
    Path directory;

    private final LocalStorage storage = new LocalStorage();

    @Test
    void anInterruptDoesNotReachTheRename() throws IOException {
        Path staged = Files.writeString(directory.resolve("staged"), "new");
        Path target = Files.writeString(directory.resolve("x.npy"), "old");
        Thread.currentThread().interrupt();
        CommitPoint.publish(storage, staged.toString(), target.toString());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(target).hasContent("new");
        assertThat(staged).doesNotExist();
    }

    @Test
    void whatIsNotRenamedIsAnError() throws IOException {
        Path staged = Files.writeString(directory.resolve("staged"), "new");
        Path target = Files.createDirectories(directory.resolve("x/y")).getParent();
        assertThatThrownBy(() -> CommitPoint.publish(storage, staged.toString(), target.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(target.toString());
        assertThat(staged).hasContent("new");
        assertThat(target.resolve("y")).isDirectory();
        try (var names = Files.list(directory)) {
            assertThat(names).containsExactlyInAnyOrder(staged, target);
        }
    }

    /** As FUSE and others do; /proc fails with EINVAL too. */
    @Test
    void aFileSystemThatFlushesNoDirectoriesIsNoError() throws IOException {
        Path directory = Path.of("/proc/self");
        assumeTrue(Files.isDirectory(directory), "no /proc here");
        DirectorySync.sync(directory);
        assertThatThrownBy(() -> DirectorySync.sync(Path.of("/proc/none"))).isInstanceOf(IOException.class);
    }

    /** A directory to which this user may only add names. */
    @Test
    void aDirectoryThatCannotBeReadIsNoError() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("-wx------"));
        assumeTrue(!Files.isReadable(closed), "root reads all directories");
        DirectorySync.sync(closed);
        storage.makeDirectory(closed.resolve("a").toString());
        assertThat(closed.resolve("a")).isDirectory();
    }

    @Test
    void directoriesAboveAreCreatedToo() throws IOException {
        Path below = directory.resolve("a/b/c");
        storage.makeDirectory(below.toString());
        storage.makeDirectory(below.toString());
        assertThat(below).isDirectory();
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> storage.makeDirectory(file.toString())).isInstanceOf(IOException.class);
    }
}
