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
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rows a write makes, in which order: ascending partition, then the order in the partition. */
class WriteRowsTest {

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return rows.write().format("memmap");
    }

    /** The numbers 0 to {@code count} in the order of no number. */
    private Dataset<Row> shuffled(long count, int partitions) {
        return spark.range(0, count, 1, partitions).selectExpr("(id * 7919) % 10007 AS value");
    }

    private static long[] shuffledNumbers(long count) {
        return LongStream.range(0, count).map(i -> i * 7919 % 10007).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 37, 200})
    void keepsTheOrderOfManyPartitions(int partitions) throws IOException {
        Path npy = directory.resolve("x.npy");
        writer(shuffled(5000, partitions)).save(npy.toString());
        assertThat(npyLongs(npy)).isEqualTo(shuffledNumbers(5000));
        Path raw = directory.resolve("x.dat");
        writer(shuffled(5000, partitions)).save(raw.toString());
        assertThat(rawLongs(raw)).isEqualTo(shuffledNumbers(5000));
        Path shards = directory.resolve("x");
        writer(shuffled(5000, partitions)).save(shards.toString());
        assertThat(shards(shards)).hasSize(partitions);
        assertThat(readLongs(spark, shards)).isEqualTo(shuffledNumbers(5000));
        assertThat(names(directory)).containsExactly("x", "x.dat", "x.dat.memmap.json", "x.npy");
    }

    @Test
    void nullDatesAndTimesBecomeWhatTheUserSays() {
        Dataset<Row> nulls = spark.sql("SELECT CAST(NULL AS DATE) AS d, CAST(NULL AS TIMESTAMP_NTZ) AS t,"
                + " CAST(NULL AS TIMESTAMP_NTZ) AS u, CAST(NULL AS DATE) AS n");
        Path file = directory.resolve("x.npy");
        writer(nulls)
                .option("nullValue", "d=2020-02-29, t=2020-02-29T12:30:00.000001, u=-1, n=NaT")
                .save(file.toString());
        assertThat(SavedFiles.read(spark, file)
                        .selectExpr("CAST(d AS STRING)", "CAST(t AS STRING)", "CAST(u AS STRING)", "n")
                        .collectAsList())
                .containsExactly(RowFactory.create(
                        "2020-02-29", "2020-02-29 12:30:00.000001", "1969-12-31 23:59:59.999999", null));
        writer(nulls.select("d"))
                .option("nullValue", "2020-02-28")
                .mode("overwrite")
                .save(file.toString());
        assertThat(SavedFiles.read(spark, file)
                        .selectExpr("CAST(value AS STRING)")
                        .collectAsList())
                .containsExactly(RowFactory.create("2020-02-28"));
        for (String column : List.of("d", "t")) {
            assertThatThrownBy(() -> writer(nulls.select(column))
                            .option("nullValue", "banana")
                            .mode("overwrite")
                            .save(file.toString()))
                    .hasStackTraceContaining(
                            "column '" + column + "': found NULL, and nullValue=banana does not do: found"
                                    + " 'banana', expected NaT, a count of");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x"})
    void theFirstPartitionComesFirstThoughItEndsLast(String name) throws IOException {
        Path target = directory.resolve(name);
        Gate.of(0, 999);
        writer(Gate.numbers(spark, 1000, 10)).save(target.toString());
        assertThat(readLongs(spark, target)).isEqualTo(LongStream.range(0, 1000).toArray());
    }

    @Test
    void keepsTheOrderOfASort() throws IOException {
        Path target = directory.resolve("x.npy");
        Dataset<Row> sorted = shuffled(5000, 7).repartition(5).orderBy("value");
        writer(sorted).save(target.toString());
        assertThat(npyLongs(target))
                .isEqualTo(LongStream.of(shuffledNumbers(5000)).sorted().toArray());
    }

    @ParameterizedTest
    @CsvSource({"1,10", "3,4", "5,2", "9,2", "10,1", "11,1", "0,1"})
    void aShardHasAtMostMaxRecordsPerFile(long max, int files) throws IOException {
        Path target = directory.resolve("x");
        writer(shuffled(10, 1)).option("maxRecordsPerFile", max).save(target.toString());
        List<String> shards = shards(target);
        assertThat(shards).hasSize(files);
        for (String shard : shards) {
            assertThat(npyLongs(target.resolve(shard)).length).isLessThanOrEqualTo((int) (max == 0 ? 10 : max));
        }
        assertThat(readLongs(spark, target)).isEqualTo(shuffledNumbers(10));
    }

    @Test
    void maxRecordsPerFileLeavesOneFileWhole() throws IOException {
        Path target = directory.resolve("x.npy");
        writer(shuffled(1000, 3)).option("maxRecordsPerFile", 7).save(target.toString());
        assertThat(npyLongs(target)).isEqualTo(shuffledNumbers(1000));
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void partitionsWithoutRowsMakeNoShards() throws IOException {
        Path target = directory.resolve("x");
        writer(spark.range(0, 100, 1, 10).selectExpr("id AS value").where("value % 100 IN (35, 77)"))
                .save(target.toString());
        assertThat(shards(target)).hasSize(2);
        assertThat(readLongs(spark, target)).containsExactly(35, 77);
    }

    @ParameterizedTest
    @CsvSource({"x.npy,auto", "x.dat,auto", "x,auto", "x,raw"})
    void noRowsMakeAnArrayWithoutRows(String name, String container) throws IOException {
        Path target = directory.resolve(name);
        StructType schema = new StructType().add("a", "int").add("v", "array<float>");
        for (Dataset<Row> empty : List.of(
                spark.createDataFrame(List.<Row>of(), schema),
                spark.range(0, 9, 1, 3)
                        .selectExpr("CAST(id AS INT) AS a", "array(0f) AS v")
                        .where("rand() > 2"),
                noPartitions(schema))) {
            writer(empty)
                    .option("container", container)
                    .option("columnDtypes", "v ('<f4', (2,))")
                    .mode("overwrite")
                    .save(target.toString());
            Dataset<Row> back = SavedFiles.read(spark, target);
            assertThat(back.collectAsList()).isEmpty();
            assertThat(back.schema().simpleString()).isEqualTo("struct<a:int,v:array<float>>");
        }
        assertThat(names(directory)).noneMatch(left -> left.startsWith("."));
    }

    private Dataset<Row> noPartitions(StructType schema) {
        Dataset<Row> none =
                spark.createDataFrame(spark.emptyDataFrame().toJavaRDD().filter(row -> false), schema);
        assertThat(none.toJavaRDD().getNumPartitions()).isZero();
        return none;
    }

    @Test
    void appendingNoRowsChangesNoRow() throws IOException {
        Path target = directory.resolve("x");
        writer(shuffled(10, 2)).save(target.toString());
        writer(shuffled(0, 1)).mode("append").save(target.toString());
        writer(noPartitions(new StructType().add("value", "bigint")))
                .mode("append")
                .save(target.toString());
        assertThat(readLongs(spark, target)).isEqualTo(shuffledNumbers(10));
    }

    @Test
    void appendRefusesOtherColumns() throws IOException {
        Path target = directory.resolve("x");
        writer(spark.range(3).selectExpr("id AS a", "CAST(id AS FLOAT) AS b")).save(target.toString());
        List<String> before = names(target);
        Map.of(
                        "id AS a",
                        "Cannot write columns [a] as a record of fields [a, b]: no column for [b]",
                        "id AS a, id AS c",
                        "no field for [c], no column for [b]",
                        "id AS a, CAST(id AS STRING) AS b",
                        "Cannot write column 'b'")
                .forEach((columns, message) -> assertThatThrownBy(
                                () -> writer(spark.range(3).selectExpr(columns.split(", ")))
                                        .mode("append")
                                        .save(target.toString()))
                        .hasMessageContaining(message));
        assertThat(names(target)).isEqualTo(before);
        assertThat(names(directory)).containsExactly("x");
    }

    @Test
    void appendMatchesRecordsAndMatricesByName() throws IOException {
        Path records = directory.resolve("records");
        writer(spark.range(1).selectExpr("1 AS a", "2 AS b")).save(records.toString());
        writer(spark.range(1).selectExpr("4 AS b", "3 AS a")).mode("append").save(records.toString());
        assertThat(SavedFiles.read(spark, records).collectAsList())
                .containsExactlyInAnyOrder(RowFactory.create(1, 2), RowFactory.create(3, 4));
        Path matrix = directory.resolve("matrix");
        writer(spark.range(1).selectExpr("1 AS c0", "2 AS c1"))
                .option("dtype", "<i4")
                .save(matrix.toString());
        writer(spark.range(1).selectExpr("4 AS c1", "3 AS c0")).mode("append").save(matrix.toString());
        assertThat(SavedFiles.read(spark, matrix).collectAsList())
                .containsExactlyInAnyOrder(RowFactory.create(1, 2), RowFactory.create(3, 4));
    }

    @Test
    void appendsToADirectoryThatAnotherProgramFilled() throws IOException {
        Path target = Files.createDirectory(directory.resolve("x"));
        Npy.of("'<i8'", "(3,)").write(target.resolve("10.npy"), Npy.i8(3, 4, 5));
        Npy.of("'<i8'", "(3,)").write(target.resolve("9.npy"), Npy.i8(0, 1, 2));
        Files.writeString(target.resolve("notes.txt"), "not an array");
        writer(spark.range(6, 10, 1, 2).selectExpr("id AS value"))
                .mode("append")
                .save(target.toString());
        assertThat(readLongs(spark, target)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(names(target)).contains("10.npy", "9.npy", "notes.txt", "_memmap.json", "_SUCCESS");
        writer(spark.range(0, 2, 1, 1).selectExpr("CAST(id AS DOUBLE) AS value"))
                .mode("overwrite")
                .save(target.toString());
        assertThat(SavedFiles.read(spark, target).collectAsList())
                .containsExactly(RowFactory.create(0.0), RowFactory.create(1.0));
        assertThat(names(target)).hasSize(4).contains("notes.txt", "_memmap.json", "_SUCCESS");
    }

    @Test
    void overwritesWhatCannotBeRead() throws IOException {
        Path target = directory.resolve("x");
        writer(shuffled(10, 2)).save(target.toString());
        Files.delete(target.resolve(shards(target).get(0)));
        writer(shuffled(20, 2)).mode("overwrite").save(target.toString());
        assertThat(readLongs(spark, target)).isEqualTo(shuffledNumbers(20));
    }

    @Test
    void readsWhatItOverwrites() throws IOException {
        Path target = directory.resolve("x");
        writer(shuffled(10, 2)).save(target.toString());
        writer(SavedFiles.read(spark, target).selectExpr("value + 1 AS value"))
                .mode("overwrite")
                .save(target.toString());
        assertThat(readLongs(spark, target))
                .isEqualTo(LongStream.of(shuffledNumbers(10)).map(v -> v + 1).toArray());
    }
}
