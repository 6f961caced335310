package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates and samples that are pushed, and those that must not be. {@link PushedQueriesTest} has the values. */
class PushedAggregatesTest {
    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    private Dataset<Row> load(Path path, String... options) {
        var reader = spark.read().format("memmap");
        for (int i = 0; i < options.length; i += 2) {
            reader = reader.option(options[i], options[i + 1]);
        }
        return reader.load(path.toString());
    }

    private Path longs(long... values) throws IOException {
        return Npy.of("'<i8'", "(" + values.length + ",)").write(directory.resolve("longs.npy"), Npy.i8(values));
    }

    private static String plan(Dataset<Row> query) {
        return query.queryExecution().executedPlan().toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sumsOfLongsAreExactOrAnError(boolean ansi) throws IOException {
        spark.conf().set("spark.sql.ansi.enabled", String.valueOf(ansi));
        long max = Long.MAX_VALUE;
        Dataset<Row> balanced = load(longs(max, max, -max, -max, 7), "minPartitions", "1");
        assertThat(balanced.selectExpr("sum(value)").head().getLong(0)).isEqualTo(7);

        for (String sum : List.of("sum(value)", "try_sum(value)")) {
            Dataset<Row> one = load(longs(max, max, 1), "minPartitions", "1").selectExpr(sum);
            assertThat(plan(one)).containsPattern(RandomQuery.AGGREGATES);
            assertThatThrownBy(one::collect)
                    .hasStackTraceContaining(
                            "longs.npy: the sum of one partition is 18446744073709551615, expected a value "
                                    + "within the range of bigint; cast the column to a wider type, such as DECIMAL(38,0), or "
                                    + "set pushAggregates=false to let Spark add up");
        }
        Dataset<Row> tried = load(longs(max, 1), "minPartitions", "2").selectExpr("try_sum(value)");
        assertThat(plan(tried)).containsPattern(RandomQuery.AGGREGATES);
        assertThat(tried.head().isNullAt(0)).isTrue();
    }

    /** Then Spark has no totals to merge. */
    @Test
    void oneTaskGivesTheWholeAnswer() throws IOException {
        Path file = Npy.of("[('k', '<i4'), ('v', '<f8')]", "(3,)")
                .write(
                        directory.resolve("three.npy"),
                        Npy.join(Npy.i4(1), Npy.f8(1.5), Npy.i4(2), Npy.f8(2.5), Npy.i4(1), Npy.f8(4.5)));
        Map<String, Row> wholes = Map.of(
                "SELECT sum(k), avg(v), max(v), count(*) FROM t", RowFactory.create(4L, 8.5 / 3, 4.5, 3L),
                "SELECT avg(v), count(k) FROM t WHERE k = 1", RowFactory.create(3.0, 2L),
                "SELECT sum(v), count(*) FROM t WHERE k = 7", RowFactory.create(null, 0L),
                "SELECT k, sum(v) FROM t WHERE v > 2 GROUP BY k HAVING sum(v) > 3", RowFactory.create(1, 4.5));
        for (String partitions : List.of("1", "2")) {
            load(file, "minPartitions", partitions).createOrReplaceTempView("t");
            wholes.forEach((sql, row) -> {
                Dataset<Row> query = spark.sql(sql);
                assertThat(plan(query).contains("Aggregate(")).as(plan(query)).isEqualTo(partitions.equals("2"));
                assertThat(query.collectAsList()).as(sql).isEqualTo(List.of(row));
            });
        }
        Files.copy(file, directory.resolve("two.npy"));
        Dataset<Row> byFile = load(directory).groupBy("_file").max("v").selectExpr("`max(v)`");
        assertThat(plan(byFile)).doesNotContain("Aggregate(");
        assertThat(byFile.collectAsList()).isEqualTo(List.of(RowFactory.create(4.5), RowFactory.create(4.5)));
    }

    @Test
    void manyTasksAddUpWhatTakesOneTooLong() throws IOException {
        for (long rows : List.of(1L << 25, (1L << 25) + 1)) {
            Path zeros = SparseFile.create(directory.resolve(rows + ".dat"), rows * Double.BYTES, Map.of());
            // Cut by the user, as else one task of several threads would take more.
            Dataset<Row> sum =
                    load(zeros, "dtype", "<f8", "maxPartitionBytes", "512m").selectExpr("sum(value)", "count(value)");
            assertThat(plan(sum).contains("Aggregate(")).isEqualTo(rows > 1L << 25);
            assertThat(sum.head()).isEqualTo(RowFactory.create(0.0, rows));
            assertThat(sum.queryExecution()
                            .optimizedPlan()
                            .stats()
                            .sizeInBytes()
                            .toLong())
                    .as("what Spark thinks of joining it")
                    .isLessThan(100);
        }
    }

    @Test
    void averagesOfLongsAreLeftToSpark() throws IOException {
        Dataset<Row> large = load(longs(
                LongStream.range(0, 1000).map(i -> 1_600_000_000_000_000_000L).toArray()));
        Dataset<Row> mean = large.selectExpr("avg(value)");
        assertThat(plan(mean)).contains("partial_avg(value");
        assertThat(mean.head().getDouble(0)).isEqualTo(1.6e18);
        assertThat(plan(large.selectExpr("sum(value)", "count(value)"))).containsPattern(RandomQuery.AGGREGATES);
    }

    /** Their sum may leave BIGINT. */
    @Test
    void averagesOfManyIntsAreLeftToSpark() throws IOException {
        Path raw = directory.resolve("many.dat");
        for (long rows : new long[] {(1 << 16) - 1, 1 << 16}) {
            try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
                file.setLength(rows * (1 << 16) * Integer.BYTES);
            }
            Dataset<Row> ints = SharedSpark.session()
                    .read()
                    .format("memmap")
                    .options(Map.of("dtype", "<i4", "shape", rows + ",65536", "layout", "elements"))
                    .load(raw.toString());
            assertThat(plan(ints.selectExpr("avg(value)")).contains("partial_avg(value"))
                    .isEqualTo(rows == 1 << 16);
        }
    }

