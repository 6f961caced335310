package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * Real arrays give through Spark SQL the values that NumPy computed from them: {@code data/expected.json}. Each test
 * fails when a value there is not among those that it checks. Spark's views hide metadata columns, so they are selected.
 */
class RealDataTest {

    /** Spark and NumPy add in different orders; this is what that may cost a mean of thousands of doubles. */
    private static final double RELATIVE_ERROR_OF_A_SUM = 1e-12;

    private final SparkSession spark = SharedSpark.session();

    @Test
    void sumsDelaysOfPackedRecords() throws IOException {
        read("flights-200k.npy", Map.of()).createOrReplaceTempView("flights");
        check(
                "flights-200k.npy",
                Map.of(
                        "rows", "SELECT count(*) FROM flights",
                        "sum_delay", "SELECT sum(delay) FROM flights",
                        "mean_delay", "SELECT avg(delay) FROM flights",
                        "max_distance", "SELECT max(distance) FROM flights",
                        "count_delay_gt_60", "SELECT count(*) FROM flights WHERE delay > 60",
                        "mean_delay_long_haul", "SELECT avg(delay) FROM flights WHERE distance > 2000"),
                "descr");
        assertThat(spark.table("flights").schema().catalogString())
                .isEqualTo("struct<delay:smallint,distance:smallint,time:float>");
    }

    @Test
    void findsTheHoursOfAYear() throws IOException {
        read("seattle-hourly.npy", Map.of()).createOrReplaceTempView("seattle");
        String time = "date_format(%s(date), \"yyyy-MM-dd'T'HH:mm:ss\")";
        check(
                "seattle-hourly.npy",
                Map.of(
                        "rows", "SELECT count(*) FROM seattle",
                        "first", "SELECT " + time.formatted("min") + " FROM seattle",
                        "last", "SELECT " + time.formatted("max") + " FROM seattle",
                        "min_temperature", "SELECT CAST(min(temperature) AS DOUBLE) FROM seattle",
                        "max_temperature", "SELECT CAST(max(temperature) AS DOUBLE) FROM seattle",
                        "mean_pressure", "SELECT avg(pressure) FROM seattle"));
    }

    @Test
    void findsTheDaysOfTwentyYears() throws IOException {
        read("sp500.npy", Map.of()).createOrReplaceTempView("sp500");
        check(
                "sp500.npy",
                Map.of(
                        "rows", "SELECT count(*) FROM sp500",
                        "first", "SELECT CAST(min(date) AS STRING) FROM sp500",
                        "last", "SELECT CAST(max(date) AS STRING) FROM sp500",
                        "max_close", "SELECT max(close) FROM sp500",
                        "sum_volume", "SELECT sum(volume) FROM sp500"));
    }

    @Test
    void sumsABigEndianGridWithoutAHeader() throws IOException {
        JsonNode expected = expected("annual-precip.dat");
        String shape = expected.path("shape").toString();
        Map<String, String> options = Map.of("dtype", expected.path("dtype").asText(), "shape", shape);
        read("annual-precip.dat", options).selectExpr("*", "_row").createOrReplaceTempView("precipitation");
        check(
                "annual-precip.dat",
                Map.of(
                        "sum", "SELECT sum(aggregate(value, 0L, (s, x) -> s + x)) FROM precipitation",
                        "max", "SELECT max(array_max(value)) FROM precipitation",
                        "at_80_200", "SELECT value[200] FROM precipitation WHERE _row = 80",
                        "shape", "SELECT to_json(array(count(*), max(size(value)))) FROM precipitation"),
                "dtype");
    }

    @Test
    void sumsAVolcanoInCOrder() throws IOException {
        read("volcano.npy", Map.of("layout", "elements")).createOrReplaceTempView("volcano");
        check(
                "volcano.npy",
                Map.of(
                        "sum", "SELECT sum(value) FROM volcano",
                        "shape", "SELECT to_json(array(max(i0) + 1, max(i1) + 1)) FROM volcano"),
                "dtype",
                "order");
    }

    @Test
    void sumsAVolcanoInFortranOrder() throws IOException {
        Dataset<Row> columns = read("volcano-fortran.npy", Map.of());
        columns.selectExpr("*", "_row").createOrReplaceTempView("columns");
        read("volcano-fortran.npy", Map.of("layout", "elements")).createOrReplaceTempView("elements");
        check(
                "volcano-fortran.npy",
                Map.of(
                        "sum", "SELECT sum(value) FROM elements",
                        "max", "SELECT CAST(max(value) AS DOUBLE) FROM elements",
                        "at_30_40", "SELECT CAST(c40 AS DOUBLE) FROM columns WHERE _row = 30",
                        "shape", "SELECT to_json(array(max(i0) + 1, max(i1) + 1)) FROM elements"),
                "dtype",
                "order");
        assertThat(columns.columns()).hasSize(87).startsWith("c0").endsWith("c86");
        assertThat(spark.sql("SELECT value FROM elements WHERE i0 = 30 AND i1 = 40")
                        .collectAsList())
                .containsExactly(RowFactory.create(172.0f));
    }

    private Dataset<Row> read(String file, Map<String, String> options) {
        DataFrameReader reader = spark.read().format("memmap").options(options);
        return reader.load(ResourceFile.of("data/" + file).toString());
    }

    private static JsonNode expected(String file) throws IOException {
        return new ObjectMapper()
                .readTree(ResourceFile.of("data/expected.json").toFile())
                .path(file);
    }

    /** Each query gives the value of its name; every other value of the file is one that describes it, not its data. */
    private void check(String file, Map<String, String> queries, String... descriptions) throws IOException {
        JsonNode expected = expected(file);
        List<String> names = new ArrayList<>(queries.keySet());
        names.addAll(List.of(descriptions));
        assertThat(expected.fieldNames()).toIterable().as(file).containsExactlyInAnyOrderElementsOf(names);
        queries.forEach((name, query) -> {
            Object found = spark.sql(query).head().get(0);
            JsonNode value = expected.path(name);
            if (found instanceof Double number) {
                double bound = Math.abs(value.asDouble()) * RELATIVE_ERROR_OF_A_SUM;
                assertThat(number).as("%s of %s", name, file).isCloseTo(value.asDouble(), within(bound));
            } else {
                String text = value.isContainerNode() ? value.toString() : value.asText();
                assertThat(found).asString().as("%s of %s", name, file).isEqualTo(text);
            }
        });
    }
}
