package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.rawLongs;
import static io.memmap.it.SavedFiles.readLongs;
import static io.memmap.it.SavedFiles.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Redo;
import io.memmap.storage.Redo.Copy;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** Shards under their final names that no manifest lists; a name that only looks like one is somebody's. */
    @ParameterizedTest
    @ValueSource(strings = {"append", "overwrite"})
    void shardsOfADeadWriterGoWithTheNextWrite(String mode) throws IOException {
        Path target = directory.resolve("x");
        numbers(0, 10).option("container", "raw").save(target.toString());
        String orphan = "part-000007-0f0f0f0f.dat";
        for (String name : List.of(orphan, orphan + ".memmap.json", SUCCESS_OF_A_DEAD_WRITER, "part-7-mine.dat")) {
            Files.writeString(target.resolve(name), "half");
        }
        assertThat(readLongs(spark, target)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(LogLines.of(() ->
                        numbers(10, 12).option("container", "raw").mode(mode).save(target.toString())))
                .containsExactlyInAnyOrder(
                        removed(target, orphan),
                        removed(target, orphan + ".memmap.json"),
                        removed(target, SUCCESS_OF_A_DEAD_WRITER));
        assertThat(names(target))
                .contains("part-7-mine.dat")
                .doesNotContain(orphan, orphan + ".memmap.json", SUCCESS_OF_A_DEAD_WRITER);
        assertThat(readLongs(spark, target))
                .hasSize(mode.equals("append") ? 12 : 2)
                .endsWith(10, 11);
    }

    /** A change that was written down and not made, as its patch was not to be found then. */
    private void leaveAChange(Path raw) throws IOException {
        numbers(0, 2).save(raw.toString());
        String sidecar = raw + ".memmap.json";
        Path staging = Files.createDirectory(directory.resolve(".x.dat.staging"));
        Files.write(staging.resolve("piece"), Npy.i8(2, 3));
        Redo redo = new Redo(
                "",
                List.of(new Copy(staging + "/piece", 16, 16)),
                List.of(staging + "/patch"),
                "",
                "",
                16,
                Map.of(
                        sidecar,
                        Files.readString(Path.of(sidecar)).replace("[2]", "[4]").replace("16", "32")),
                staging.toString());
        Storage storage = Storage.of(raw.toString(), new HadoopSettings(new Configuration(), Map.of()));
        assertThatThrownBy(() -> redo.commit(storage, raw.toString())).hasMessageContaining("patch");
        Files.createFile(staging.resolve("patch"));
    }

    @Test
    void aReaderFinishesAChangeAndSaysSoOnce() throws IOException {
        Path raw = directory.resolve("x.dat");
        leaveAChange(raw);
        List<long[]> found = new ArrayList<>();
        assertThat(LogLines.of(() -> found.add(readLongs(spark, raw))))
                .singleElement()
                .asString()
                .endsWith(raw + ": finishing a change that its writer had committed when it died");
        assertThat(found.get(0)).containsExactly(0, 1, 2, 3);
        assertThat(LogLines.of(() -> found.add(readLongs(spark, raw)))).isEmpty();
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
    }

    @Test
    void aWriterFinishesAChangeBeforeItsOwn() throws IOException {
        Path raw = directory.resolve("x.dat");
        leaveAChange(raw);
        assertThat(LogLines.of(() -> numbers(4, 6).mode("append").save(raw.toString())))
                .singleElement()
                .asString()
                .endsWith(raw + ": finishing a change that its writer had committed when it died");
        assertThat(rawLongs(raw)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
    }

    /** The name of this setting does not outlive an option, which has no case. */
    @BeforeEach
    void configureTheWrappedFileSystem() {
        spark.sparkContext()
                .hadoopConfiguration()
                .set("fs.AbstractFileSystem.wrapped.impl", WrappedFileContext.class.getName());
    }

    private static DataFrameWriter<Row> wrapped(DataFrameWriter<Row> writer) {
        return writer.option(WrappedFileSystem.KEY, "open")
                .option("fs.wrapped.impl", WrappedFileSystem.class.getName())
                .option("fs.wrapped.impl.disable.cache", true);
    }

    /** Hadoop puts one file over another by deleting it first: the old manifest is there still, or already gone. */
    @ParameterizedTest
    @CsvSource({"append,DELETE", "append,RENAME", "overwrite,DELETE", "overwrite,RENAME"})
    void aManifestThatCannotBeReplacedTakesTheNewShardsAway(String mode, WrappedFileSystem.Call refused)
            throws IOException {
        Path target = directory.resolve("x");
        numbers(0, 10).save(target.toString());
        List<String> before = names(target);
        String manifest = Files.readString(target.resolve("_memmap.json"));
        WrappedFileSystem.refuseOnce(refused, target.resolve("_memmap.json"));
        assertThatThrownBy(() -> wrapped(numbers(10, 20)).mode(mode).save(WrappedFileSystem.SCHEME + "://" + target))
                .hasStackTraceContaining("refused to " + refused + " " + target.resolve("_memmap.json"));
        assertThat(names(target)).isEqualTo(before);
        assertThat(target.resolve("_memmap.json")).hasContent(manifest);
        assertThat(readLongs(spark, target)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(names(directory)).containsExactly("x");
        wrapped(numbers(10, 20)).mode("append").save(WrappedFileSystem.SCHEME + "://" + target);
        assertThat(shards(target)).hasSize(4);
        assertThat(readLongs(spark, target)).hasSize(20).startsWith(0, 1).endsWith(18, 19);
    }
}
