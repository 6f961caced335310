package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What {@code toPandas} gets is what {@code collect} gets, and what NumPy wrote, for every dtype. */
class ArrowTest {

    @TempDir
    Path directory;

    private final SparkSession spark = GoldenCase.session();

    @TestFactory
    Stream<DynamicTest> givesToPandasWhatNumpyWrote() throws IOException {
        Map<String, GoldenCase> byDType = new LinkedHashMap<>();
        for (GoldenCase golden : GoldenCase.readAll(ResourceFile.of("golden"))) {
            String name = golden.name();
            int ndim = name.indexOf("-1d-");
            if (ndim > 0) {
                byDType.putIfAbsent(name.substring(0, ndim), golden);
            } else if (name.endsWith("-npy") || name.endsWith("-ltz") || name.startsWith("strings-")) {
                byDType.put(name, golden);
            }
        }
        assertThat(byDType)
                .containsKeys(
                        "b1", "i1", "u8", "f2", "bf16", "c8", "c16", "S7", "U6", "V5", "M8-D", "M8-us", "m8-Y", "m8-ms")
                .containsKeys("record-nested-npy", "record-subarray-npy", "record-times-npy", "strings-binary");
        return byDType.values().stream().map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }

    private void check(GoldenCase golden) throws IOException, ReflectiveOperationException {
        Dataset<Row> table = spark.read()
                .format("memmap")
                .options(golden.options())
                .load(golden.file().toString());
        List<String> rows = RowText.of(ArrowStream.collect(table));
        assertThat(rows).as(golden.name()).containsExactlyElementsOf(golden.rows());
        assertThat(rows).as(golden.name()).containsExactlyElementsOf(RowText.of(table.collectAsList()));
    }

    @Test
    void keepsTheOrderOfManyPartitions() throws IOException, ReflectiveOperationException {
        int[] values = IntStream.range(0, 30_000).toArray();
        Path file = Npy.of("'<i4'", "(10000, 3)").write(directory.resolve("x.npy"), Npy.i4(values));
        Dataset<Row> table = spark.read()
                .format("memmap")
                .option("minPartitions", "5")
                .option("layout", "array")
                .load(file.toString())
                .select("_row", "value");
        List<Row> rows = ArrowStream.collect(table);
        assertThat(table.javaRDD().getNumPartitions()).isEqualTo(5);
        assertThat(rows).hasSize(10_000);
        assertThat(RowText.of(rows)).containsExactlyElementsOf(RowText.of(table.collectAsList()));
        assertThat(rows.get(9_999).getLong(0)).isEqualTo(9_999);
        assertThat(rows.get(9_999).getList(1)).isEqualTo(List.of(29_997, 29_998, 29_999));
    }
}
