package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Object stores, by the example of an S3 server on this machine: every rename is a copy there. */
class S3Test {
    /** More than one part of a multipart upload. */
    private static final int ROWS = 800_000;

    @TempDir
    static Path directory;

    private static RunningS3 s3;
    private static FileSystem fileSystem;

    private final SparkSession spark = SharedSpark.session();

    @BeforeAll
    static void start() throws Exception {
        s3 = RunningS3.start(directory.resolve("s3.log"));
        Configuration configuration = new Configuration();
        s3.uncachedSettings().forEach(configuration::set);
        fileSystem = new org.apache.hadoop.fs.Path(s3.uri()).getFileSystem(configuration);
    }

    @AfterAll
    static void stop() throws Exception {
        if (s3 != null) {
            fileSystem.close();
            s3.close();
        }
    }

    private Dataset<Row> read(String path) {
        return spark.read().format("memmap").options(s3.settings()).load(s3.uri() + path);
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return rows.write().format("memmap").options(s3.settings());
    }

    private Dataset<Row> numbers(long from, long to) {
        return spark.range(from, to, 1, 3).selectExpr("id AS value");
    }

    private long[] longs(String path) {
        List<Row> rows = read(path).select("_row", "value").orderBy("_row").collectAsList();
        assertThat(rows).extracting(row -> row.getLong(0)).isEqualTo(indexes(rows.size()));
        return rows.stream().mapToLong(row -> row.getLong(1)).toArray();
    }

