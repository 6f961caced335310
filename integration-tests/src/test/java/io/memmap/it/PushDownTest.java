package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns and predicates on positions that reach the source of a query. */
class PushDownTest extends ShardedTable {
    @Test
    void readsOnlyTheColumnsThatAreNeeded() {
        Dataset<Row> query = table().select("v");
        assertThat(plan(query)).contains("columns [v],");
        assertThat(query.collectAsList()).hasSize(ROWS).contains(RowFactory.create(13.0), RowFactory.create(0.0));
    }

    @Test
    void readsOnlyTheNestedFieldsThatAreNeeded() {
        Dataset<Row> query = table().select("p.y");
        assertThat(query.queryExecution()
                        .executedPlan()
                        .collectLeaves()
                        .head()
                        .schema()
                        .catalogString())
                .isEqualTo("struct<p:struct<y:smallint>>");
        assertThat(query.collectAsList().get(26)).isEqualTo(RowFactory.create((short) -26));
    }

    @Test
    void countsRowsWithoutReadingAColumn() {
        assertThat(table().count()).isEqualTo(ROWS);
        assertThat(plan(table().groupBy().count())).contains("LocalTableScan");
        Dataset<Row> unpushed = reader().option("pushAggregates", "false").load(shards.toString());
        assertThat(unpushed.count()).isEqualTo(ROWS);
        // Spark asks for count(*), see limits.md.
        assertThat(unpushed.selectExpr("count(DISTINCT 1)").head().getLong(0)).isEqualTo(1);
        assertThat(plan(unpushed.groupBy().count())).contains("columns [],");
    }

