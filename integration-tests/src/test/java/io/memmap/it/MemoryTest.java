package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files larger than memory, and what a query leaves behind: nothing mapped, nothing open. */
class MemoryTest {
    private static final int ROWS = 600_000;
    private static final int PARTITIONS = 10_000;
    /** Of one job: Spark takes its time for each. */
    private static final int TASKS = 1000;
    /** What the JVM itself, its garbage collector and its threads may map or open meanwhile. */
    private static final int NOISE = 200;

    private static final CountDownLatch READING = new CountDownLatch(1);

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    @AfterEach
    void leavesNothingOpen() throws IOException {
        OpenFiles.assertNoneBelow(directory);
    }

    private Path rows() throws IOException {
        return Npy.of("'<i8'", "(" + ROWS + ",)")
                .write(
                        directory.resolve("rows.npy"),
                        Npy.i8(IntStream.range(0, ROWS).asLongStream().toArray()));
    }

    private Dataset<Row> read(Path file, Map<String, String> options) {
        return spark.read().format("memmap").options(options).load(file.toString());
    }

    private void register(String name, UDF1<Long, Boolean> function) {
        spark.udf().register(name, function, DataTypes.BooleanType);
    }

    @Test
    void sumsAFileEightTimesTheHeap() throws Exception {
        long nbytes = 4L << 30;
        Path file = SparseFile.create(
                directory.resolve("large.dat"),
                nbytes,
                Map.of(0L, Npy.f8(1), nbytes / 2 - 8, Npy.f8(20), nbytes - 8, Npy.f8(300)));
        ChildJvm.Outcome child =
                ChildJvm.run(directory, 10, List.of("-Xmx512m"), SumOfLargeFile.class, file.toString(), "map,read");
        assertThat(child.linesOf(SumOfLargeFile.SUM))
                .as(child.tail())
                .containsExactly("map [321.0,536870912,300.0]", "read [321.0,536870912,300.0]");
        assertThat(child.exitValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void leavesNothingAfterAQueryThatReadsAll(String access) throws IOException {
        Row sum =
                read(rows(), Map.of("access", access)).selectExpr("sum(value)").head();
        assertThat(sum.getLong(0)).isEqualTo((long) ROWS * (ROWS - 1) / 2);
        OpenFiles.assertNoneBelow(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void leavesNothingAfterAQueryThatStopsEarly(String access) throws IOException {
        register("isOdd", value -> value % 2 == 1);
        Dataset<Row> few =
                read(rows(), Map.of("access", access)).where("isOdd(value)").limit(3);
        assertThat(few.collectAsList())
                .containsExactly(RowFactory.create(1L), RowFactory.create(3L), RowFactory.create(5L));
        OpenFiles.assertNoneBelow(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void leavesNothingAfterAQueryThatFails(String access) throws IOException {
        register("failsLate", value -> {
            if (value == ROWS - 10) {
                throw new IllegalStateException("as the test wants it");
            }
            return true;
        });
        Dataset<Row> failing = read(rows(), Map.of("access", access)).where("failsLate(value)");
        assertThatThrownBy(failing::collectAsList).hasStackTraceContaining("as the test wants it");
        OpenFiles.assertNoneBelow(directory);
    }

    @Test
    void leavesNothingAfterAQueryThatIsCancelled() throws Exception {
        register("waits", value -> {
            READING.countDown();
            Thread.sleep(Duration.ofMinutes(1).toMillis());
            return true;
        });
        Path file = rows();
        CompletableFuture<Throwable> cancelled = OwnThread.supply(() -> {
            spark.sparkContext().setJobGroup("cancelled", "a query that is cancelled", true);
            return catchThrowable(() -> read(file, Map.of("minPartitions", "2", "access", "map"))
                    .where("waits(value)")
                    .collectAsList());
        });
        READING.await();
        try {
            if (OpenFiles.known()) {
                assertThat(OpenFiles.mappingsBelow(directory)).isNotEmpty();
            }
        } finally {
            spark.sparkContext().cancelJobGroup("cancelled");
        }
        assertThat(cancelled.get()).hasMessageContaining("cancelled");
        OpenFiles.assertNoneBelow(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void leavesHandlesAndMapsFlatOverThousandsOfPartitions(String access) throws IOException {
        DirectRead scan = DirectRead.of(
                rows().toString(), Map.of("access", access, "minPartitions", Integer.toString(PARTITIONS)));
        assertThat(scan.partitionCount()).isEqualTo(PARTITIONS);
        sum(scan, 0, PARTITIONS / 10);
        int handles = OpenFiles.handleCount();
        int mappings = OpenFiles.mappingCount();
        long sum = sum(scan, 0, PARTITIONS);
        assertThat(sum).isEqualTo((long) ROWS * (ROWS - 1) / 2);
        assertThat(OpenFiles.handleCount()).isLessThan(handles + NOISE);
        assertThat(OpenFiles.mappingCount()).isLessThan(mappings + NOISE);
    }

    private static long sum(DirectRead scan, int from, int to) throws IOException {
        long sum = 0;
        for (int i = from; i < to; i++) {
            try (PartitionReader<ColumnarBatch> reader = scan.reader(i)) {
                while (reader.next()) {
                    for (int row = 0; row < reader.get().numRows(); row++) {
                        sum += reader.get().column(0).getLong(row);
                    }
                }
            }
        }
        return sum;
    }

    @Test
    void leavesHandlesAndMapsFlatOverManyTasks() throws IOException {
        Path file = rows();
        int handles = OpenFiles.handleCount();
        int mappings = OpenFiles.mappingCount();
        Row found = read(file, Map.of("minPartitions", Integer.toString(TASKS)))
                .selectExpr("value", "spark_partition_id() AS partition")
                .selectExpr("sum(value)", "count(DISTINCT partition)")
                .head();
        assertThat(found).isEqualTo(RowFactory.create((long) ROWS * (ROWS - 1) / 2, (long) TASKS));
        assertThat(OpenFiles.handleCount()).isLessThan(handles + NOISE);
        assertThat(OpenFiles.mappingCount()).isLessThan(mappings + NOISE);
    }
}