    @Test
    void leavesSumsOfUnsignedLongsToSpark() throws IOException {
        Path many = Npy.of("'<u8'", "(20,)")
                .write(
                        directory.resolve("many.npy"),
                        Npy.i8(LongStream.range(0, 20).map(i -> i < 10 ? -1 : 1).toArray()));
        Row sums = load(many).selectExpr("sum(value)", "avg(value)").head();
        assertThat(sums.getDecimal(0)).isEqualTo(new BigDecimal("184467440737095516160"));
        assertThat(sums.getDecimal(1)).isEqualTo(new BigDecimal("9223372036854775808.0000"));
        Path file = Npy.of("'<u8'", "(3,)").write(directory.resolve("u8.npy"), Npy.i8(-1, -1, 5));
        Row row = load(file)
                .selectExpr("sum(value)", "min(value)", "max(value)", "avg(value)")
                .head();
        assertThat(row.getDecimal(0)).isEqualTo(new BigDecimal("36893488147419103235"));
        assertThat(row.getDecimal(1)).isEqualTo(new BigDecimal("5"));
        assertThat(row.getDecimal(2)).isEqualTo(new BigDecimal("18446744073709551615"));
        assertThat(row.getDecimal(3)).isEqualTo(new BigDecimal("12297829382473034411.6667"));
    }

    /** In one piece, and plane by plane. */
    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void addsUpTheElementsOfFortranOrder(String access) throws IOException {
        double[] values = IntStream.range(0, 30).asDoubleStream().toArray();
        Path file = Npy.of("'<f8'", "(10, 3)").inFortranOrder().write(directory.resolve("f.npy"), Npy.f8(values));
        Row row = spark.read()
                .format("memmap")
                .options(Map.of("layout", "elements", "access", access))
                .load(file.toString())
                .selectExpr("sum(value)", "min(value)", "max(value)")
                .head();
        assertThat(row).isEqualTo(RowFactory.create(435.0, 0.0, 29.0));
    }

    @Test
    void addsUpNothingOfAnAxisWithoutElements() throws IOException {
        Path file = Npy.of("'<f8'", "(5, 0)").inFortranOrder().write(directory.resolve("f.npy"), Npy.f8());
        Row row = spark.read()
                .format("memmap")
                .option("layout", "elements")
                .load(file.toString())
                .selectExpr("sum(value)", "count(*)")
                .head();
        assertThat(row).isEqualTo(RowFactory.create(null, 0L));
    }

