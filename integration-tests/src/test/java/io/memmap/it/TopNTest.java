package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ORDER BY {@code _row} with a LIMIT: what of it is pushed, and what must not be. */
class TopNTest {
    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    private Dataset<Row> table;

    @BeforeEach
    void write() throws IOException {
        long[] values = LongStream.range(0, 1000).map(i -> 7 * i).toArray();
        Path file = Npy.of("'<i8'", "(1000,)").write(directory.resolve("longs.npy"), Npy.i8(values));
        table = spark.read()
                .format("memmap")
                .option("minPartitions", "4")
                .load(file.toString())
                .select("_row", "value");
    }

    private static String plan(Dataset<Row> query) {
        return query.queryExecution().executedPlan().toString();
    }

    @Test
    void onlyTheFirstOrLastRowsAreRead() {
        Dataset<Row> last = table.orderBy(functions.col("_row").desc()).limit(3);
        assertThat(plan(last)).contains("3 rows selected in [997, 1000)").contains("TakeOrderedAndProject");
        assertThat(last.collectAsList())
                .containsExactly(
                        RowFactory.create(999L, 6993L), RowFactory.create(998L, 6986L), RowFactory.create(997L, 6979L));
        Dataset<Row> first = table.where("_row > 4").orderBy("_row").limit(2);
        assertThat(plan(first)).contains("2 rows selected in [5, 7)");
        assertThat(first.collectAsList()).containsExactly(RowFactory.create(5L, 35L), RowFactory.create(6L, 42L));
        assertThat(plan(table.where("value > 70").orderBy("_row").limit(2))).doesNotContain("2 rows selected");
        assertThat(table.where("value > 70").orderBy("_row").limit(2).collectAsList())
                .containsExactly(RowFactory.create(11L, 77L), RowFactory.create(12L, 84L));
        assertThat(plan(table.orderBy("value").limit(2))).contains("1000 rows selected");
    }

    /** Without ANSI mode Spark adds them up to a number below zero, and asks for so many rows. */
    @Test
    void aLimitAndAnOffsetThatAreTooLargeTogetherAreNoEmptyAnswer() {
        spark.conf().set("spark.sql.ansi.enabled", "false");
        for (Dataset<Row> ordered : List.of(
                table.orderBy("_row"), table.orderBy(functions.col("_row").desc()))) {
            Dataset<Row> rows = ordered.offset(10).select("value").limit(Integer.MAX_VALUE);
            assertThat(plan(rows)).contains(", 1000 rows selected in [0, 1000), columns [");
            assertThatThrownBy(rows::collectAsList).hasStackTraceContaining("negative");
        }
    }
}
