package io.memmap.it;

import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Queries with aggregates that are pushed down, as the source of writes. A pushed aggregate is nullable for Spark even where
 * the query's is not, such as count(*), and Spark checks the columns of a write again after the push-down.
 */
class InsertedAggregatesTest {
    private static final List<String> QUERIES = List.of(
            "SELECT count(*) FROM memmap.`@/y.npy`",
            "SELECT count(v) + 1 FROM memmap.`@/y.npy` WHERE k > 0",
            "SELECT count(*) FROM memmap.`@/y.npy` GROUP BY k",
            "SELECT k FROM memmap.`@/y.npy` GROUP BY k HAVING count(*) > 1",
            "SELECT DISTINCT k FROM memmap.`@/y.npy`",
            "SELECT coalesce(max(v), 0L) FROM memmap.`@/y.npy`",
            "SELECT y.v + a.n FROM memmap.`@/y.npy` y JOIN (SELECT k, count(*) AS n FROM memmap.`@/y.npy` GROUP BY k) a"
                    + " ON y.k = a.k",
            "SELECT v FROM memmap.`@/y.npy`, (SELECT count(*) AS n FROM memmap.`@/y.npy`) WHERE v < n",
            "SELECT v FROM memmap.`@/y.npy` UNION ALL SELECT count(*) FROM memmap.`@/y.npy`",
            "SELECT count(*) FROM memmap.`@/y.npy` UNION SELECT id FROM range(3)",
            "SELECT n FROM (SELECT count(*) AS n FROM memmap.`@/y.npy` GROUP BY k ORDER BY k LIMIT 2)",
            "WITH c AS (SELECT k, count(*) AS n FROM memmap.`@/y.npy` GROUP BY k) SELECT c.n FROM c JOIN c d ON c.k = d.n");

    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() throws IOException {
        session = new SqlSession(directory);
        session.sql("DROP TABLE IF EXISTS owned");
        Npy.of("[('k', '<i8'), ('v', '<i8')]", "(6,)")
                .write(directory.resolve("y.npy"), Npy.i8(1, 10, 2, 3, 1, 30, 2, 4, 1, 50, 3, 60));
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(-1, -2));
    }

    /** The catalog is that of all sessions. */
    @AfterEach
    void dropTheTable() {
        session.sql("DROP TABLE IF EXISTS owned");
    }

    static Stream<Arguments> queriesAndTables() {
        return Stream.concat(
                QUERIES.stream().map(query -> Arguments.of(query, "memmap")),
                QUERIES.subList(0, 3).stream()
                        .flatMap(query -> Stream.of("owned", "extended").map(table -> Arguments.of(query, table))));
    }

    private String table(String kind) {
        if (kind.equals("memmap")) {
            return "memmap.`" + directory + "/x.npy`";
        }
        if (kind.equals("extended") || !session.isSpark4()) {
            session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy')");
        return "owned";
    }

    private long[] expected(String query, long... before) {
        return LongStream.concat(
                        LongStream.of(before), session.sql(query).stream().mapToLong(row -> row.getLong(0)))
                .sorted()
                .toArray();
    }

    private long[] stored() throws IOException {
        return LongStream.of(npyLongs(directory.resolve("x.npy"))).sorted().toArray();
    }

    /** Else no test here would be about aggregates that are pushed; DISTINCT is none. */
    @Test
    void arePushed() {
        for (String query : QUERIES) {
            if (query.contains("DISTINCT")) {
                continue;
            }
            String plan = session.sql("EXPLAIN " + query).toString();
            assertThat(plan)
                    .as(query)
                    .containsPattern("LocalTableScan|" + RandomQuery.AGGREGATES + "|pushed \\[.* by ");
        }
    }

    @ParameterizedTest
    @MethodSource("queriesAndTables")
    void areInserted(String query, String kind) throws Exception {
        String table = table(kind);
        session.sql("INSERT INTO " + table + " " + query);
        assertThat(stored()).isEqualTo(expected(query, -1, -2));
        session.sql("INSERT OVERWRITE " + table + " " + query);
        assertThat(stored()).isEqualTo(expected(query));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memmap", "owned", "extended"})
    void areAppendedByDataFrames(String kind) throws Exception {
        String table = table(kind);
        Dataset<Row> counts = session.spark()
                .sql("SELECT count(*) AS value FROM memmap.`" + directory + "/y.npy` GROUP BY k ORDER BY k");
        counts.writeTo(table).append();
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(-1, -2, 3, 2, 1);
        counts.write().insertInto(table);
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(-1, -2, 3, 2, 1, 3, 2, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memmap", "owned", "extended"})
    void areMergedAndUpdated(String kind) throws IOException {
        String table = table(kind);
        session.sql("MERGE INTO " + table + " t USING (SELECT k, count(*) AS n FROM memmap.`@/y.npy` GROUP BY k) s"
                + " ON t.value = -s.k WHEN MATCHED THEN UPDATE SET value = n"
                + " WHEN NOT MATCHED THEN INSERT (value) VALUES (n * 100)");
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(3, 2, 100);
        session.sql("UPDATE " + table + " SET value = (SELECT count(*) FROM memmap.`@/y.npy`) WHERE value = 3");
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(6, 2, 100);
        session.sql("MERGE INTO " + table + " t USING (SELECT k, count(*) AS n FROM memmap.`@/y.npy` GROUP BY k) s"
                + " ON t.value = s.n WHEN NOT MATCHED THEN INSERT (value) VALUES (n * 1000)");
        assertThat(stored()).containsExactly(2, 6, 100, 1000, 3000);
    }

    /** Spark loads one table for both sides. */
    @ParameterizedTest
    @ValueSource(strings = {"memmap", "owned", "extended"})
    void ofTheTableItselfAreInserted(String kind) throws IOException {
        String table = table(kind);
        session.sql("INSERT INTO " + table + " SELECT count(*) FROM " + table);
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(-1, -2, 2);
        session.sql("INSERT INTO " + table + " SELECT value FROM " + table + " WHERE value > 1");
        session.sql("INSERT OVERWRITE " + table + " SELECT DISTINCT value FROM " + table);
        assertThat(stored()).containsExactly(-2, -1, 2);
        session.sql(
                "INSERT OVERWRITE " + table + " SELECT count(*) FROM " + table + " GROUP BY value HAVING value < 2");
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(1, 1);
        session.sql("UPDATE " + table + " SET value = (SELECT count(*) FROM " + table + ") WHERE _row = 1");
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(1, 2);
        session.sql("MERGE INTO " + table + " t USING (SELECT value, count(*) AS n FROM " + table + " GROUP BY value) s"
                + " ON t.value = s.value AND s.value = 2 WHEN MATCHED THEN UPDATE SET value = n * 7"
                + " WHEN NOT MATCHED THEN INSERT (value) VALUES (n)");
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(1, 7, 1);
    }

    @Test
    void aTableThatIsReadHasNoNulls() {
        for (String kind : session.isSpark4() ? List.of("memmap", "extended") : List.of("memmap")) {
            String table = table(kind);
            assertThat(session.spark().table(table).schema().toDDL()).isEqualTo("value BIGINT NOT NULL");
            session.sql("INSERT INTO " + table + " SELECT count(*) FROM " + table);
            assertThat(session.spark().table(table).schema().toDDL()).isEqualTo("value BIGINT NOT NULL");
        }
    }

    /** Spark resolves columns by their position, then checks those that are nullable. */
    @Test
    void columnsGoByPosition() throws IOException {
        session.sql("INSERT INTO memmap.`@/y.npy` SELECT count(*) AS v, k FROM memmap.`@/y.npy` GROUP BY k");
        session.sql("INSERT INTO memmap.`@/y.npy` (v, k) SELECT count(*), -k FROM memmap.`@/y.npy` GROUP BY k");
        assertThat(session.sql("SELECT k, v FROM memmap.`@/y.npy` WHERE _row > 5 AND k > 0 ORDER BY v"))
                .containsExactly(RowFactory.create(3L, 1L), RowFactory.create(2L, 2L), RowFactory.create(1L, 3L));
        assertThat(session.sql("SELECT k, v FROM memmap.`@/y.npy` WHERE k < 0 ORDER BY k"))
                .containsExactly(RowFactory.create(-3L, 2L), RowFactory.create(-2L, 3L), RowFactory.create(-1L, 4L));
    }

    @Test
    void positionsOfElementsStillIdentifyRows() throws IOException {
        session.sql(
                "CREATE TABLE memmap.`@/g.dat`" + " TBLPROPERTIES ('dtype'='i8', 'shape'='2,2', 'layout'='elements')");
        session.sql("UPDATE memmap.`@/g.dat` SET value = (SELECT count(*) FROM memmap.`@/y.npy`) WHERE i1 = 1");
        session.sql(
                "MERGE INTO memmap.`@/g.dat` t USING (SELECT value, count(*) AS n FROM memmap.`@/g.dat` GROUP BY value)"
                        + " s ON t.value = s.value WHEN MATCHED THEN UPDATE SET value = s.value * n");
        assertThat(session.sql("SELECT value FROM memmap.`@/g.dat` ORDER BY i0, i1")
                        .toString())
                .isEqualTo("[[0], [12], [0], [12]]");
    }

    private static String messages(Throwable thrown) {
        StringBuilder messages = new StringBuilder();
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            messages.append(at.getMessage()).append('\n');
        }
        return messages.toString();
    }

    @Test
    void aNullIsStillRefused() throws IOException {
        for (String insert : List.of(
                "INSERT INTO memmap.`@/x.npy` VALUES (CAST(NULL AS BIGINT))",
                "INSERT OVERWRITE memmap.`@/x.npy` SELECT max(v) FROM memmap.`@/y.npy` WHERE k > 10",
                "UPDATE memmap.`@/x.npy` SET value = NULL WHERE _row = 0")) {
            assertThatThrownBy(() -> session.sql(insert)).as(insert).satisfies(e -> assertThat(messages(e))
                    .containsAnyOf(
                            "found NULL",
                            "NULL value appeared in non-nullable field",
                            "Null value appeared in non-nullable field"));
        }
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(-1, -2);
    }
}
