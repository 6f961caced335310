package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.readLongs;
import static io.memmap.it.SavedFiles.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.storage.HadoopSettings;
import io.memmap.storage.LeftChange;
import io.memmap.storage.Storage;
import io.memmap.storage.TargetLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DROP TABLE ... PURGE of directories of shards. */
class DropDirectoryTest {
    private static final String STAGING = ".x.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.staging";

    @TempDir
    private Path directory;

    private SqlSession session;
    private Path target;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
        target = directory.resolve("x");
    }

    private void save(long from, long to, String mode) {
        session.spark()
                .range(from, to, 1, 1)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .mode(mode)
                .option("output", "directory")
                .save(target.toString());
    }

    private void drop() {
        session.sql("DROP TABLE memmap.`" + target + "` PURGE");
    }

    private static int attribute(String sign, Path file) throws Exception {
        return new ProcessBuilder("chattr", sign + "i", file.toString())
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    /** Makes a shard one that cannot be deleted. */
    private Path immutableShard() throws Exception {
        Path shard = target.resolve(shards(target).get(0));
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/chattr")) && attribute("+", shard) == 0,
                "no immutable files here, or not for this user");
        return shard;
    }

    /** The shard is an array again once no manifest is there that lists others. */
    @Test
    void aShardThatCannotBeDeletedStaysDropped() throws Exception {
        save(0, 10, "overwrite");
        Path shard = immutableShard();
        try {
            drop();
            assertThatThrownBy(() -> readLongs(session.spark(), target)).hasMessageContaining("the array was dropped");
            save(20, 22, "overwrite");
            assertThat(readLongs(session.spark(), target)).containsExactly(20, 21);
            save(22, 23, "append");
            assertThat(readLongs(session.spark(), target)).containsExactly(20, 21, 22);
            drop();
            assertThatThrownBy(() -> readLongs(session.spark(), target)).hasMessageContaining("the array was dropped");
            assertThat(shard).exists();
        } finally {
            attribute("-", shard);
        }
        drop();
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void aReplacedShardThatCannotBeDeletedIsNoArrayAfterADrop() throws Exception {
        save(0, 10, "overwrite");
        Path shard = immutableShard();
        try {
            save(20, 22, "overwrite");
            assertThat(readLongs(session.spark(), target)).containsExactly(20, 21);
            drop();
            assertThatThrownBy(() -> readLongs(session.spark(), target)).hasMessageContaining("the array was dropped");
        } finally {
            attribute("-", shard);
        }
        save(30, 32, "overwrite");
        assertThat(readLongs(session.spark(), target)).containsExactly(30, 31);
        assertThat(shard).doesNotExist();
        assertThat(names(directory)).containsExactly("x");
        drop();
        assertThat(names(directory)).isEmpty();
    }

    /** Nothing else says which of the files are the array's: after a DROP they would be one again. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"version\": 9}"})
    void whatAManifestListsIsNotOverwrittenWhenItCannotBeRead(String damaged) throws IOException {
        save(0, 4, "overwrite");
        Path manifest = target.resolve("_memmap.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, damaged);
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() -> save(20, 22, "overwrite"))
                .hasMessageContaining("Cannot overwrite " + target + ": its manifest cannot be read (")
                .hasMessageContaining("Restore it, or remove the directory");
        assertThat(everything(directory)).isEqualTo(before);
        Files.writeString(manifest, text);
        save(20, 22, "overwrite");
        drop();
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void replacedShardsGoAlsoWhereTheMarkOfSuccessCannotBeWritten() throws IOException {
        save(0, 10, "overwrite");
        String old = shards(target).get(0);
        Files.delete(target.resolve("_SUCCESS"));
        Files.createDirectory(target.resolve("_SUCCESS"));
        save(20, 22, "overwrite");
        assertThat(readLongs(session.spark(), target)).containsExactly(20, 21);
        assertThat(target.resolve(old)).doesNotExist();
    }

    /** The shard was being changed by its own path. */
    @ParameterizedTest
    @ValueSource(strings = {"DROP TABLE # PURGE", "INSERT OVERWRITE # VALUES (7L, 1)"})
    void whatADeadWriterLeftOfAChangeOfAShardGoesWithIt(String statement) throws IOException {
        String table = "memmap.`" + target + "`";
        session.sql(
                "CREATE TABLE " + table + " PARTITIONED BY (q) AS SELECT id AS value, 0 AS q FROM range(0, 4, 1, 1)");
        Path partition = target.resolve("q=0");
        Path shard = partition.resolve(shards(partition).get(0));
        LeftChange.of(shard).patch(136, Npy.i8(10)).patch(144, Npy.i8(20)).begin();
        LeftChange.write(shard, 136, Npy.i8(10));
        session.sql(statement.replace("#", table));
        assertThat(partition).doesNotExist();
        if (statement.startsWith("DROP")) {
            assertThat(names(directory)).isEmpty();
        } else {
            assertThat(readLongs(session.spark(), target)).containsExactly(7);
        }
    }

    /** A writer died before it deleted the shards that it had replaced. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "x.npy"})
    void whatADeadWriterReplacedIsNoArrayAfterADrop(String name) throws IOException {
        target = directory.resolve(name);
        save(0, 10, "overwrite");
        String old = shards(target).get(0);
        Files.move(target.resolve(old), directory.resolve(old));
        save(20, 22, "overwrite");
        Files.move(directory.resolve(old), target.resolve(old));
        Files.writeString(target.resolve("mine.txt"), "mine");
        Path staging = Files.createDirectory(directory.resolve(STAGING.replace(".x.", "." + name + ".")));
        Files.writeString(staging.resolve(".shards.json"), "[[\"" + old + "\"]]");
        drop();
        assertThat(names(directory)).containsExactly(name);
        assertThat(names(target)).containsExactly("mine.txt");
    }

    /** One of two shards is missing, so nothing can be read. */
    @Test
    void whatCannotBeReadIsReplacedWhole() throws IOException {
        save(0, 10, "overwrite");
        save(10, 20, "append");
        Files.delete(target.resolve(shards(target).get(0)));
        save(20, 22, "overwrite");
        assertThat(shards(target)).hasSize(1);
        drop();
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void aLinkIsDroppedWithItsDirectoryUnderTheLockOfIt() throws IOException {
        save(0, 10, "overwrite");
        Path links = Files.createDirectory(directory.resolve("links"));
        Path link = Files.createSymbolicLink(links.resolve("x"), target);
        Storage storage = Storage.of(target.toString(), new HadoopSettings(new Configuration(), Map.of()));
        TargetLock lock = TargetLock.take(storage, target.toString(), "a test", false);
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/links/x` PURGE"))
                .hasStackTraceContaining("another writer holds " + directory.resolve(".x.lock"));
        lock.release();
        assertThat(readLongs(session.spark(), link)).hasSize(10);
        session.sql("DROP TABLE memmap.`@/links/x` PURGE");
        assertThat(names(directory)).containsExactly("links");
        assertThat(names(links)).isEmpty();
    }

    @Test
    void aLinkGoesAndFilesThatAreNoShardsStay() throws IOException {
        save(0, 10, "overwrite");
        Files.writeString(target.resolve("mine.txt"), "mine");
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        session.sql("DROP TABLE memmap.`@/link` PURGE");
        assertThat(link).doesNotExist();
        assertThat(names(target)).containsExactly("mine.txt");
    }
}
