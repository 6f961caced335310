package io.memmap.it;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.failure.MemmapException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Totals that threads of one task add up, where tasks run in the driver's JVM. */
class ThreadedTotalsTest {
    private static final int THREADS = Math.min(
            SharedSpark.session().sparkContext().defaultParallelism(),
            Runtime.getRuntime().availableProcessors());
    /** Rows of 16 bytes, 1 MiB for each thread: the least that is a part. */
    private static final int ROWS = THREADS << 16;

    private static final String[] TOTALS = {
        "sum(c0)", "count(*)", "avg(c0)", "min(c0)", "max(c0)", "min(c1)", "max(c1)", "count(c1)"
    };

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();
    private final Random random = new Random(1);

    /** Whole numbers, whose sums are exact in any order, and next to them all that has rules of its own. */
    @BeforeEach
    void writeTwoFiles() throws IOException {
        double[] odd = {Double.NaN, -0.0, 0.0, Double.POSITIVE_INFINITY, -1e300, 0.5};
        for (String name : List.of("a.npy", "b.npy")) {
            ByteBuffer rows = ByteBuffer.allocate(ROWS * 2 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (rows.hasRemaining()) {
                rows.putDouble(random.nextInt(1 << 20)).putDouble(odd[random.nextInt(odd.length)]);
            }
            Npy.of("'<f8'", "(" + ROWS + ", 2)").write(directory.resolve(name), rows.array());
        }
    }

    private Dataset<Row> load(Map<String, String> options) {
        return spark.read().format("memmap").options(options).load(directory.toString());
    }

    private static String plan(Dataset<Row> query) {
        return query.queryExecution().executedPlan().toString();
    }

    private static long metric(Dataset<Row> query, String name) {
        SparkPlan scan = query.queryExecution().executedPlan().collectLeaves().head();
        return scan.metrics().apply(name).value();
    }

    private static void assertSame(Function<Map<String, String>, Dataset<Row>> query) {
        Dataset<Row> ofThreads = query.apply(Map.of());
        assertThat(plan(ofThreads)).doesNotContain("Exchange");
        List<Row> rows = ofThreads.collectAsList();
        Dataset<Row> ofTasks = query.apply(Map.of("minPartitions", "3"));
        assertThat(plan(ofTasks)).contains("Exchange");
        assertThat(rows).containsExactlyInAnyOrderElementsOf(ofTasks.collectAsList());
        Dataset<Row> ofSpark = query.apply(Map.of("pushAggregates", "false"));
        assertThat(rows).containsExactlyInAnyOrderElementsOf(ofSpark.collectAsList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "c1 > 0 AND c0 < 900000", "_row >= 1000", "c0 < 0"})
    void areThoseOfTasksAndOfSpark(String condition) {
        assertSame(options -> load(options).where(condition).selectExpr(TOTALS));
    }

    @Test
    void ofEachFileAreThoseOfTasksAndOfSpark() {
        assertSame(options -> load(options).groupBy("_file").agg(expr("sum(c0)"), expr("max(c1)"), expr("count(*)")));
    }

    @Test
    void areOfOneTaskWhoseThreadsOpenTheirFiles() {
        Dataset<Row> sum = load(Map.of()).selectExpr("sum(c0)");
        sum.collect();
        assertThat(metric(sum, "Partitions")).isEqualTo(1);
        assertThat(metric(sum, "RowsRead")).isEqualTo(2L * ROWS);
        // The file in the middle is of two threads where their number is odd.
        long opened = THREADS == 1 ? 2 : THREADS + THREADS % 2;
        assertThat(metric(sum, "FilesOpened")).isEqualTo(opened);
        // Each time without c1 of the last row.
        assertThat(metric(sum, "BytesRead")).isEqualTo((4L * ROWS - opened) * Double.BYTES);
        assertThat(plan(load(Map.of("maxPartitionBytes", "1m")).selectExpr("sum(c0)")))
                .contains("Exchange");
    }

    /** The last part is that of another thread than the task's. */
    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void failWithTheirFileIfOnePartFails(String access) throws IOException {
        Dataset<Row> sum = load(Map.of("access", access)).selectExpr("sum(c0)");
        assertThat(plan(sum)).contains("sum(c0)");
        Files.write(directory.resolve("b.npy"), new byte[100]);
        assertThatThrownBy(sum::collect)
                .hasStackTraceContaining(MemmapException.class.getName())
                .hasStackTraceContaining(directory.resolve("b.npy").toString())
                .hasStackTraceContaining("since the query was planned");
        assertThat(OpenFiles.mappingsBelow(directory)).isEmpty();
        assertThat(OpenFiles.handlesBelow(directory)).isEmpty();
    }
}
