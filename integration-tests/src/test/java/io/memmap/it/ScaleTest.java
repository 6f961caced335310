package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Very long files, very many files, very long rows. */
class ScaleTest {
    private static final int SHARDS = 10_000;
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final Duration SECONDS = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    @AfterEach
    void leavesNothingOpen() throws IOException {
        OpenFiles.assertNoneBelow(directory);
    }

    private static Duration planningTime(Dataset<Row> query) {
        return ProcessorTime.of(query.queryExecution()::executedPlan);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Dataset<Row> read(Path path, Map<String, String> options) {
        return spark.read().format("memmap").options(options).load(path.toString());
    }

    @Test
    void plansATerabyteAtOnce() throws IOException {
        long nbytes = 1L << 40;
        long lastRow = nbytes / 8 - 1;
        Path file = SparseFile.create(directory.resolve("terabyte.dat"), nbytes, Map.of(nbytes - 8, Npy.f8(7)));
        planningTime(read(file, Map.of("dtype", "<f8")));

        Dataset<Row> all = read(file, Map.of("dtype", "<f8"));
        Duration planning = SECONDS;
        Duration cutting = SECONDS;
        // The least of three times: this JVM compiles meanwhile.
        for (int i = 0; i < 3; i++) {
            planning = least(planning, planningTime(all.selectExpr("sum(value)")));
            Dataset<Row> anew = read(file, Map.of("dtype", "<f8"));
            cutting = least(cutting, ProcessorTime.of(() -> anew.javaRDD().getNumPartitions()));
        }

        System.out.printf("1 TiB: planned in %s, cut into partitions in %s%n", planning, cutting);
        assertThat(planning).isLessThan(AT_ONCE);
        assertThat(cutting).isLessThan(AT_ONCE);
        assertThat(all.select("_row", "value").where("_row = " + lastRow).collectAsList())
                .containsExactly(RowFactory.create(lastRow, 7.0));
        assertThat(all.where("_row = " + (lastRow + 1)).count()).isZero();
    }

    @Test
    void plansThousandsOfShardsInSeconds() throws IOException {
        Path shards = directory.resolve("shards");
        for (int i = 0; i < SHARDS; i++) {
            Npy.doubles(shards.resolve(i + ".npy"), i, 1);
        }
        Duration planning = ProcessorTime.of(() -> planningTime(read(shards, Map.of())));

        System.out.printf("%d shards: planned in %s%n", SHARDS, planning);
        assertThat(read(shards, Map.of())
                        .selectExpr("count(value)", "sum(value)")
                        .head())
                .isEqualTo(RowFactory.create(2L * SHARDS, SHARDS * (SHARDS - 1) / 2.0 + SHARDS));
        assertThat(planning).isLessThan(SECONDS);
    }

    @Test
    void refusesARowOfMoreThanTwoGib() throws IOException {
        long rowSize = 300_000_000;
        Path file = SparseFile.create(directory.resolve("wide.dat"), 2 * rowSize * 8, Map.of());
        assertThatThrownBy(() -> read(file, Map.of("dtype", "<f8", "shape", "2," + rowSize))
                        .count())
                .hasMessage(
                        "Cannot read file:" + file + ": one row of shape (2, 300000000) has 2400000000 bytes, expected"
                                + " less than 2 GiB; use layout=elements, or transpose=true if the"
                                + " last axis is the long one");
        Dataset<Row> elements = read(file, Map.of("dtype", "<f8", "shape", "2," + rowSize, "layout", "elements"));
        assertThat(elements.where("i0 = 1").limit(1).collectAsList()).containsExactly(RowFactory.create(1L, 0L, 0.0));
    }

    @Test
    void warnsOfARowOfMoreThan64Mib() throws IOException {
        long rowSize = 9_000_000;
        Path file = SparseFile.create(
                directory.resolve("wide.dat"), 2 * rowSize * 8, Map.of(2 * rowSize * 8 - 8, Npy.f8(5)));
        Dataset<Row> rows = read(file, Map.of("dtype", "<f8", "shape", "2," + rowSize));
        List<String> warnings = LogLines.of(
                () -> assertThat(rows.selectExpr("max(value[8999999])").head().getDouble(0))
                        .isEqualTo(5.0));
        assertThat(warnings)
                .containsExactly(
                        "file:" + file + ": shape (2, 9000000) has 2 rows of 72000000 bytes each, too few and too"
                                + " large to share out; consider transpose=true or layout=elements");
    }
}