    /** A table of Spark's own catalog is nullable, and so is what a user's schema does not forbid. */
    @Test
    void knowsThatDtypesHaveNoNullsWhateverTheSchemaAllows() throws IOException {
        Path file = Npy.of("[('s', 'S4'), ('t', '<M8[D]'), ('v', '<f8')]", "(2,)")
                .write(
                        directory.resolve("texts/x.npy"),
                        Npy.join(Npy.text(4, "one"), Npy.i8(7), Npy.f8(0.5), Npy.text(4, ""), Npy.i8(8), Npy.f8(1.5)));
        Dataset<Row> table = reader().schema("s STRING, t DATE, v DOUBLE").load(file.toString());
        Dataset<Row> counts = table.where("s IS NOT NULL AND v IS NOT NULL").selectExpr("count(s)", "count(v)");
        assertThat(plan(counts)).contains("LocalTableScan");
        assertThat(counts.collectAsList()).containsExactly(RowFactory.create(2L, 2L));
        assertThat(table.where("s IS NULL OR v IS NULL").collectAsList()).isEmpty();
        assertThat(plan(table.where("s IS NOT NULL").limit(1))).contains("1 rows selected");
        assertThat(plan(table.where("t IS NOT NULL").limit(1))).contains("2 rows selected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    _row = 12                              | 12 | 13
                    12 = _row                              | 12 | 13
                    _row <=> 12                            | 12 | 13
                    _row < 3                               | 0  | 3
                    _row >= 9 AND _row <= 15               | 9  | 16
                    _row BETWEEN 9 AND 15                  | 9  | 16
                    _row IN (4, 5, 6)                      | 4  | 7
                    NOT (_row < 5 OR _row >= 11)           | 5  | 11
                    NOT (_row >= 3)                        | 0  | 3
                    _row = 3 OR _row = 4                   | 3  | 5
                    _row > 25                              | 26 | 27
                    _row > 100                             | 0  | 0
                    _row < -1                              | 0  | 0
                    _row >= -5                             | 0  | 27
                    _row = 9223372036854775807             | 0  | 0
                    _row IS NOT NULL                       | 0  | 27
                    _row IS NULL                           | 0  | 0
                    _row <=> NULL                          | 0  | 0
                    _file_row = 3 AND _row > 20            | 0  | 0
                    _file_row = 3 AND _row BETWEEN 11 AND 17 | 13 | 14
                    _ROW = 12                              | 12 | 13
                    """)
    void answersPredicatesOnPositionsWithoutAFilter(String predicate, int start, int end) {
        Dataset<Row> query = table().where(predicate);
        assertThat(rows(query)).as(predicate).isEqualTo(range(start, end));
        assertThat(plan(query)).as(predicate).doesNotContainPattern("\\bFilter\\b");
    }

    @Test
    void answersPredicatesOnPositionsInFiles() {
        Dataset<Row> query = table().where("_file_row IN (0, 11)").select("id", "_file_row", "_row");
        assertThat(query.collectAsList())
                .containsExactly(
                        RowFactory.create(0, 0L, 0L),
                        RowFactory.create(100, 0L, 10L),
                        RowFactory.create(150, 0L, 15L),
                        RowFactory.create(260, 11L, 26L));
        assertThat(plan(query)).doesNotContainPattern("\\bFilter\\b");
    }

    @Test
    void answersPredicatesOnFiles() {
        List<Row> files = table().select("_file").distinct().orderBy("_file").collectAsList();
        assertThat(files)
                .containsExactly(
                        RowFactory.create("file:" + shards + "/0.npy"),
                        RowFactory.create("file:" + shards + "/1.npy"),
                        RowFactory.create("file:" + shards + "/2.npy"));
        String first = files.get(0).getString(0);
        String second = files.get(1).getString(0);
        Dataset<Row> one = table().where("_file = '" + second + "'");
        assertThat(rows(one)).isEqualTo(range(10, 15));
        assertThat(plan(one))
                .doesNotContainPattern("\\bFilter\\b")
                .contains("5 rows selected in [10, 15)")
                .contains("pushed [_file = '" + second + "']");
        Dataset<Row> two = table().where("_file IN ('" + first + "', '" + second + "') AND _row > 7");
        assertThat(rows(two)).isEqualTo(range(8, 15));
        assertThat(plan(two)).doesNotContainPattern("\\bFilter\\b");
        assertThat(rows(table().where("_file = '/no/such'"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_file LIKE '%/1.npy'",
                "_file LIKE '%/shards/1%'",
                "_file LIKE 'file:@/shards/1.n%'",
                "_file LIKE 'file:@/shards/1.npy'",
                "startswith(_file, 'file:@/shards/1')",
                "endswith(_file, '/1.npy')",
                "contains(_file, 's/1')",
                "_file LIKE 'file:@/shards/%' AND NOT endswith(_file, '0.npy') AND _file NOT LIKE '%2.npy'"
            })
    void answersPartsOfFileNames(String condition) {
        Dataset<Row> query = table().where(condition.replace("@", directory.toString()));
        assertThat(rows(query)).isEqualTo(range(10, 15));
        assertThat(plan(query)).doesNotContainPattern("\\bFilter\\b").contains("5 rows selected in [10, 15)");
        assertThat(plan(query.groupBy().count())).contains("LocalTableScan");
    }

    @Test
    void leavesWhatItDoesNotKnowToSpark() {
        Dataset<Row> query = table().where("_row % 9 = 0 AND _row > 3 AND id < 200");
        assertThat(rows(query)).containsExactly(9, 18);
        assertThat(plan(query)).containsPattern("\\bFilter\\b").contains("pushed [_row > 3, id < 200]");
        assertThat(rows(table().where("_row = 3 OR id = 50"))).containsExactly(3, 5);
        assertThat(rows(table().where("_file LIKE '%/_.npy'"))).isEqualTo(range(0, 27));
        assertThat(rows(table().where("_row = v * 2 AND _row < 2"))).containsExactly(0, 1);
        assertThat(rows(table().where("_row = id"))).containsExactly(0);
        assertThat(rows(table().where("_row <=> id"))).containsExactly(0);
        assertThat(rows(table().where("_row IN (4, 5, NULL)"))).containsExactly(4, 5);
        assertThat(rows(table().where("NOT (_row IN (4, 5, NULL))"))).isEmpty();
        assertThat(rows(table().where("_row < 2.5"))).containsExactly(0, 1, 2);
        assertThat(rows(table().where("CAST(_row AS STRING) = '12'"))).containsExactly(12);
    }

    /** Row {@code r} has {@code v = r / 2}; file 1 has rows 10 to 14. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_row < 3 OR v > 12 | 0 1 2 25 26",
                "NOT (endswith(_file, '1.npy') AND v < 6) AND _row < 16 | 0 1 2 3 4 5 6 7 8 9 12 13 14 15",
                "_row > 8 AND (_file_row = 0 OR v = 4.5) | 9 10 15",
                "NOT (_row > 2 OR v = 0.5) | 0 2",
                "(_row < 2 AND v > 0) OR (_row > 24 AND NOT v > 12.5) | 1 25",
                "_row IN (1, 7, NULL) OR v <=> 13 | 1 7 26",
                "NOT (_row IN (1, 7) AND v < 3) AND v < 2 | 0 2 3"
            })
    void answersPositionsAndValuesInOnePredicate(String condition, String expected) {
        List<Integer> wanted =
                Stream.of(expected.split(" ")).map(Integer::valueOf).toList();
        Dataset<Row> query = table().where(condition);
        assertThat(plan(query)).doesNotContainPattern("\\bFilter\\b");
        assertThat(rows(query)).isEqualTo(wanted);
        assertThat(query.count()).isEqualTo(wanted.size());
        Dataset<Row> sums = query.selectExpr("sum(id)", "min(v)", "count(*)");
        assertThat(plan(sums)).contains("sum(id), min(v), count(*)]").doesNotContainPattern("\\bFilter\\b");
        assertThat(sums.head())
                .isEqualTo(RowFactory.create(
                        10L * wanted.stream().mapToInt(Integer::intValue).sum(), wanted.get(0) / 2.0, (long)
                                wanted.size()));
    }

    /** What positions say in each branch is pruned, too. */
    @Test
    void prunesWhatEachBranchImplies() {
        Dataset<Row> query = table().where("(_row < 2 AND v > 0) OR (_file LIKE '%/2.npy' AND v > 12)");
        assertThat(plan(query))
                .contains("14 rows selected", "pushed [_row < 2 OR _file ends with '/2.npy', _row < 2 AND v > 0.0 OR ");
        assertThat(rows(query)).containsExactly(1, 25, 26);
    }

    @Test
    void answersTheIndexOnAxis0AndValuesInOnePredicate() {
        Dataset<Row> query = elements().where("i0 = 1 OR value > 10");
        assertThat(plan(query)).doesNotContainPattern("\\bFilter\\b").contains("pushed [i0 = 1 OR value > 10]");
        assertThat(query.select("value").collectAsList())
                .containsExactly(
                        RowFactory.create(3), RowFactory.create(4), RowFactory.create(5), RowFactory.create(11));
        assertThat(elements()
                        .where("NOT (i0 < 3 AND value <> 2)")
                        .groupBy()
                        .sum("value")
                        .head()
                        .getLong(0))
                .isEqualTo(2 + 9 + 10 + 11);
    }

    @Test
    void explainsTimesAsSqlWritesThemAndTheFirstOfManyColumns() throws IOException {
        long day = 20454;
        Path times = Npy.of("[('d', '<M8[D]'), ('t', '<M8[us]')]", "(1,)")
                .write(directory.resolve("times.npy"), Npy.join(Npy.i8(day), Npy.i8(day * 86_400_000_000L)));
        Dataset<Row> some = reader().load(times.toString())
                .where("d = DATE'2026-01-01' AND t >= TIMESTAMP_NTZ'2026-01-01 00:00:00.5'");
        assertThat(plan(some)).contains("d = DATE'2026-01-01'", "t >= TIMESTAMP_NTZ'2026-01-01 00:00:00.500'");
        Dataset<Row> instants = reader().option("timestampType", "ltz")
                .load(times.toString())
                .where("t < timestamp_seconds(1767225600)");
        assertThat(plan(instants)).contains("t < TIMESTAMP'2026-01-01T00:00:00Z'");
        assertThat(instants.count()).isZero();
        Path wide = Npy.of("'<i4'", "(1, 64)").write(directory.resolve("wide.npy"), Npy.i4(new int[64]));
        assertThat(plan(reader().load(wide.toString()))).contains("columns [c0, ", ", c24, ... 39 more]");
    }

    @Test
    void explainsItselfInOneLine() {
        String plan = plan(table().where("_row >= 3 AND _row < 12").select("id"));
        assertThat(plan.lines().filter(line -> line.contains("memmap file:")).toList())
                .singleElement()
                .asString()
                .contains("memmap file:" + shards + "/0.npy and 2 more files: dtype [('id', '<i4'), ('v', '<f8'), ")
                .contains(", shape (27,), order C, 9 rows selected in [3, 12), columns [id], "
                        + "pushed [_row >= 3 AND _row < 12]");
    }

    @Test
    void letsADataFieldHideAMetadataColumn() throws IOException {
        Path file = Npy.of("[('_row', '<i4'), ('_file', '<i4')]", "(3,)")
                .write(directory.resolve("hidden.npy"), Npy.i4(7, 1, 12, 2, 7, 3));
        Dataset<Row> query = reader().load(file.toString()).where("_row = 7 AND _file >= 3");
        assertThat(query.select("_row", "_file", "_file_row").collectAsList())
                .containsExactly(RowFactory.create(7, 3, 2L));
        assertThat(plan(query)).contains("3 rows selected").contains("pushed [_row = 7 AND _file >= 3]");
    }
}
