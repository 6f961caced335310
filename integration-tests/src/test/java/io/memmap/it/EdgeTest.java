package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import io.memmap.layout.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads at the edges of layouts, schemas and directories. */
class EdgeTest {
    private final SparkSession spark = SharedSpark.session();

    @TempDir
    private Path directory;

    private Path raw(String name, String dtype, long... shape) throws IOException {
        Path file = directory.resolve(name);
        try (MemmapArray array =
                MemmapArray.raw(file).dtype(dtype).mode("w+").shape(shape).open()) {
            array.fill(1);
        }
        return file;
    }

    private Path ticks() throws IOException {
        Path file = directory.resolve("ticks.dat");
        try (MemmapArray array =
                MemmapArray.raw(file).dtype("<M8[us]").mode("w+").shape(3).open()) {
            array.putLong(1_000_000, 0);
            array.putLong(Long.MIN_VALUE, 1);
            array.putLong(3_000_000, 2);
        }
        return file;
    }

    @Test
    void refusesASchemaThatDeniesNaT() throws IOException {
        String file = ticks().toString();
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("dtype", "<M8[us]")
                        .schema("value TIMESTAMP_NTZ NOT NULL")
                        .load(file)
                        .count())
                .hasMessageContaining("the schema says that it has no nulls, but its dtype is <M8[us], which has NaT");
        assertThat(spark.read()
                        .format("memmap")
                        .option("dtype", "<M8[us]")
                        .schema("value TIMESTAMP_NTZ")
                        .load(file)
                        .where("value IS NULL")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void readsElementsOfLongFortranRowsInCOrder() throws IOException {
        Path file = directory.resolve("points.dat");
        int width = 300_000;
        try (MemmapArray points = MemmapArray.raw(file)
                .dtype("<i4")
                .mode("w+")
                .shape(3, width)
                .order(Order.F)
                .open()) {
            int[] values = new int[3 * width];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            points.copyFrom(values);
        }
        Dataset<Row> elements = spark.read()
                .format("memmap")
                .option("dtype", "<i4")
                .option("shape", "3," + width)
                .option("order", "F")
                .option("layout", "elements")
                .load(file.toString());
        assertThat(elements.where("value <> i0 * " + width + " + i1").count()).isZero();
        assertThat(elements.selectExpr("sum(value)").head().getLong(0)).isEqualTo(3L * width * (3L * width - 1) / 2);
        assertThat(elements.limit(3).collectAsList().stream()
                        .map(row -> row.getInt(2))
                        .toList())
                .isEqualTo(List.of(0, 1, 2));
    }

    @Test
    void hasNoRowsWhereAnAxisIsEmpty() throws IOException {
        Path file = directory.resolve("empty.dat");
        Files.write(file, new byte[0]);
        assertThat(spark.read()
                        .format("memmap")
                        .option("dtype", "<f8")
                        .option("shape", "0,5")
                        .option("transpose", "true")
                        .option("layout", "elements")
                        .load(file.toString())
                        .count())
                .isZero();
    }

    @Test
    void refusesAPositionAsAnythingButBigint() throws IOException {
        String file = ticks().toString();
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("dtype", "<i8")
                        .option("layout", "elements")
                        .schema("i0 INT, value BIGINT")
                        .load(file)
                        .collect())
                .hasMessageContaining("it is a position, and the schema asks for int, expected bigint");
    }

    @Test
    void filtersNamesAsHadoopDoes() throws IOException {
        raw("a.bin", "<i2", 2);
        raw("b.bin", "<i2", 3);
        assertThat(spark.read()
                        .format("memmap")
                        .option("dtype", "<i2")
                        .option("pathGlobFilter", "[^b]*.bin")
                        .load(directory.toString())
                        .count())
                .isEqualTo(2);
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("dtype", "<i2")
                        .option("pathGlobFilter", "[")
                        .load(directory.toString()))
                .hasMessageContaining("Cannot read option pathGlobFilter: found '[', expected a glob pattern");
    }

    @Test
    void leavesStrangersInADirectoryAlone() throws IOException {
        try (MemmapArray array = NpyFile.createMemmap(directory.resolve("a.npy"), "<i2", 4)) {
            array.fill(1);
        }
        Files.createSymbolicLink(directory.resolve("notes.txt"), directory.resolve("gone"));
        assertThat(spark.read().format("memmap").load(directory.toString()).count())
                .isEqualTo(4);
        Files.createSymbolicLink(directory.resolve("b.npy"), directory.resolve("gone"));
        assertThatThrownBy(() -> spark.read().format("memmap").load(directory.toString()))
                .hasMessageContaining(
                        "it is a symbolic link to " + directory.resolve("gone") + ", which does not exist");
    }

    @Test
    void countsTheRowsOfAFileThatIsGivenTwiceOnce() throws IOException {
        String file = ticks().toString();
        Dataset<Row> twice =
                spark.read().format("memmap").option("dtype", "<i8").load(file, file);
        assertThat(twice.selectExpr("_row").orderBy("_row").collectAsList().stream()
                        .map(row -> row.getLong(0))
                        .toList())
                .isEqualTo(List.of(0L, 1L, 2L, 3L, 4L, 5L));
    }

    @Test
    void readsEqualScansOnce() throws IOException {
        Dataset<Row> sums = spark.read()
                .format("memmap")
                .option("dtype", "<i8")
                .option("minPartitions", "2")
                .load(ticks().toString())
                .groupBy("value")
                .count();
        Dataset<Row> joined = sums.as("l").join(sums.as("r"), "value");
        joined.collect();
        assertThat(joined.queryExecution().executedPlan().toString()).contains("ReusedExchange");
    }
}
