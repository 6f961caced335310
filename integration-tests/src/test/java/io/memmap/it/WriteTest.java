package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static io.memmap.it.SavedFiles.rawLongs;
import static io.memmap.it.SavedFiles.readLongs;
import static io.memmap.it.SavedFiles.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Save modes, and which files they leave. */
class WriteTest {

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    /** The numbers from {@code start} on, in two partitions. */
    private DataFrameWriter<Row> range(long start, long end) {
        return writer(spark.range(start, end, 1, 2).selectExpr("id AS value"));
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return rows.write().format("memmap");
    }

    private static long[] numbers(long start, long end) {
        return LongStream.range(start, end).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void refusesWhatExistsUnlessToldWhatToDo(String name) throws IOException {
        Path target = directory.resolve(name);
        range(0, 10).save(target.toString());
        List<String> before = names(directory);
        for (DataFrameWriter<Row> writer : List.of(range(5, 6), range(5, 6).mode("errorifexists"))) {
            assertThatThrownBy(() -> writer.save(target.toString()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot write " + target
                            + ": it exists, expected nothing there under the save mode errorifexists; use"
                            + " mode(\"overwrite\"), mode(\"append\") or mode(\"ignore\")");
        }
        assertThat(readLongs(spark, target)).isEqualTo(numbers(0, 10));
        assertThat(names(directory)).isEqualTo(before);
    }

    /** Spark hands intervals only to a source that it asks for append or overwrite. */
    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void intervalsAreAppendedAndOverwritten(String name) throws IOException {
        String target = directory.resolve(name).toString();
        String first = "SELECT INTERVAL '1 02:03:04.000005' DAY TO SECOND AS d, INTERVAL '3-1' YEAR TO MONTH AS m";
        String second = "SELECT INTERVAL '-1' SECOND AS d, INTERVAL '-1' MONTH AS m";
        for (DataFrameWriter<Row> writer :
                List.of(writer(spark.sql(first)), writer(spark.sql(first)).mode("ignore"))) {
            assertThatThrownBy(() -> writer.save(target))
                    .hasMessageMatching("(?s).*(ErrorIfExists|Ignore)\"? mode.*Append.*");
        }
        assertThat(names(directory)).isEmpty();
        String casts = "CAST(d AS INTERVAL DAY TO SECOND) AS d, CAST(m AS INTERVAL YEAR TO MONTH) AS m";
        Dataset<Row> one = spark.sql(first).selectExpr(casts.split(", (?=CAST)"));
        Dataset<Row> two = spark.sql(second).selectExpr(casts.split(", (?=CAST)"));
        writer(one).mode("overwrite").save(target);
        writer(two).mode("append").save(target);
        assertThat(SavedFiles.read(spark, directory.resolve(name)).collectAsList())
                .containsExactlyElementsOf(one.union(two).collectAsList());
        writer(two).mode("overwrite").save(target);
        assertThat(SavedFiles.read(spark, directory.resolve(name)).collectAsList())
                .containsExactlyElementsOf(two.collectAsList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void ignoreWritesOnlyWhereNothingIs(String name) throws IOException {
        Path target = directory.resolve(name);
        range(0, 10).mode(SaveMode.Ignore).save(target.toString());
        List<String> before = names(directory);
        range(10, 20).mode(SaveMode.Ignore).save(target.toString());
        assertThat(readLongs(spark, target)).isEqualTo(numbers(0, 10));
        assertThat(names(directory)).isEqualTo(before).noneMatch(left -> left.startsWith("."));
    }

    @Test
    void aFileIsAllThatAWriteOfAFileLeaves() throws IOException {
        Path target = directory.resolve("x.npy");
        range(0, 10).save(target.toString());
        assertThat(names(directory)).containsExactly("x.npy");
        assertThat(npyLongs(target)).isEqualTo(numbers(0, 10));
        assertThat(SavedFiles.header(target)).startsWith("{'descr': '<i8', 'fortran_order': False, 'shape': (10,), }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dat", "bin", "mmap", "memmap", "raw", "DAT"})
    void aRawFileHasASidecarBesideIt(String suffix) throws IOException {
        Path target = directory.resolve("x." + suffix);
        range(0, 10).save(target.toString());
        assertThat(names(directory)).containsExactly("x." + suffix, "x." + suffix + ".memmap.json");
        assertThat(rawLongs(target)).isEqualTo(numbers(0, 10));
        assertThat(readLongs(spark, target)).isEqualTo(numbers(0, 10));
    }

    @Test
    void aDirectoryHoldsShardsAManifestAndTheMarkOfSuccess() throws IOException {
        Path target = directory.resolve("x");
        range(0, 10).save(target.toString());
        assertThat(names(directory)).containsExactly("x");
        List<String> names = names(target);
        assertThat(names).hasSize(4).startsWith("_SUCCESS", "_memmap.json");
        assertThat(names.get(2)).matches("part-000000-[0-9a-f]{8}\\.npy");
        assertThat(names.get(3)).matches("part-000001-[0-9a-f]{8}\\.npy");
        assertThat(npyLongs(target.resolve(names.get(2)))).isEqualTo(numbers(0, 5));
        assertThat(npyLongs(target.resolve(names.get(3)))).isEqualTo(numbers(5, 10));
        assertThat(readLongs(spark, target)).isEqualTo(numbers(0, 10));
    }

    @Test
    void rawShardsHaveSidecars() throws IOException {
        Path target = directory.resolve("x");
        range(0, 10).option("container", "raw").save(target.toString());
        List<String> shards = shards(target);
        assertThat(shards).hasSize(2).allMatch(name -> name.endsWith(".dat"));
        assertThat(names(target))
                .containsExactly(
                        "_SUCCESS",
                        "_memmap.json",
                        shards.get(0),
                        shards.get(0) + ".memmap.json",
                        shards.get(1),
                        shards.get(1) + ".memmap.json");
        assertThat(readLongs(spark, target)).isEqualTo(numbers(0, 10));
        range(10, 14).option("container", "raw").mode("append").save(target.toString());
        assertThat(readLongs(spark, target)).isEqualTo(numbers(0, 14));
        range(20, 24).option("container", "raw").mode("overwrite").save(target.toString());
        assertThat(readLongs(spark, target)).isEqualTo(numbers(20, 24));
        assertThat(names(target)).hasSize(6).doesNotContainAnyElementsOf(shards);
    }

    @Test
    void outputSaysOtherwiseThanTheName() throws IOException {
        Path file = directory.resolve("file");
        range(0, 10).option("output", "file").save(file.toString());
        assertThat(npyLongs(file)).isEqualTo(numbers(0, 10));
        Path shards = directory.resolve("shards.npy");
        range(0, 10).option("output", "directory").save(shards.toString());
        assertThat(shards(shards)).hasSize(2);
        assertThat(readLongs(spark, shards)).isEqualTo(numbers(0, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void overwriteReplacesAllOfIt(String name) throws IOException {
        Path target = directory.resolve(name);
        range(0, 10).save(target.toString());
        List<String> before = names(directory);
        List<String> oldShards = Files.isDirectory(target) ? shards(target) : List.of("none");
        writer(spark.range(0, 3, 1, 1).selectExpr("CAST(id AS FLOAT) / 2 AS a", "id AS b"))
                .mode("overwrite")
                .save(target.toString());
        assertThat(SavedFiles.read(spark, target).collectAsList())
                .containsExactly(RowFactory.create(0.0, 0L), RowFactory.create(0.5, 1L), RowFactory.create(1.0, 2L));
        assertThat(names(directory)).isEqualTo(before);
        if (Files.isDirectory(target)) {
            assertThat(names(target)).hasSize(3).doesNotContainAnyElementsOf(oldShards);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void overwriteAndAppendWriteWhereNothingIs(String name) throws IOException {
        Path first = directory.resolve("new/deep/" + name);
        range(0, 10).mode("overwrite").save(first.toString());
        assertThat(readLongs(spark, first)).isEqualTo(numbers(0, 10));
        Path second = directory.resolve("other/" + name);
        range(0, 10).mode("append").save(second.toString());
        assertThat(readLongs(spark, second)).isEqualTo(numbers(0, 10));
    }

    @ParameterizedTest
    @CsvSource({"file, directory, file", "directory, file, directory"})
    void overwriteTurnsNeitherKindIntoTheOther(String before, String after, String found) throws IOException {
        Path target = directory.resolve("x");
        range(0, 10).option("output", before).save(target.toString());
        assertThatThrownBy(() ->
                        range(5, 6).option("output", after).mode("overwrite").save(target.toString()))
                .hasMessageContaining("Cannot write " + target + " as one " + after + ": it is a " + found
                        + ", expected the same kind; set output=" + before
                        + ", choose another name, or remove it first");
        assertThat(readLongs(spark, target)).isEqualTo(numbers(0, 10));
        assertThat(names(directory)).containsExactly("x");
    }

    @Test
    void aNameOfAnNpyFileIsNoRawFile() throws IOException {
        Path target = directory.resolve("x.npy");
        assertThatThrownBy(() -> range(0, 1).option("container", "raw").save(target.toString()))
                .hasMessageContaining(
                        "Cannot write " + target + ": container=raw was given for a name that ends in .npy,"
                                + " expected another suffix such as .dat");
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void appendPutsRowsBehindThoseThatAreThere() throws IOException {
        Path target = directory.resolve("x");
        range(0, 10).save(target.toString());
        List<String> before = shards(target);
        range(10, 16).mode("append").save(target.toString());
        writer(spark.range(16, 18, 1, 1).selectExpr("id AS value"))
                .mode("append")
                .save(target.toString());
        assertThat(shards(target)).hasSize(5).startsWith(before.toArray(String[]::new));
        assertThat(shards(target).get(2)).startsWith("part-000002-");
        assertThat(shards(target).get(4)).startsWith("part-000004-");
        assertThat(readLongs(spark, target)).isEqualTo(numbers(0, 18));
        assertThat(names(directory)).containsExactly("x");
    }
}