    @Test
    void hugeNumbersCancelOut() throws IOException {
        Path file = Npy.doubles(
                directory.resolve("huge.npy"),
                IntStream.range(0, 64)
                        .mapToDouble(i -> i % 2 == 0 ? 1e308 : -1e308)
                        .toArray());
        assertThat(load(file).selectExpr("sum(value)").head().getDouble(0)).isZero();
    }

    /** Spark itself renames the one row's columns, for which it runs one task; no file is opened by then. */
    @Test
    void countsByArithmeticAlone() throws IOException {
        Path file = longs(3, 4, 5);
        Dataset<Row> count = load(file).selectExpr("count(*)", "count(value)");
        assertThat(plan(count)).contains("LocalTableScan").doesNotContain("BatchScan", "Exchange");
        Dataset<Row> some = load(file).where("_row >= 1").groupBy().count();
        assertThat(plan(some)).contains("LocalTableScan").doesNotContain("BatchScan", "Exchange");
        Files.delete(file);
        assertThat(count.collectAsList()).containsExactly(RowFactory.create(3L, 3L));
        assertThat(some.collectAsList()).containsExactly(RowFactory.create(2L));
    }

    @Test
    void countsNothingAsZero() throws IOException {
        Path empty = Npy.doubles(directory.resolve("empty.npy"));
        assertThat(load(empty)
                        .selectExpr("count(*)", "count(value)", "sum(value)", "min(value)")
                        .head())
                .isEqualTo(RowFactory.create(0L, 0L, null, null));
        Path file = Npy.doubles(directory.resolve("full.npy"), 1, 2);
        assertThat(load(file)
                        .where("value > 5")
                        .selectExpr("count(*)", "sum(value)")
                        .head())
                .isEqualTo(RowFactory.create(0L, null));
        assertThat(load(file).where("value > 5").groupBy("_file").count().collectAsList())
                .isEmpty();
    }

    @Test
    void groupsByFile() throws IOException {
        Path shards = directory.resolve("shards");
        Npy.doubles(shards.resolve("0.npy"), 1, 2, 3);
        Npy.doubles(shards.resolve("1.npy"), 10);
        Dataset<Row> counts = load(shards).groupBy("_file").count().orderBy("_file");
        assertThat(plan(load(shards).groupBy("_file").count())).contains("LocalTableScan");
        assertThat(counts.collectAsList()).extracting(row -> row.getLong(1)).containsExactly(3L, 1L);
        Dataset<Row> sums = load(shards)
                .where("value > 1")
                .groupBy("_file")
                .agg(functions.sum("value"), functions.max("value"))
                .orderBy("_file");
        assertThat(plan(sums)).contains("pushed [value > 1.0, sum(value), max(value) by _file]");
        assertThat(sums.collectAsList())
                .extracting(row -> row.getDouble(1), row -> row.getDouble(2))
                .containsExactly(tuple(5.0, 3.0), tuple(10.0, 10.0));
    }

    @Test
    void groupsAFileThatIsGivenTwiceOnce() throws IOException {
        String one = Npy.doubles(directory.resolve("1.npy"), 1, 2, 3).toString();
        String other = Npy.doubles(directory.resolve("2.npy"), 10).toString();
        Dataset<Row> twice = spark.read().format("memmap").load(one, other, one);
        for (Dataset<Row> rows : List.of(twice, twice.where("value > 1"))) {
            List<Double> sums = rows == twice ? List.of(12.0, 10.0) : List.of(10.0, 10.0);
            assertThat(rows.groupBy("_file").sum("value").orderBy("_file").collectAsList())
                    .extracting(row -> row.getDouble(1))
                    .isEqualTo(sums);
        }
    }

