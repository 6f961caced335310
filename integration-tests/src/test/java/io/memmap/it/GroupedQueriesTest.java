package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.it.RandomArray.Column;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    private Dataset<Row> query(RandomArray array, boolean pushed, String partitions, String sql) {
        spark.read()
                .format("memmap")
                .options(array.options())
                .option("minPartitions", partitions)
                .option("pushFilters", pushed)
                .option("pushAggregates", pushed)
                .load(array.path())
                // A view has no metadata columns of its own.
                .selectExpr("*", "_row", "_file_row", "_file")
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

    private static List<Column> plain(RandomArray array) {
        return array.columns().stream()
                .filter(column -> !column.isTime() && !column.dtype().equals("u8"))
                .toList();
    }

    @ParameterizedTest(name = "-Dmemmap.seed={0}")
    @MethodSource("seeds")
    void givesTheGroupsOfTheRows(long seed) throws IOException {
        RandomArray array = RandomArray.write(directory, seed);
        for (long other = seed + 1000; plain(array).isEmpty(); other += 1000) {
            array = RandomArray.write(directory, other);
        }
        Random random = new Random(seed * 13 + 3);
        boolean ansi = random.nextBoolean();
        spark.conf().set("spark.sql.ansi.enabled", String.valueOf(ansi));
        List<Column> plain = plain(array);
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
        String partitions = PushedQueriesTest.partitions(seed);
        Dataset<Row> pushed = query(array, true, partitions, sql);
        String context = sql + " of " + array + ", ANSI " + ansi + "\n" + plan(pushed);
        if (!plan(pushed).contains("LocalTableScan <empty>") && !averagesLongs) {
            assertThat(plan(pushed)).as(context).containsPattern("pushed \\[.* by ");
        }
        List<Row> found = inOrder(pushed.collectAsList(), keys.size());
        List<Row> expected = inOrder(query(array, false, partitions, sql).collectAsList(), keys.size());
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

    /** Each key comes back after the totals of its group were handed out, whichever of its rows a partition has. */
    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void handsOutGroupsOfWhichThereAreMany(String access) throws IOException {
        int distinct = 350_000;
        int count = 6 * distinct;
        ByteBuffer rows = ByteBuffer.allocate(12 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            rows.putInt(i % distinct).putDouble(i);
        }
        Path file = Npy.of("[('k', '<i4'), ('v', '<f8')]", "(" + count + ",)")
                .write(directory.resolve("many.npy"), rows.array());
        load(file, "access", access).createOrReplaceTempView("t");
        Dataset<Row> groups = spark.sql("SELECT k, count(*) AS n, sum(k) AS s, min(k) AS a, max(k) AS b, sum(v) AS t,"
                + " min(v) AS least, max(v) AS greatest FROM t GROUP BY k");
        assertThat(plan(groups)).contains("sum(v), min(v), max(v) by k]");
        Row all = groups.selectExpr(
                        "count(*)",
                        "sum(n)",
                        "count_if(n = 6 AND s = 6 * k AND a = k AND b = k)",
                        "count_if(t = 6D * k + 15D * 350000 AND least = k AND greatest = k + 5 * 350000)")
                .head();
        long groupCount = distinct;
        assertThat(all).isEqualTo(RowFactory.create(groupCount, (long) count, groupCount, groupCount));
    }

    @Test
    void namesTheFileWithAKeyThatItCannotHold() throws IOException {
        spark.conf().set("spark.sql.ansi.enabled", "true");
        Path shards = directory.resolve("shards");
        Npy.doubles(shards.resolve("0.npy"), 1, 2147483647.5, -2147483648.5);
        Npy.doubles(shards.resolve("1.npy"), 2);
        load(shards).createOrReplaceTempView("t");
        String sql = "SELECT CAST(value AS INT) AS k, count(*) FROM t GROUP BY CAST(value AS INT) ORDER BY k";
        assertThat(spark.sql(sql).collectAsList())
                .containsExactly(
                        RowFactory.create(Integer.MIN_VALUE, 1L),
                        RowFactory.create(1, 1L),
                        RowFactory.create(2, 1L),
                        RowFactory.create(Integer.MAX_VALUE, 1L));
        for (double wrong : new double[] {2147483648.0, Double.NaN, -2147483649.0}) {
            Npy.doubles(shards.resolve("1.npy"), wrong);
            load(shards).createOrReplaceTempView("t");
            assertThatThrownBy(() -> spark.sql(sql).collect())
                    .hasStackTraceContaining(
                            "1.npy: value is " + wrong
                                    + ", expected a value within the range of int; leave such rows out, or group by floor(value)");
        }
        assertThat(spark.sql(sql.replace("GROUP", "WHERE value > 0 GROUP")).count())
                .isEqualTo(2);
        String longs = sql.replace("INT", "BIGINT");
        assertThat(plan(spark.sql(longs))).contains("by CAST(value AS bigint)]");
        assertThat(spark.sql(longs).head().getLong(0)).isEqualTo(-2147483649L);
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
                        + "within the range of bigint; cast the column to a wider type, such as DECIMAL(38,0), or set "
                        + "pushAggregates=false to let Spark add up");
    }

    @Test
    void knowsOtherClausesOfAGroup() throws IOException {
        Path file = Npy.of("[('k', '<u1'), ('v', '<i2')]", "(5,)")
                .write(directory.resolve("clauses.npy"), clauses(255, 7, 255, 8, 1, 9, 1, 10, 255, 8));
        spark.read()
                .format("memmap")
                .schema("k INT, v BIGINT")
                .load(file.toString())
                .createOrReplaceTempView("t");
        assertThat(spark.sql("SELECT k + 1, sum(v) FROM t GROUP BY k HAVING count(*) > 2")
                        .collectAsList())
                .containsExactly(RowFactory.create(256, 23L));
        assertThat(spark.sql("SELECT k, sum(v) FILTER (WHERE v > 7), count(DISTINCT v) FROM t GROUP BY k ORDER BY k")
                        .collectAsList())
                .containsExactly(RowFactory.create(1, 19L, 2L), RowFactory.create(255, 16L, 2L));
        assertThat(spark.sql("SELECT k, count(*) FROM t GROUP BY ROLLUP(k) ORDER BY k")
                        .collectAsList())
                .containsExactly(RowFactory.create(null, 5L), RowFactory.create(1, 2L), RowFactory.create(255, 3L));
        assertThat(spark.sql("SELECT 'x', count(*) FROM t GROUP BY 'x'").collectAsList())
                .containsExactly(RowFactory.create("x", 5L));
        assertThat(spark.sql("SELECT DISTINCT k FROM t ORDER BY k").collectAsList())
                .containsExactly(RowFactory.create(1), RowFactory.create(255));
    }

    private static byte[] clauses(int... values) {
        ByteBuffer rows = ByteBuffer.allocate(values.length / 2 * 3).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i += 2) {
            rows.put((byte) values[i]).putShort((short) values[i + 1]);
        }
        return rows.array();
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
