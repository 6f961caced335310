package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that fail at first, in a Spark that tries each up to four times. */
class WriteRetryTest {

    private static final int ROWS = 1000;
    private static final int PARTITIONS = 5;
    private static final ConcurrentLinkedQueue<String> SEEN = new ConcurrentLinkedQueue<>();

    private static volatile Path watched;
    private static SparkSession spark;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        SharedSpark.stop();
        spark = SparkSession.builder()
                .master("local[2,4]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.warehouse.dir", SharedSpark.WAREHOUSE)
                .getOrCreate();
        UDF1<Long, Long> flaky = WriteRetryTest::flaky;
        spark.udf().register("flaky", flaky, DataTypes.LongType);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Fails in the middle of every partition the first time, of the third the first two times; notes what is staged. */
    private static long flaky(long id) throws IOException {
        TaskContext task = TaskContext.get();
        int failures = task.partitionId() == 3 ? 2 : 1;
        if (id % 200 == 150 && task.attemptNumber() < failures) {
            throw new IllegalStateException("not yet");
        }
        if (id % 200 == 0 && task.attemptNumber() > 0) {
            for (String file : staged()) {
                SEEN.add(task.partitionId() + ": " + file);
            }
        }
        return id;
    }

    private static TreeSet<String> staged() throws IOException {
        TreeSet<String> files = new TreeSet<>();
        for (String name : names(watched)) {
            if (name.endsWith(".staging")) {
                files.addAll(names(watched.resolve(name)));
            }
        }
        return files;
    }

    private DataFrameWriter<Row> flakyNumbers() {
        SEEN.clear();
        watched = directory;
        return spark.range(0, ROWS, 1, PARTITIONS)
                .selectExpr("flaky(id) AS value")
                .write()
                .format("memmap");
    }

    @ParameterizedTest
    @CsvSource({"x.npy,C,0", "x.dat,C,0", "x,C,0", "x,C,30", "x,F,30", "x.npy,F,0"})
    void retriedTasksWriteEachRowOnce(String name, String order, int maxRecordsPerFile) throws IOException {
        Path target = directory.resolve(name);
        flakyNumbers()
                .option("order", order)
                .option("maxRecordsPerFile", maxRecordsPerFile)
                .save(target.toString());
        assertThat(SavedFiles.readLongs(spark, target))
                .isEqualTo(LongStream.range(0, ROWS).toArray());
        assertThat(names(directory)).noneMatch(left -> left.startsWith("."));
        if (Files.isDirectory(target)) {
            assertThat(names(target)).noneMatch(left -> left.startsWith("."));
        }
    }

    @Test
    void anAttemptThatFailedLeavesNoFile() throws IOException {
        flakyNumbers()
                .option("maxRecordsPerFile", 30)
                .save(directory.resolve("x").toString());
        // When a partition is tried again, files of partitions that succeeded are there, and none of its own.
        assertThat(SEEN)
                .isNotEmpty()
                .noneMatch(seen -> seen.contains(seen.charAt(0) + ": .part-" + seen.charAt(0) + "-"));
    }

    @Test
    void aTaskThatNeverSucceedsFailsTheWrite() throws IOException {
        Path target = directory.resolve("x");
        assertThatThrownBy(() -> spark.range(0, ROWS, 1, PARTITIONS)
                        .selectExpr("IF(id = 500, CAST(raise_error('never') AS BIGINT), id) AS value")
                        .write()
                        .format("memmap")
                        .option("maxRecordsPerFile", 10)
                        .save(target.toString()))
                .hasStackTraceContaining("never");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.toList()).isEqualTo(List.of());
        }
    }
}
