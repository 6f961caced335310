package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Partition directories that a query does not need are not read, and change nothing for those that it needs. */
class PartitionPruningTest {
    private static final int DAYS = 8;

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    /** Day {@code d} of January 2026 has the values {@code 10 * d} and {@code 10 * d + 1}. */
    @BeforeEach
    void writeDays() throws IOException {
        spark.conf().set("spark.sql.adaptive.enabled", "false");
        for (int day = 1; day <= DAYS; day++) {
            Npy.doubles(file(day), 10 * day, 10 * day + 1);
        }
    }

    private Path file(int day) {
        return directory.resolve("date=2026-01-0" + day + "/city=" + (day % 2 == 0 ? "even" : "odd") + "/x.npy");
    }

    private Dataset<Row> days() {
        return spark.read().format("memmap").load(directory.toString());
    }

    private static List<Double> values(Dataset<Row> data) {
        return data.select("value").collectAsList().stream()
                .map(row -> row.getDouble(0))
                .sorted()
                .toList();
    }

    private void spoil(int... days) throws IOException {
        for (int day : days) {
            Files.writeString(file(day), "no array");
        }
    }

    private static String plan(Dataset<Row> data) {
        return data.queryExecution().executedPlan().toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "date = '2026-01-03'",
                "date IN ('2026-01-03', '2026-02-01')",
                "date > '2026-01-02' AND date < '2026-01-04'",
                "date BETWEEN '2026-01-02' AND '2026-01-03' AND city = 'odd'",
                "date LIKE '2026-01-03%'",
                "NOT (date <> '2026-01-03')",
                "date <=> DATE'2026-01-03'",
                "date = '2026-01-03' AND value >= 0",
                "(date = '2026-01-03' AND value > 0) OR (date = '2026-01-02' AND city LIKE 'od%')",
                "date = '2026-01-03' AND city IS NOT NULL"
            })
    void readsNoHeaderOfOtherPartitions(String condition) throws IOException {
        spoil(2, 4, 5, 6, 7, 8);
        Dataset<Row> found = days().where(condition);
        assertThat(values(found)).containsExactly(30.0, 31.0);
        assertThat(found.count()).isEqualTo(2);
        assertThat(found.selectExpr("max(value)").head().getDouble(0)).isEqualTo(31);
        assertThat(plan(found)).contains("1 of 8 partitions");
        assertThatThrownBy(() -> days().count()).hasMessageContaining("date=2026-01-02/city=even/x.npy");
    }

    /** Whether a row passes is decided by its directory and its value. */
    @Test
    void answersPartitionsAndValuesInOnePredicate() throws IOException {
        Dataset<Row> either = days().where("date = '2026-01-03' OR value > 80");
        assertThat(plan(either)).doesNotContainPattern("\\bFilter\\b").contains("8 of 8 partitions");
        assertThat(values(either)).containsExactly(30.0, 31.0, 81.0);
        assertThat(either.selectExpr("sum(value)").head().getDouble(0)).isEqualTo(142);
        assertThat(either.count()).isEqualTo(3);
        Dataset<Row> neither = days().where("NOT (city = 'odd' AND value < 70) AND NOT (city = 'even' AND value > 20)");
        assertThat(plan(neither)).doesNotContainPattern("\\bFilter\\b");
        assertThat(values(neither)).containsExactly(20.0, 70.0, 71.0);
        assertThat(neither.groupBy("_file").count().count()).isEqualTo(2);
        spoil(2, 4, 5, 6, 7, 8);
        Dataset<Row> branches =
                days().where("(date = '2026-01-03' AND value > 30) OR (date = '2026-01-01' AND city = 'even')");
        assertThat(plan(branches)).doesNotContainPattern("\\bFilter\\b").contains("1 of 8 partitions");
        assertThat(values(branches)).containsExactly(31.0);
    }

    /** NULL passes neither a comparison nor its negation. */
    @Test
    void keepsNullPartitionsOutOfNegations() throws IOException {
        Npy.doubles(directory.resolve("date=2026-01-09/city=__HIVE_DEFAULT_PARTITION__/x.npy"), 90, 91);
        Dataset<Row> found = days().where("NOT (city = 'odd' AND value < 91) AND value > 60");
        assertThat(values(found)).containsExactly(61.0, 80.0, 81.0, 91.0);
        assertThat(plan(found)).doesNotContainPattern("\\bFilter\\b");
    }

    @Test
    void showsThePredicateInThePlan() {
        assertThat(plan(days().where("city = 'odd' AND date >= '2026-01-05'")))
                .contains("city = 'odd' AND date >= '2026-01-05'], 2 of 8 partitions")
                .doesNotContainPattern("\\bFilter\\b");
        assertThat(plan(days())).contains("8 of 8 partitions");
    }

    @Test
    void findsNothingWherePredicatesLeaveNoPartition() {
        assertThat(values(days().where("date = '2027-01-01'"))).isEmpty();
        assertThat(days().where("date = '2027-01-01'").count()).isZero();
        assertThat(days().where("date IS NULL").selectExpr("sum(value)").head().isNullAt(0))
                .isTrue();
    }

    /** Rows count from the first partition on, whatever the predicate leaves. */
    @Test
    void keepsPositions() {
        Dataset<Row> positions =
                days().where("date >= '2026-01-07'").select("_row", "_file_row", "value", "date", "_file");
        List<Row> rows = positions.orderBy("_row").collectAsList();
        assertThat(rows).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(rows.get(i).getLong(0)).isEqualTo(12 + i);
            assertThat(rows.get(i).getLong(1)).isEqualTo(i % 2);
            assertThat(rows.get(i).getDouble(2)).isEqualTo(70 + i / 2 * 10 + i % 2);
            assertThat(rows.get(i).getString(4)).endsWith(file(7 + i / 2).toString());
        }
        assertThat(values(days().where("_row = 13 AND date > '2026-01-01'"))).containsExactly(71.0);
        assertThat(values(days().where("_row = 13 OR date = '2026-01-01'"))).containsExactly(10.0, 11.0, 71.0);
        assertThat(values(days().where("date > '2026-01-02'").orderBy("_row").limit(3)))
                .containsExactly(30.0, 31.0, 40.0);
        assertThat(values(days().where("_file LIKE '%date=2026-01-02%'"))).containsExactly(20.0, 21.0);
    }

    /** A sample is of the whole table, of which a predicate then takes a part. */
    @Test
    void samplesTheSameRows() {
        Dataset<Row> sample = days().sample(0.5, 7);
        List<Double> all = values(sample);
        assertThat(all).hasSizeBetween(1, 2 * DAYS - 1);
        assertThat(values(sample.where("date >= '2026-01-05'")))
                .isEqualTo(all.stream().filter(value -> value >= 50).toList());
    }

    @Test
    void limitsAfterPredicates() {
        Dataset<Row> last = days().where("date >= '2026-01-07'");
        assertThat(values(last.limit(3))).containsExactly(70.0, 71.0, 80.0);
        assertThat(values(last.offset(3))).containsExactly(81.0);
        assertThat(last.limit(3).count()).isEqualTo(3);
    }

    @Test
    void aggregatesAndGroups() {
        days().createOrReplaceTempView("days");
        assertThat(spark.sql(
                                "SELECT city, count(*), sum(value), min(date), count(date) FROM days GROUP BY city ORDER BY 1")
                        .collectAsList())
                .hasToString("[[even,8,404.0,2026-01-02,8], [odd,8,324.0,2026-01-01,8]]");
        assertThat(spark.sql("SELECT count(DISTINCT date), max(city), min(city) FROM days")
                        .head()
                        .toString())
                .isEqualTo("[8,odd,even]");
        assertThat(days().where("city = 'odd' AND _row < 5").count()).isEqualTo(3);
    }

    private static long metric(Dataset<Row> query, String name) {
        for (scala.collection.Iterator<SparkPlan> leaves =
                        query.queryExecution().executedPlan().collectLeaves().iterator();
                leaves.hasNext(); ) {
            SparkPlan leaf = leaves.next();
            if (leaf.metrics().contains(name)) {
                return leaf.metrics().apply(name).value();
            }
        }
        throw new AssertionError("no " + name + " in " + query.queryExecution().executedPlan());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesOutWhatAJoinDoesNotNeed(boolean adaptive) {
        spark.conf().set("spark.sql.adaptive.enabled", String.valueOf(adaptive));
        spark.range(1, DAYS + 1)
                .selectExpr("date_add(DATE'2025-12-31', int(id)) AS day", "id AS number")
                .write()
                .mode("overwrite")
                .parquet(directory.resolve("_calendar").toString());
        days().createOrReplaceTempView("days");
        spark.read().parquet(directory.resolve("_calendar").toString()).createOrReplaceTempView("calendar");
        Dataset<Row> joined = spark.sql(
                "SELECT /*+ BROADCAST(calendar) */ value, date, number FROM days JOIN calendar ON date = day WHERE number IN (3, 5)");
        assertThat(joined.collectAsList().stream().map(row -> row.getDouble(0)).sorted())
                .containsExactly(30.0, 31.0, 50.0, 51.0);
        assertThat(plan(joined)).contains("RuntimeFilters: [dynamicpruning");
        if (!adaptive) {
            assertThat(metric(joined, "RowsRead")).as(plan(joined)).isEqualTo(4);
        }
        assertThat(values(
                        spark.sql("SELECT value FROM days WHERE date IN (SELECT day FROM calendar WHERE number > 7)")))
                .containsExactly(80.0, 81.0);
        assertThat(values(spark.sql("SELECT value FROM (SELECT * FROM days WHERE city = 'odd' LIMIT 3) JOIN calendar"
                        + " ON date = day WHERE number >= 3")))
                .containsExactly(30.0);
    }

    /** A column that a table or schema declares so; Spark 3.5 has no collations. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "city = 'EVEN' | even",
                "city IN ('Even') | even",
                "city <> 'EVEN' | odd",
                "city < 'F' | even",
                "city >= 'F' | odd"
            })
    void comparesAsTheCollationOfTheColumnSays(String condition, String city) {
        assumeThat(spark.version()).isGreaterThanOrEqualTo("4");
        Dataset<Row> days = spark.read()
                .format("memmap")
                .schema("value DOUBLE, date DATE, city STRING COLLATE UTF8_LCASE")
                .load(directory.toString());
        assertThat(values(days.where(condition))).isNotEmpty().isEqualTo(values(days().where("city = '" + city + "'")));
    }
}
