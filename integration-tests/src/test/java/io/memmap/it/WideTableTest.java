package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of thousands of columns: Spark's planner does work for each pair of columns that are NOT NULL. */
class WideTableTest {
    @TempDir
    private Path directory;

    private Path file(int columns) throws IOException {
        int[] values = IntStream.range(0, 2 * columns).toArray();
        return Npy.of("'<i4'", "(2, " + columns + ")").write(directory.resolve("x.npy"), Npy.i4(values));
    }

    private Dataset<Row> table(int columns) throws IOException {
        Path file = file(columns);
        return SharedSpark.session()
                .read()
                .format("memmap")
                .option("layout", "columns")
                .load(file.toString());
    }

    private static long nullable(Dataset<Row> table) {
        return Arrays.stream(table.schema().fields())
                .filter(StructField::nullable)
                .count();
    }

    @Test
    void plansWithoutAConstraintForEachColumn() throws IOException {
        Dataset<Row> filtered = table(3000).filter("c7 > 10");
        assertThat(filtered.queryExecution().analyzed().constraints().size()).isLessThan(10);
        assertThat(filtered.select("c7", "c2999").collectAsList()).hasToString("[[3007,5999]]");
        assertThat(filtered.queryExecution().optimizedPlan().toString())
                .as("the condition is pushed all the same")
                .doesNotContain("Filter");
    }

    @Test
    void staysNotNullWhereColumnsAreFewer() throws IOException {
        assertThat(nullable(table(1000))).isZero();
        assertThat(nullable(table(1001))).isEqualTo(1001);
    }

    @Test
    void countsAndAddsUpWithoutLookingForNulls() throws IOException {
        assertThat(table(1001).selectExpr("count(c5)", "sum(c1000)").collectAsList())
                .hasToString("[[2,3001]]");
        assertThat(table(1001).filter("c5 IS NULL").count()).isZero();
    }

    /** Each file is looked at again after every batch. */
    @Test
    void batchesOfManyFilesAreLong() throws IOException {
        double[] values = IntStream.range(0, 5000).asDoubleStream().toArray();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            Npy.doubles(directory.resolve(i + ".npy"), values);
            columns.add("'c" + i + "': '" + i + ".npy'");
        }
        SparkPlan scan = SharedSpark.session()
                .read()
                .format("memmap")
                .option("columnPaths", "{" + String.join(", ", columns) + "}")
                .load(directory.toString())
                .queryExecution()
                .executedPlan()
                .collectLeaves()
                .head();
        assertThat(scan.executeColumnar()
                        .toJavaRDD()
                        .map(ColumnarBatch::numRows)
                        .collect())
                .contains(2048);
    }

    /** What the driver's thread allocates is counted by the JVM, and the same in each run. */
    private long plannedNbytes(int columns) throws IOException {
        SharedSpark.session();
        String file = file(columns).toString();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        DirectRead.of(file, Map.of("layout", "columns"));
        long before = threads.getCurrentThreadAllocatedBytes();
        DirectRead.of(file, Map.of("layout", "columns"));
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void plansInWorkThatGrowsWithTheColumnsOnly() throws IOException {
        long few = plannedNbytes(2000);
        assertThat(plannedNbytes(8000)).isBetween(3 * few, 5 * few);
    }
}
