package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.it.RandomArray.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Groups by integers, stored or computed, are those that Spark itself makes of the rows. Options as for
 * {@link PushedQueriesTest}.
 */
class GroupedQueriesTest {
    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    static LongStream seeds() {
        return PushedQueriesTest.seeds().filter(seed -> seed % 3 == 0 || Long.getLong("memmap.seed") != null);
    }

    private Dataset<Row> load(Path path, String... options) {
        var reader = spark.read().format("memmap");
        for (int i = 0; i < options.length; i += 2) {
            reader = reader.option(options[i], options[i + 1]);
        }
        return reader.load(path.toString());
    }

    private static String plan(Dataset<Row> query) {
        return query.queryExecution().executedPlan().toString();
    }

    private Dataset<Row> query(RandomArray array, boolean pushed, String sql) {
        spark.read()
                .format("memmap")
                .options(array.options())
                .option("minPartitions", "3")
                .option("pushFilters", pushed)
                .option("pushAggregates", pushed)
                .load(array.path())
                .createOrReplaceTempView("t");
        return spark.sql(sql);
    }

    /** A key of a column that Spark groups by without a NULL; operations of numbers are pushed in ANSI mode only. */
    private static String key(Column column, boolean ansi, Random random) {
        String name = column.name();
        if (column.isFloat()) {
            String number = column.dtype().equals("f8") ? name : "CAST(" + name + " AS DOUBLE)";
            String[] numbers = {"(" + number + " * 0.5D + 3)", "(7 - " + number + " / 16)"};
            return (random.nextBoolean() ? "floor(" : "ceil(") + (ansi ? numbers[random.nextInt(2)] : number) + ")";
        }
        String[] keys = {
            name, name + " & 15", "(" + name + " | 3) ^ 5", name + " % 7", name + " % -100", "floor(" + name + " / 8D)"
        };
        return keys[random.nextInt(ansi ? keys.length : 3)];
    }