    @Test
    void leavesToSparkWhatItCannotAddUp() throws IOException {
        Path file = Npy.of("[('s', 'S2'), ('b', '?'), ('v', '<f8')]", "(2,)")
                .write(
                        directory.resolve("mixed.npy"),
                        Npy.join(Npy.text(2, "a"), Npy.i1(1), Npy.f8(1.5), Npy.text(2, "b"), Npy.i1(0), Npy.f8(2.5)));
        Dataset<Row> table = load(file);
        for (String aggregate :
                List.of("max(s)", "min(b)", "sum(DISTINCT v)", "count(DISTINCT v)", "sum(v + 1)", "stddev(v)")) {
            assertThat(plan(table.selectExpr(aggregate))).as(aggregate).doesNotContainPattern(RandomQuery.AGGREGATES);
        }
        assertThat(table.selectExpr("max(s)", "min(b)", "sum(v)").head()).isEqualTo(RowFactory.create("b", false, 4.0));
        assertThat(plan(table.where("s = 'a'").selectExpr("sum(v)"))).doesNotContainPattern(RandomQuery.AGGREGATES);
        assertThat(plan(table.where("b").selectExpr("sum(v)"))).containsPattern(RandomQuery.AGGREGATES);
        assertThat(table.where("b").selectExpr("sum(v)").head().getDouble(0)).isEqualTo(1.5);
    }

    @Test
    void takesOneSampleWhateverThePartitions() throws IOException {
        Path file = longs(LongStream.range(0, 10_000).toArray());
        TreeSet<Long> samples = new TreeSet<>();
        for (String partitions : List.of("1", "2", "7")) {
            Dataset<Row> sample = load(file, "minPartitions", partitions).sample(false, 0.1, 42);
            assertThat(plan(sample))
                    .contains("pushed [sample [0.0, 0.1) seed 42]")
                    .doesNotContain("Sample 0");
            List<Long> rows = sample.collectAsList().stream()
                    .map(row -> row.getLong(0))
                    .sorted()
                    .toList();
            assertThat(rows).doesNotHaveDuplicates().hasSizeBetween(900, 1100);
            samples.addAll(rows);
            assertThat(samples).hasSameSizeAs(rows);
            assertThat(load(file, "minPartitions", partitions)
                            .sample(false, 0.1, 42)
                            .count())
                    .isEqualTo(rows.size());
        }
        long other = load(file).sample(false, 0.1, 43).where("value > 5000").count();
        assertThat(other).isBetween(400L, 600L);
        Dataset<Row> again = load(file).sample(true, 0.1, 42);
        assertThat(plan(again)).contains("Sample 0.0");
        load(file).createOrReplaceTempView("sampled");
        assertThat(spark.sql("SELECT * FROM sampled TABLESAMPLE (50 PERCENT) REPEATABLE (1)")
                        .count())
                .isBetween(4700L, 5300L);
    }

    @Test
    void decodesOtherColumnsOnlyWhereTheConditionHolds() throws IOException {
        // A float64 column beside an S4 one with bytes that are no UTF-8 in row 5.
        byte[] data = {};
        for (int i = 0; i < 10; i++) {
            data = Npy.join(data, Npy.i4(i), i == 5 ? new byte[] {(byte) 0xff, 0, 0, 0} : Npy.text(4, "ok" + i));
        }
        Path file = Npy.of("[('id', '<i4'), ('s', 'S4')]", "(10,)").write(directory.resolve("bad.npy"), data);
        assertThat(load(file).where("id > 100").collectAsList()).isEmpty();
        assertThat(load(file).where("id < 5").selectExpr("max(id)").head().getInt(0))
                .isEqualTo(4);
        assertThatThrownBy(() -> load(file).where("id = 5").collect()).hasStackTraceContaining("row 5 of");
    }

    @Test
    void failsWhenTheFileChangedBeforeItWasAddedUp() throws IOException {
        Path file = Npy.doubles(
                directory.resolve("changed.npy"),
                IntStream.range(0, 1000).asDoubleStream().toArray());
        Dataset<Row> sum = load(file).selectExpr("sum(value)");
        assertThat(sum.queryExecution().executedPlan()).isNotNull();
        Files.setLastModifiedTime(file, FileTime.fromMillis(12345));
        assertThatThrownBy(sum::collect)
                .hasStackTraceContaining("changed.npy")
                .hasStackTraceContaining("since the query was planned");
    }
}