    private static List<Long> indexes(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    private static List<String> names(String path) throws IOException {
        List<String> names = new ArrayList<>();
        for (FileStatus status : fileSystem.listStatus(new org.apache.hadoop.fs.Path(s3.uri() + path))) {
            names.add(status.getPath().getName());
        }
        return names.stream().sorted().toList();
    }

    @Test
    void aFileIsThereAndBack() throws IOException {
        writer(numbers(0, ROWS)).save(s3.uri() + "/file/x.npy");
        assertThat(names("/file")).containsExactly("x.npy");
        assertThat(read("/file/x.npy")
                        .selectExpr("sum(value)", "count(*)", "max(_row)")
                        .collectAsList())
                .extracting(row -> List.of(row.getLong(0), row.getLong(1), row.getLong(2)))
                .containsExactly(List.of((long) ROWS * (ROWS - 1) / 2, (long) ROWS, ROWS - 1L));
        writer(numbers(5, 9)).mode("overwrite").save(s3.uri() + "/file/x.npy");
        assertThat(longs("/file/x.npy")).containsExactly(5, 6, 7, 8);
        assertThat(names("/file")).containsExactly("x.npy");
    }

    /** In the same second as well: its time of modification says nothing then. */
    @Test
    void anotherObjectOfTheSameLengthIsNoticedByItsETag() {
        String path = s3.uri() + "/etag/x.npy";
        writer(numbers(0, 4)).save(path);
        Dataset<Row> planned = read("/etag/x.npy");
        planned.queryExecution().executedPlan();
        writer(numbers(4, 8)).mode("overwrite").save(path);
        assertThatThrownBy(planned::collectAsList)
                .hasStackTraceContaining(path + ": it was replaced by another file since the query was planned");
        assertThat(longs("/etag/x.npy")).containsExactly(4, 5, 6, 7);
    }

    @Test
    void aRawFileIsThereAndBack() throws IOException {
        writer(numbers(0, 100)).save(s3.uri() + "/raw/x.dat");
        writer(numbers(100, 300)).mode("overwrite").save(s3.uri() + "/raw/x.dat");
        assertThat(longs("/raw/x.dat")).isEqualTo(LongStream.range(100, 300).toArray());
        assertThat(names("/raw")).containsExactly("x.dat", "x.dat.memmap.json");
    }

    @Test
    void shardsAreWrittenAppendedAndReplaced() throws IOException {
        String path = s3.uri() + "/shards/x";
        writer(numbers(0, 1000)).option("maxRecordsPerFile", 400).save(path);
        writer(numbers(1000, 1500)).mode("append").save(path);
        assertThat(longs("/shards/x")).isEqualTo(LongStream.range(0, 1500).toArray());
        writer(numbers(0, 10)).mode("overwrite").save(path);
        assertThat(longs("/shards/x")).isEqualTo(LongStream.range(0, 10).toArray());
        assertThat(names("/shards")).containsExactly("x");
        assertThat(names("/shards/x")).hasSize(5).contains("_SUCCESS", "_memmap.json");
    }

    @Test
    void partitionsAreWrittenAppendedAndReplaced() throws IOException {
        String path = s3.uri() + "/partitioned/x";
        for (String mode : List.of("errorifexists", "append", "overwrite")) {
            writer(numbers(0, mode.equals("overwrite") ? 1 : 10).selectExpr("value", "value % 2 AS p"))
                    .partitionBy("p")
                    .option("partitionOverwriteMode", "dynamic")
                    .mode(mode)
                    .save(path);
        }
        assertThat(names("/partitioned/x")).containsExactly("_SUCCESS", "_memmap.json", "p=0", "p=1");
        assertThat(names("/partitioned/x/p=0")).hasSize(1);
        assertThat(read("/partitioned/x").groupBy("p").sum("value").orderBy("p").collectAsList())
                .hasToString("[[0,0], [1,50]]");
        assertThat(longs("/partitioned/x/p=0")).containsExactly(0);
    }

    /** A request for each of 14 directories would take longer than one for all of their files. */
    @Test
    void manyPartitionsAreListedAtOnce() throws IOException {
        String path = s3.uri() + "/many/x";
        writer(numbers(0, 24).selectExpr("value", "value % 12 AS p", "value % 2 AS q"))
                .partitionBy("q", "p")
                .save(path);
        for (String how : List.of("as the manifest lists them", "without a manifest")) {
            int before = s3.requests("list-type=2", "prefix=many/x");
            assertThat(read("/many/x").groupBy("q").sum("value").orderBy("q").collectAsList())
                    .as(how)
                    .hasToString("[[0,132], [1,144]]");
            assertThat(s3.requests("list-type=2", "prefix=many/x") - before)
                    .as(how)
                    .isBetween(1, 11);
            fileSystem.delete(new org.apache.hadoop.fs.Path(path + "/_memmap.json"), false);
        }
        int before = s3.requests("list-type=2", "prefix=many/x");
        assertThat(spark.read()
                        .format("memmap")
                        .options(s3.settings())
                        .option("recursiveFileLookup", true)
                        .load(path)
                        .groupBy()
                        .sum("value")
                        .collectAsList())
                .hasToString("[[276]]");
        assertThat(s3.requests("list-type=2", "prefix=many/x") - before).isBetween(1, 11);
    }

    @Test
    void aFailedJobLeavesWhatWasThere() throws IOException {
        for (String name : List.of("x.npy", "x")) {
            String path = s3.uri() + "/failed/" + name;
            writer(numbers(0, 10)).save(path);
            Dataset<Row> bad = numbers(0, 1000)
                    .selectExpr("IF(value = 900, CAST(raise_error('no row 900') AS BIGINT), value) AS value");
            assertThatThrownBy(() -> writer(bad).mode("overwrite").save(path)).hasStackTraceContaining("no row 900");
            assertThat(longs("/failed/" + name))
                    .isEqualTo(LongStream.range(0, 10).toArray());
        }
        assertThat(names("/failed")).containsExactly("x", "x.npy");
    }

    @Test
    void anArrayWithoutRowsIsOne() throws IOException {
        for (String name : List.of("x.npy", "x.dat", "x")) {
            writer(numbers(0, 10).where("value < 0")).save(s3.uri() + "/empty/" + name);
            assertThat(longs("/empty/" + name)).isEmpty();
        }
        assertThat(names("/empty")).containsExactly("x", "x.dat", "x.dat.memmap.json", "x.npy");
    }

    @Test
    void aSecondWriterIsRefused() throws IOException {
        String path = s3.uri() + "/locked/x.npy";
        String lock = s3.uri() + "/locked/.x.npy.lock";
        try (FSDataOutputStream output = fileSystem.create(new org.apache.hadoop.fs.Path(lock))) {
            output.write(
                    "{\"owner\": \"a test\", \"host\": \"elsewhere\", \"pid\": 1}".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> writer(numbers(0, 10)).save(path))
                .hasMessage(
                        "Cannot write " + path + ": another writer holds " + lock
                                + " {owner=a test, host=elsewhere, pid=1}, expected none; wait for it, or set breakLock=true if it is gone");
        assertThat(names("/locked")).containsExactly(".x.npy.lock");
    }

    @Test
    void containersAreReadAsLocally() throws IOException {
        RemoteContainers.check(spark, fileSystem, s3.uri() + "/containers", s3.settings());
    }

    @Test
    void columnsSideBySideAreThereAndBack() throws IOException {
        new RemoteSideBySide(spark, fileSystem, s3.uri() + "/side", s3.settings()).check();
    }

    @Test
    void onlyTheRangesAskedForAreRead() throws IOException {
        writer(numbers(0, ROWS)).save(s3.uri() + "/ranges/x.npy");
        int before = s3.gets("ranges/x.npy");
        assertThat(read("/ranges/x.npy").where("_row BETWEEN 400000 AND 400009").collectAsList())
                .extracting(row -> row.getLong(0))
                .isEqualTo(LongStream.range(400_000, 400_010).boxed().toList());
        assertThat(s3.gets("ranges/x.npy") - before)
                .as("headers, and ten rows in one request")
                .isBetween(1, 6);
    }

    @Test
    void columnsInFortranOrderAreFetchedAheadAndTogether() throws IOException {
        int rows = 400_000;
        Path local = directory.resolve("f.npy");
        spark.range(0, rows, 1, 2)
                .selectExpr("4D * id AS c0", "4D * id + 1 AS c1", "4D * id + 2 AS c2", "4D * id + 3 AS c3")
                .write()
                .format("memmap")
                .option("order", "F")
                .save(local.toString());
        try (FSDataOutputStream output = fileSystem.create(new org.apache.hadoop.fs.Path(s3.uri() + "/f/f.npy"))) {
            Files.copy(local, output);
        }
        int before = s3.gets("f/f.npy");
        Dataset<Row> array = read("/f/f.npy");
        assertThat(array.selectExpr("sum(c1 + c3)", "count(*)").collectAsList())
                .extracting(row -> List.of(row.getDouble(0), row.getLong(1)))
                .containsExactly(List.of(rows * (rows - 1.0) * 4 + 4.0 * rows, (long) rows));
        // Two columns of 3.2 MB; without reading ahead each batch of 2 MiB is a request of each.
        assertThat(s3.gets("f/f.npy") - before).isBetween(1, 8);
    }
}