    @ParameterizedTest(name = "-Dmemmap.seed={0}")
    @MethodSource("seeds")
    void givesTheGroupsOfTheRows(long seed) throws IOException {
        RandomArray array = RandomArray.write(directory, seed);
        Random random = new Random(seed * 13 + 3);
        boolean ansi = random.nextBoolean();
        spark.conf().set("spark.sql.ansi.enabled", String.valueOf(ansi));
        List<Column> plain = array.columns().stream()
                .filter(column -> !column.isTime() && !column.dtype().equals("u8"))
                .toList();
        if (plain.isEmpty()) {
            return;
        }
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            keys.add(key(plain.get(random.nextInt(plain.size())), ansi, random));
        }
        List<String> aggregates = new ArrayList<>();
        boolean averagesLongs = false;
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            Column column = plain.get(random.nextInt(plain.size()));
            String function = RandomQuery.function(array, column, random);
            averagesLongs |= function.equals("avg") && column.isLong();
            aggregates.add(function.equals("*") ? "count(*)" : function + "(" + column.name() + ")");
        }
        String condition = random.nextBoolean() ? "" : " WHERE " + RandomQuery.condition(array, random, 1);
        String by = String.join(", ", keys);
        String sql = "SELECT " + by + ", " + String.join(", ", aggregates) + " FROM t" + condition + " GROUP BY " + by;
        Dataset<Row> pushed = query(array, true, sql);
        String context = sql + " of " + array + ", ANSI " + ansi + "\n" + plan(pushed);
        if (!plan(pushed).contains("LocalTableScan <empty>") && !averagesLongs) {
            assertThat(plan(pushed)).as(context).containsPattern("pushed \\[.* by ");
        }
        List<Row> found = inOrder(pushed.collectAsList(), keys.size());
        List<Row> expected = inOrder(query(array, false, sql).collectAsList(), keys.size());
        assertThat(found).as(context).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            PushedQueriesTest.assertSame(found.get(i), expected.get(i), "row " + i + " of " + context);
        }
    }

    private static List<Row> inOrder(List<Row> groups, int keys) {
        return groups.stream()
                .sorted(Comparator.comparing(group ->
                        IntStream.range(0, keys).mapToObj(group::get).toList().toString()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"map, 1", "read, 1", "map, 3"})
    void handsOutGroupsOfWhichThereAreMany(String access, String partitions) throws IOException {
        int count = 700_000;
        int[] keys = IntStream.range(0, count).map(i -> i / 2 * 7919 % 350_003).toArray();
        Path file = Npy.of("'<i4'", "(" + count + ",)").write(directory.resolve("many.npy"), Npy.i4(keys));
        load(file, "access", access, "minPartitions", partitions).createOrReplaceTempView("t");
        Dataset<Row> groups = spark.sql("SELECT value, count(*) AS n, sum(value) AS s FROM t GROUP BY value");
        assertThat(plan(groups)).contains("pushed [count(*), sum(value) by value]");
        Row all = groups.selectExpr("count(*)", "sum(n)", "sum(s)", "min(n)", "max(s - n * value)")
                .head();
        long distinct = IntStream.of(keys).distinct().count();
        long sum = IntStream.of(keys).asLongStream().sum();
        assertThat(all).isEqualTo(RowFactory.create(distinct, (long) count, sum, 2L, 0L));
    }

    @Test
    void makesAHistogramOfTwoDimensions() throws IOException {
        spark.conf().set("spark.sql.ansi.enabled", "true");
        Path file = Npy.of("'<f8'", "(4, 2)")
                .write(directory.resolve("xy.npy"), Npy.f8(0.1, -0.1, 0.9, -0.9, 1.5, 2.5, 0.2, -1));
        load(file).createOrReplaceTempView("t");
        Dataset<Row> histogram = spark.sql("SELECT CAST(c0 AS INT) AS x, floor(c1) AS y, count(*) AS n, max(c0) AS m"
                + " FROM t GROUP BY CAST(c0 AS INT), floor(c1) ORDER BY x, y");
        assertThat(plan(histogram)).contains("pushed [count(*), max(c0) by CAST(c0 AS int), floor(c1)]");
        assertThat(histogram.collectAsList())
                .containsExactly(RowFactory.create(0, -1L, 3L, 0.9), RowFactory.create(1, 2L, 1L, 1.5));
    }

    @Test
    void refusesWhatAKeyCannotHold() throws IOException {
        spark.conf().set("spark.sql.ansi.enabled", "true");
        Path file = Npy.doubles(directory.resolve("large.npy"), 1, 3e9);
        load(file).createOrReplaceTempView("t");
        assertThatThrownBy(() -> spark.sql("SELECT CAST(value AS INT), count(*) FROM t GROUP BY 1")
                        .collect())
                .hasStackTraceContaining("large.npy: value is 3.0E9, expected a value within the range of int");
        assertThat(spark.sql("SELECT CAST(value AS INT), count(*) FROM t WHERE value < 5 GROUP BY 1")
                        .collectAsList())
                .containsExactly(RowFactory.create(1, 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum(v)", "try_sum(v)"})
    void sumsOfAGroupAreExactOrAnError(String sum) throws IOException {
        long max = Long.MAX_VALUE;
        Path file = Npy.of("[('k', '<i8'), ('v', '<i8')]", "(6,)")
                .write(directory.resolve("sums.npy"), Npy.i8(1, max, 2, max, 1, max, 1, -max, 1, -max, 2, -1));
        load(file, "minPartitions", "1").createOrReplaceTempView("t");
        assertThat(spark.sql("SELECT k, " + sum + " FROM t GROUP BY k ORDER BY k")
                        .collectAsList())
                .containsExactly(RowFactory.create(1L, 0L), RowFactory.create(2L, max - 1));
        assertThatThrownBy(() -> spark.sql("SELECT k, " + sum + " FROM t WHERE v > 0 GROUP BY k")
                        .collect())
                .hasStackTraceContaining("sums.npy: the sum of one partition is 18446744073709551614, expected a value "
                        + "within the range of bigint; cast the column to a wider type, such as DECIMAL(38,0), or say "
                        + "pushAggregates=false to let Spark add up");
    }

    @Test
    void groupsNothing() throws IOException {
        load(Npy.doubles(directory.resolve("empty.npy"))).createOrReplaceTempView("t");
        assertThat(spark.sql("SELECT floor(value), count(*) FROM t GROUP BY 1").collectAsList())
                .isEmpty();
    }

    @Test
    void leavesOtherKeysToSpark() throws IOException {
        spark.conf().set("spark.sql.ansi.enabled", "true");
        Path file = Npy.of("[('t', '<M8[s]'), ('b', '|b1'), ('u', '<u8'), ('f', '<f8'), ('i', '<i4')]", "(2,)")
                .write(
                        directory.resolve("mixed.npy"),
                        Npy.join(
                                Npy.i8(0),
                                Npy.i1(1),
                                Npy.i8(1),
                                Npy.f8(1.5),
                                Npy.i4(1),
                                Npy.i8(0),
                                Npy.i1(1),
                                Npy.i8(1),
                                Npy.f8(1.5),
                                Npy.i4(1)));
        load(file).createOrReplaceTempView("t");
        for (String key : List.of("t", "b", "u", "f", "i + 1", "i % i", "f % 2", "floor(f / f)", "-i", "abs(i)")) {
            Dataset<Row> grouped = spark.sql("SELECT " + key + ", count(*) FROM t GROUP BY 1");
            assertThat(plan(grouped)).as(key).doesNotContainPattern("pushed \\[.* by ");
            assertThat(grouped.collectAsList())
                    .as(key)
                    .extracting(row -> row.getLong(1))
                    .containsExactly(2L);
        }
        for (String aggregate : List.of("max(t)", "count(t)", "max(u)", "sum(u)", "avg(CAST(i AS BIGINT))")) {
            Dataset<Row> grouped = spark.sql("SELECT i, " + aggregate + " FROM t GROUP BY i");
            assertThat(plan(grouped)).as(aggregate).doesNotContainPattern("pushed \\[.* by ");
            assertThat(grouped.count()).as(aggregate).isEqualTo(1);
        }
        Dataset<Row> off = spark.read()
                .format("memmap")
                .options(Map.of("pushAggregates", "false"))
                .load(file.toString())
                .groupBy("i")
                .count();
        assertThat(plan(off)).doesNotContainPattern("pushed \\[.* by ");
    }
}
