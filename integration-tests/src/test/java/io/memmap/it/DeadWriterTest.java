package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.rawLongs;
import static io.memmap.it.SavedFiles.readLongs;
import static io.memmap.it.SavedFiles.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.Fingerprint;
import io.memmap.spark.MemmapRecovery;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.LeftChange;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What whoever comes next does, and says in the log, about a writer that died or failed in the middle of its commit. */
class DeadWriterTest {
    private static final String SUCCESS_OF_A_DEAD_WRITER = "._SUCCESS.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.inprogress";

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private DataFrameWriter<Row> numbers(long start, long end) {
        return spark.range(start, end, 1, 2).selectExpr("id AS value").write().format("memmap");
    }

    private static String removed(Path target, String name) {
        return target + ": removing " + name + ", which a write that died has left";
    }

    /** As a writer leaves it that was killed before its manifest: shards under their final names, and a note of them. */
    @ParameterizedTest
    @ValueSource(strings = {"append", "overwrite"})
    void shardsOfADeadWriterGoWithTheNextWrite(String mode) throws IOException {
        Path target = directory.resolve("x");
        numbers(0, 10).option("container", "raw").save(target.toString());
        String orphan = "part-000007-0f0f0f0f.dat";
        List<String> others = List.of("part-000008-0f0f0f0f.dat", "part-7-mine.dat");
        for (String name : List.of(orphan, orphan + ".memmap.json", SUCCESS_OF_A_DEAD_WRITER)) {
            Files.writeString(target.resolve(name), "half");
        }
        for (String name : others) {
            Files.writeString(target.resolve(name), "mine");
        }
        Path staging = Files.createDirectory(directory.resolve(".x.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.staging"));
        // Rows that a Hadoop file system takes before the header of their shard.
        Files.writeString(staging.resolve(".part-1-3-0.body"), "rows");
        Fingerprint file = Storage.of(target.toString(), new HadoopSettings(new Configuration(), Map.of()))
                .stat(target.resolve(orphan).toString())
                .fingerprint();
        String shard = shards(target).get(0);
        Files.writeString(
                staging.resolve(".shards.json"),
                "[[\"" + orphan + "\", \"" + file.key() + "\", " + file.nbytes() + ", " + file.modified() + "], [\""
                        + others.get(0) + "\", \"ino=1\", 4, 1], [\"" + others.get(1) + "\"], [\"../x\"], [\"" + shard
                        + "\"]]");
        assertThat(readLongs(spark, target)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(LogLines.of(() ->
                        numbers(10, 12).option("container", "raw").mode(mode).save(target.toString())))
                .containsExactlyInAnyOrder(
                        target + ": removing file:" + staging + ", left by a write that died",
                        removed(target, orphan),
                        removed(target, SUCCESS_OF_A_DEAD_WRITER));
        assertThat(names(target))
                .containsAll(others)
                .doesNotContain(orphan, orphan + ".memmap.json", SUCCESS_OF_A_DEAD_WRITER);
        assertThat(readLongs(spark, target))
                .hasSize(mode.equals("append") ? 12 : 2)
                .endsWith(10, 11);
    }

    /** A raw file, two of whose four rows are to change, and one has. */
    private void leaveAnUpdate(Path raw) throws IOException {
        numbers(0, 4).save(raw.toString());
        LeftChange.of(raw).patch(8, Npy.i8(10)).patch(24, Npy.i8(30)).begin();
        LeftChange.write(raw, 8, Npy.i8(10));
    }

    @Test
    void aReaderLeavesAnUnfinishedChangeAlone() throws IOException {
        Path raw = directory.resolve("x.dat");
        leaveAnUpdate(raw);
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() -> readLongs(spark, raw))
                .hasMessageStartingWith(
                        "Cannot read " + raw + ": a change of it is not finished, by app-1 query-1 on host"
                                + " elsewhere, process 4711, since 1970-01-01T00:00:00Z; its rows may be old, new or both, expected a whole array.")
                .hasMessageContaining("MemmapRecovery.finish(\"" + raw + "\")");
        assertThat(everything(directory)).isEqualTo(before);
        assertThat(MemmapRecovery.finish(raw.toString())).isTrue();
        assertThat(readLongs(spark, raw)).containsExactly(0, 10, 2, 30);
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
        assertThat(MemmapRecovery.finish(raw.toString())).isFalse();
    }

