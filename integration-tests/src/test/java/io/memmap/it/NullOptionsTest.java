package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.spark.options.OptionKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Null, which PySpark makes of {@code None}, is an option that is not given. */
class NullOptionsTest {

    @TempDir
    static Path directory;

    static Stream<String> names() {
        return Stream.concat(
                OptionKey.all().stream().map(OptionKey::name).filter(name -> !name.equals("path")),
                Stream.of("mergeSchema", "header", "fs.s3a.access.key", "mode", "__partition_columns"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void isNotGiven(String name) {
        String path = directory.resolve(name.replace('.', '-') + ".npy").toString();
        Dataset<Row> rows = SharedSpark.session().range(4).toDF("value");
        rows.write()
                .format("memmap")
                .option(name, (String) null)
                .option("path", path)
                .mode("overwrite")
                .save();
        rows.write()
                .format("memmap")
                .option(name, (String) null)
                .option("path", path)
                .mode("append")
                .save();
        assertThat(read(Map.of(), name, path)).containsExactly(0L, 1L, 2L, 3L, 0L, 1L, 2L, 3L);
        assertThat(read(Map.of("dtype", "<i8"), name, path)).hasSize(8);
    }

    private static List<Long> read(Map<String, String> others, String name, String path) {
        Map<String, String> options = new TreeMap<>(others);
        options.putIfAbsent(name, null);
        Dataset<Row> read = SharedSpark.session()
                .read()
                .format("memmap")
                .options(options)
                .option("path", path)
                .load();
        assertThat(read.count()).isEqualTo(8);
        assertThat(read.filter("_row >= 6").agg(Map.of("value", "sum")).first().getLong(0))
                .isEqualTo(5);
        return read.orderBy("_row").collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList();
    }

    @Test
    void allAtOnceAreNotGiven() {
        Map<String, String> none = new TreeMap<>();
        names().forEach(name -> none.put(name, null));
        String path = directory.resolve("all").toString();
        SharedSpark.session()
                .range(4)
                .selectExpr("id a", "cast(id as double) b")
                .write()
                .format("memmap")
                .options(none)
                .option("path", path)
                .save();
        Dataset<Row> read = SharedSpark.session()
                .read()
                .format("memmap")
                .options(none)
                .option("path", path)
                .load();
        assertThat(read.filter("b > 1.5").select("a").as(Encoders.LONG()).collectAsList())
                .containsExactly(2L, 3L);
    }
}
