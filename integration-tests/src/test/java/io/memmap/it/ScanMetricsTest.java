package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's UI shows of a scan. */
class ScanMetricsTest {
    private static final int ROWS = 100_000;

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
}
