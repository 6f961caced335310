package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's UI shows of a scan or a write. */
class ScanMetricsTest {
    private static final int ROWS = 100_000;
    private static final double LAST = 77.5;

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    @BeforeEach
    void keepThePlanAsItRuns() {
        spark.conf().set("spark.sql.adaptive.enabled", "false");
    }

    private static long metric(Dataset<Row> query, String name) {
        SparkPlan scan = query.queryExecution().executedPlan().collectLeaves().head();
        return scan.metrics().apply(name).value();
    }

    private Path values() throws IOException {
        return Npy.doubles(
                directory.resolve("values.npy"),
                IntStream.range(0, ROWS).asDoubleStream().toArray());
    }

    private Dataset<Row> load(Path path, String access) {
        return spark.read()
                .format("memmap")
                .option("access", access)
                .option("minPartitions", "4")
                .load(path.toString());
    }

    @Test
    void countFilesRowsAndBytes() throws IOException {
        for (String access : new String[] {"map", "read"}) {
            Dataset<Row> some = load(values(), access).where("_row >= 60000");
            assertThat(some.collectAsList()).hasSize(40_000);
            assertThat(metric(some, "Partitions")).isEqualTo(4);
            assertThat(metric(some, "FilesOpened")).isEqualTo(4);
            assertThat(metric(some, "RowsRead")).isEqualTo(40_000);
            assertThat(metric(some, "RowsPruned")).isEqualTo(60_000);
            assertThat(metric(some, "BytesRead")).as(access).isEqualTo(320_000);
            assertThat(metric(some, "OpeningTime")).isPositive();
            assertThat(metric(some, "DecodingTime")).isPositive();
            assertThat(metric(some, "PlanningTime")).isPositive();
        }
    }

    /** The time of one file is not that of those before it too. */
    @Test
    void openManyFilesInNoMoreTimeThanTheQueryTakes() {
        int columns = 300;
        String path = directory + "/columns.npz";
        spark.range(0, 10, 1, 1)
                .selectExpr(IntStream.range(0, columns)
                        .mapToObj(i -> "id + " + i + " AS c" + i)
                        .toArray(String[]::new))
                .write()
                .format("memmap")
                .save(path);
        Dataset<Row> all = spark.read().format("memmap").load(path);
        long start = System.nanoTime();
        assertThat(all.collectAsList().get(1).getLong(columns - 1)).isEqualTo(columns);
        long elapsedNanos = System.nanoTime() - start;
        assertThat(metric(all, "FilesOpened")).isEqualTo(columns);
        assertThat(metric(all, "OpeningTime")).isPositive().isLessThanOrEqualTo(elapsedNanos);
    }

    @Test
    void countTheRowsAndBytesOfASave() throws Exception {
        AtomicLong rows = new AtomicLong();
        AtomicLong nbytes = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                rows.addAndGet(task.taskMetrics().outputMetrics().recordsWritten());
                nbytes.addAndGet(task.taskMetrics().outputMetrics().bytesWritten());
            }
        };
        spark.sparkContext().addSparkListener(listener);
        Dataset<Row> values = spark.range(0, 1000, 1, 2).selectExpr("id", "CAST(id AS FLOAT) AS value");
        values.write().format("memmap").option("maxRecordsPerFile", 300).save(directory + "/shards");
        values.write().format("memmap").mode("append").save(directory + "/file.npy");
        values.write().format("memmap").save(directory + "/columns.npz");
        Map<String, String> byRow = Map.of("rowColumn", "id", "shape", "2000");
        values.write().format("memmap").options(byRow).save(directory + "/rows.npy");
        spark.sparkContext().listenerBus().waitUntilEmpty();
        spark.sparkContext().removeSparkListener(listener);
        assertThat(rows.get()).isEqualTo(4000);
        assertThat(nbytes.get()).isEqualTo(1000 * (12 + 12 + 12 + 4));
    }

    @Test
    void countWhatPushedAggregatesRead() throws IOException {
        Dataset<Row> sum = load(values(), "map").where("value < 10").selectExpr("sum(value)");
        assertThat(sum.collectAsList().get(0).getDouble(0)).isEqualTo(45);
        assertThat(metric(sum, "RowsRead")).isEqualTo(ROWS);
        assertThat(metric(sum, "BytesRead")).isEqualTo(8L * ROWS);
    }

    @Test
    void countOnlyTheColumnsThatAreMappedInFortranOrder() throws IOException {
        int columns = 100;
        int rows = 1000;
        Path file = Npy.of("'<f8'", "(" + rows + ", " + columns + ")")
                .inFortranOrder()
                .write(directory.resolve("f.npy"), Npy.f8(new double[rows * columns]));
        Dataset<Row> sum = load(file, "map").selectExpr("sum(c7)");
        assertThat(sum.collectAsList().get(0).getDouble(0)).isZero();
        assertThat(metric(sum, "BytesRead")).isEqualTo(8L * rows);
    }

    /** The system's word for it: what is in memory when the last row has been read, and the file still mapped. */
    @Test
    void mapOneColumnOfAHundredInFortranOrder() throws IOException {
        assumeTrue(OpenFiles.known(), "needs Linux's list of mappings");
        int columns = 100;
        long rows = 100_000;
        long nbytes = rows * columns * Double.BYTES;
        Path file = SparseFile.create(
                directory.resolve("f.dat"), nbytes, Map.of((8 * rows - 1) * Double.BYTES, Npy.f8(LAST)));
        String path = file.toString();
        spark.udf()
                .register(
                        "resident",
                        (UDF1<Double, Long>) value -> value == LAST ? OpenFiles.residentNbytes(path) : 0L,
                        DataTypes.LongType);
        Dataset<Row> resident = spark.read()
                .format("memmap")
                .options(Map.of(
                        "dtype",
                        "<f8",
                        "shape",
                        rows + "," + columns,
                        "order",
                        "F",
                        "minPartitions",
                        "1",
                        "access",
                        "map"))
                .load(path)
                .selectExpr("resident(c7) AS nbytes")
                .where("nbytes > 0");
        List<Row> found = resident.collectAsList();
        assertThat(found).hasSize(1);
        long metric = metric(resident, "BytesRead");
        assertThat(metric).isEqualTo(rows * Double.BYTES);
        assertThat(found.get(0).getLong(0)).isBetween(metric, metric * 11 / 10).isLessThanOrEqualTo(nbytes / 50);
    }
}