    @Test
    void anUnfinishedChangeCanBeUndone() throws IOException {
        Path raw = directory.resolve("x.dat");
        leaveAnUpdate(raw);
        assertThat(MemmapRecovery.discard(raw.toString())).isTrue();
        assertThat(readLongs(spark, raw)).containsExactly(0, 1, 2, 3);
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
    }

    /** As a pod that is scheduled again elsewhere: nobody here can see that the first one is gone. */
    @Test
    void aChangeOfADriverThatDiedOnAnotherHostIsFinishedWhenItsLeaseHasEnded() throws IOException {
        Path raw = directory.resolve("x.dat");
        leaveAnUpdate(raw);
        Path lock = directory.resolve(".x.dat.lock");
        Files.writeString(lock, "{\"owner\": \"app-1 query-1\", \"host\": \"elsewhere\", \"pid\": 4711}");
        assertThatThrownBy(() -> numbers(4, 6).mode("append").save(raw.toString()))
                .hasMessageContaining("another writer holds " + lock
                        + " {owner=app-1 query-1, host=elsewhere, pid=4711}, expected none; wait for it");
        assertThatThrownBy(() -> MemmapRecovery.finish(raw.toString())).hasMessageContaining("another writer holds");
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(70)));
        numbers(4, 6).mode("append").save(raw.toString());
        assertThat(rawLongs(raw)).containsExactly(0, 10, 2, 30, 4, 5);
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
    }

    @Test
    void aWriterFinishesAChangeBeforeItsOwn() throws IOException {
        Path raw = directory.resolve("x.dat");
        leaveAnUpdate(raw);
        assertThat(LogLines.of(() -> numbers(4, 6).mode("append").save(raw.toString())))
                .singleElement()
                .asString()
                .endsWith(raw + ": finishing a change that its writer had committed when it died");
        assertThat(rawLongs(raw)).containsExactly(0, 10, 2, 30, 4, 5);
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
    }

    private static DataFrameWriter<Row> wrapped(DataFrameWriter<Row> writer) {
        return writer.option(WrappedFileSystem.KEY, "open")
                .option("fs.wrapped.impl", WrappedFileSystem.class.getName())
                .option("fs.wrapped.impl.disable.cache", true);
    }

    /** The new manifest is written in the place of the old one, of which nothing is left then. */
    @ParameterizedTest
    @ValueSource(strings = {"append", "overwrite"})
    void aManifestThatCannotBeWrittenTakesTheNewShardsAway(String mode) throws IOException {
        Path target = directory.resolve("x");
        numbers(0, 10).save(target.toString());
        List<String> before = names(target);
        String manifest = Files.readString(target.resolve("_memmap.json"));
        WrappedFileSystem.refuseOnce(WrappedFileSystem.Call.CREATE, target.resolve("_memmap.json"));
        assertThatThrownBy(() -> wrapped(numbers(10, 20)).mode(mode).save(WrappedFileSystem.SCHEME + "://" + target))
                .hasStackTraceContaining("refused to CREATE " + target.resolve("_memmap.json"));
        assertThat(names(target)).isEqualTo(before);
        assertThat(target.resolve("_memmap.json")).hasContent(manifest);
        assertThat(readLongs(spark, target)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(names(directory)).containsExactly("x");
        wrapped(numbers(10, 20)).mode("append").save(WrappedFileSystem.SCHEME + "://" + target);
        assertThat(shards(target)).hasSize(4);
        assertThat(readLongs(spark, target)).hasSize(20).startsWith(0, 1).endsWith(18, 19);
    }
}
