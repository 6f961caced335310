package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static io.memmap.it.SavedFiles.readLongs;
import static io.memmap.it.SavedFiles.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of file systems throw runtime exceptions too. After the commit these fail no write and no DROP, before it they leave
 * what was there.
 */
class FailingClientTest {
    private final Map<String, String> settings = Map.of(
            "fs.wrapped.impl",
            WrappedFileSystem.class.getName(),
            "fs.wrapped.impl.disable.cache",
            "true",
            WrappedFileSystem.KEY,
            "open");

    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void configure() {
        session = new SqlSession(directory);
        settings.forEach(session.spark().sparkContext().hadoopConfiguration()::set);
    }

    @AfterEach
    void restore() {
        settings.keySet().forEach(session.spark().sparkContext().hadoopConfiguration()::unset);
    }

    private String wrapped(String name) {
        return "wrapped://" + directory.resolve(name);
    }

    private void save(long end, String name) {
        save(end, name, "overwrite");
    }

    private void save(long end, String name, String mode) {
        session.spark()
                .range(0, end, 1, 1)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .mode(mode)
                .save(wrapped(name));
    }

    private static void throwOnce(WrappedFileSystem.Call call, String path) {
        WrappedFileSystem.throwOnce(call, path, new IllegalStateException("thrown by a client"));
    }

    private static void throwOnceAt(String deleted) {
        throwOnce(WrappedFileSystem.Call.DELETE, deleted);
    }

    @Test
    void theOldFileOfAnOverwriteCannotBeDeleted() throws IOException {
        save(3, "x.npy");
        throwOnceAt(".*/\\.before");
        save(4, "x.npy");
        assertThat(WrappedFileSystem.hasThrown()).isTrue();
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(0, 1, 2, 3);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void aReplacedShardCannotBeDeletedBeforeTheNextWrite() throws IOException {
        save(3, "x");
        String old = shards(directory.resolve("x")).get(0);
        throwOnceAt(".*/" + old);
        save(4, "x");
        assertThat(WrappedFileSystem.hasThrown()).isTrue();
        assertThat(readLongs(session.spark(), directory.resolve("x"))).containsExactly(0, 1, 2, 3);
        assertThat(directory.resolve("x").resolve(old)).exists();
        save(5, "x");
        assertThat(directory.resolve("x").resolve(old)).doesNotExist();
        assertThat(names(directory)).containsExactly("x");
    }

    @Test
    void aDroppedShardCannotBeDeletedBeforeTheNextDrop() throws IOException {
        save(3, "x");
        String drop = "DROP TABLE memmap.`" + wrapped("x") + "` PURGE";
        throwOnceAt(".*/part-.*");
        session.sql(drop);
        assertThat(WrappedFileSystem.hasThrown()).isTrue();
        assertThat(Files.readString(directory.resolve("x/_memmap.json"))).contains("\"dropped\": true");
        session.sql(drop);
        assertThat(names(directory)).isEmpty();
    }

    /** A manifest would list the files of this moment. */
    @Test
    void anAppendThatFailsLeavesADirectoryWithoutAManifestAsItWas() throws IOException {
        save(3, "a.npy");
        Path target = Files.createDirectory(directory.resolve("x"));
        Files.copy(directory.resolve("a.npy"), target.resolve("a.npy"));
        throwOnce(WrappedFileSystem.Call.RENAME, ".*/part-.*");
        assertThatThrownBy(() -> save(3, "x", "append")).hasStackTraceContaining("thrown by a client");
        assertThat(names(target)).containsExactly("a.npy");
        Files.copy(directory.resolve("a.npy"), target.resolve("b.npy"));
        assertThat(session.spark()
                        .read()
                        .format("memmap")
                        .load(target.toString())
                        .count())
                .isEqualTo(6);
    }
}
