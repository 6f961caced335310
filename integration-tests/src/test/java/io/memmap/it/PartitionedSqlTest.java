package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Statements about partitioned tables, the same on Spark's own Parquet source and on this one. Not the same are:
 *
 * <ul>
 *   <li>{@code ALTER TABLE … ADD and RENAME PARTITION} and {@code MSCK REPAIR TABLE}, which are refused here;
 *   <li>{@code TRUNCATE TABLE}, which Parquet refuses for a table with a location;
 *   <li>{@code SHOW PARTITIONS}, which writes {@code p=null} for the partition of NULL, as for all tables of version 2;
 *   <li>a table without rows shows the partition of NULL here, whose empty file says the columns;
 *   <li>{@code INSERT … REPLACE WHERE}, which only tables of version 2 of Spark's sources have.
 * </ul>
 */
class PartitionedSqlTest {
    @TempDir
    Path directory;

    private SqlSession session;

    @BeforeEach
    void begin() {
        session = new SqlSession(directory);
        session.spark().conf().set("spark.sql.session.timeZone", "Europe/Berlin");
        SparkSession.setActiveSession(session.spark());
    }

    @AfterEach
    void drop() {
        session.sql("DROP TABLE IF EXISTS partitioned");
        SparkSession.clearActiveSession();
    }

    /**
     * Statements about a table.
     *
     * @param columns of the table, of which {@code p} or {@code p} and {@code q} are directories; null where a query makes it
     * @param statements with T for the table
     */
    record Case(String name, String columns, String partitionedBy, List<String> statements) {
        static Case of(String name, String columns, String... statements) {
            return new Case(
                    name,
                    columns,
                    columns != null && columns.contains(" q ") || name.contains("two") ? "p, q" : "p",
                    List.of(statements));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        String dynamic = "SET spark.sql.sources.partitionOverwriteMode=dynamic";
        return Stream.of(
                Case.of(
                        "strings that look like other types",
                        "v INT, p STRING",
                        "INSERT INTO T VALUES (1, '01'), (2, '2026-01-01'), (3, '1e3'), (4, 'true'), (5, NULL), (6, '')",
                        "INSERT INTO T PARTITION (p = '01') VALUES (7), (8)"),
                Case.of(
                        "special characters",
                        "v INT, p STRING",
                        "INSERT INTO T VALUES (1, 'a/b=c'), (2, 'x y'), (3, '100%'), (4, 'é😀'), (5, 'it''s'), (6, '..')",
                        "INSERT INTO T PARTITION (p = 'a/b=c') SELECT 7",
                        "INSERT OVERWRITE T PARTITION (p = '100%') SELECT 8"),
                Case.of(
                        "ints",
                        "v INT, p INT",
                        "INSERT INTO T VALUES (1, 1), (2, -2147483648), (3, NULL)",
                        "INSERT INTO T PARTITION (p = 1) SELECT 4 UNION ALL SELECT 5",
                        "INSERT OVERWRITE T PARTITION (p = 1) SELECT 6"),
                Case.of(
                        "longs",
                        "v INT, p BIGINT",
                        "INSERT INTO T VALUES (1, 1), (2, 9223372036854775807)",
                        "INSERT OVERWRITE T PARTITION (p = 1) SELECT 3"),
                Case.of(
                        "small numbers",
                        "v INT, p TINYINT, q SMALLINT",
                        "INSERT INTO T VALUES (1, 1Y, 300S), (2, -128Y, NULL)",
                        "INSERT OVERWRITE T PARTITION (p = 1, q = 300) SELECT 3"),
                Case.of(
                        "decimals",
                        "v INT, p DECIMAL(10,2)",
                        "INSERT INTO T VALUES (1, 1.5), (2, -20.25), (3, 0)",
                        "INSERT OVERWRITE T PARTITION (p = 1.50) SELECT 4"),
                Case.of(
                        "doubles",
                        "v INT, p DOUBLE, q FLOAT",
                        "INSERT INTO T VALUES (1, 0.1D, 0.5F), (2, 1e300D, NULL), (3, double('NaN'), float('Infinity'))",
                        "INSERT OVERWRITE T PARTITION (p = 0.1, q = 0.5) SELECT 4"),
                Case.of(
                        "booleans",
                        "v INT, p BOOLEAN",
                        "INSERT INTO T VALUES (1, true), (2, false), (3, NULL)",
                        "INSERT OVERWRITE T PARTITION (p = true) SELECT 4"),
                Case.of(
                        "dates",
                        "v INT, p DATE",
                        "INSERT INTO T VALUES (1, DATE'2026-01-01'), (2, DATE'1582-10-15'), (3, NULL)",
                        "INSERT INTO T PARTITION (p = '2026-01-02') SELECT 4",
                        "INSERT OVERWRITE T PARTITION (p = DATE'2026-01-01') SELECT 5"),
                Case.of(
                        "timestamps",
                        "v INT, p TIMESTAMP",
                        "INSERT INTO T VALUES (1, TIMESTAMP'2026-01-01 12:30:00.25'), (2, TIMESTAMP'2026-07-01 00:00:00Z')",
                        "INSERT OVERWRITE T PARTITION (p = '2026-01-01 12:30:00.25') SELECT 3"),
                Case.of(
                        "static overwrite of all",
                        "v INT, p STRING",
                        "INSERT INTO T VALUES (1, 'a'), (2, 'b')",
                        "INSERT OVERWRITE T VALUES (3, 'b'), (4, 'c')"),
                Case.of(
                        "static overwrite of a partition that is not there",
                        "v INT, p STRING",
                        "INSERT INTO T VALUES (1, 'a')",
                        "INSERT OVERWRITE T PARTITION (p = 'z') SELECT 2"),
                Case.of(
                        "static overwrite of an outer partition",
                        "v INT, p INT, q STRING",
                        "INSERT INTO T VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'x')",
                        "INSERT OVERWRITE T PARTITION (p = 1, q) SELECT 4, 'z'"),
                Case.of(
                        "static overwrite of the partition of NULL",
                        "v INT, p STRING",
                        "INSERT INTO T VALUES (1, NULL), (2, 'b')",
                        "INSERT OVERWRITE T PARTITION (p = NULL) SELECT 3"),
                Case.of(
                        "removed partitions",
                        "v INT, p INT, q STRING",
                        "INSERT INTO T VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'x'), (4, 3, NULL), (5, 3, 'a/b')",
                        "ALTER TABLE T DROP PARTITION (p = 1, q = 'x'), PARTITION (p = 1, q = 'y') PURGE",
                        "ALTER TABLE T DROP PARTITION (p = 3, q = 'a/b') PURGE",
                        "INSERT INTO T VALUES (6, 4, 'y')"),
                Case.of(
                        "dynamic overwrite",
                        "v INT, p STRING",
                        "INSERT INTO T VALUES (1, 'a'), (2, 'b'), (3, NULL)",
                        dynamic,
                        "INSERT OVERWRITE T VALUES (4, 'b'), (5, 'c'), (6, NULL)"),
                Case.of(
                        "dynamic overwrite of an outer partition",
                        "v INT, p INT, q STRING",
                        "INSERT INTO T VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'x')",
                        dynamic,
                        "INSERT OVERWRITE T PARTITION (p = 1, q) SELECT 4, 'y'"),
                Case.of(
                        "dynamic overwrite by no rows",
                        "v INT, p STRING",
                        "INSERT INTO T VALUES (1, 'a')",
                        dynamic,
                        "INSERT OVERWRITE T SELECT 2, 'a' WHERE 1 > 2"),
                Case.of(
                        "columns by name",
                        "v INT, p STRING",
                        "INSERT INTO T (p, v) VALUES ('b', 1)",
                        "INSERT INTO T (v, p) SELECT 2, 'c'"),
                Case.of(
                        "several data columns",
                        "a INT, b DOUBLE, p STRING",
                        "INSERT INTO T VALUES (1, 0.5D, 'x'), (2, 1.5D, 'y')",
                        "INSERT INTO T PARTITION (p = 'x') SELECT 3, 2.5D"),
                Case.of("a query makes it", null, "CREATE AS SELECT id AS v, string(id % 3) AS p FROM range(7)"),
                Case.of(
                        "a query makes two levels",
                        null,
                        "CREATE AS SELECT id AS v, DATE'2026-01-01' + int(id % 2) AS p, id % 3 AS q FROM range(7)",
                        "INSERT INTO T VALUES (9, DATE'2026-02-01', 1)"),
                Case.of(
                        "partition columns come last",
                        null,
                        "CREATE AS SELECT string(id % 3) AS p, id AS v FROM range(7)",
                        "INSERT INTO T VALUES (9, 'z')"),
                Case.of(
                        "refused",
                        "v INT, p INT",
                        "INSERT INTO T VALUES (1, 1)",
                        "INSERT INTO T PARTITION (v = 1) SELECT 1",
                        "INSERT INTO T PARTITION (p = 1) SELECT 1, 2",
                        "INSERT INTO T VALUES (1)",
                        "DELETE FROM T WHERE v = 1",
                        "UPDATE T SET v = 2",
                        "INSERT INTO T VALUES (1, 'x')"));
    }

    /** All that users see of the table after some statements, or how many of these failed. */
    private String outcome(Case table, String name, String using) {
        StringBuilder outcome = new StringBuilder();
        if (table.columns != null) {
            session.sql("CREATE TABLE " + name + " (" + table.columns + ") " + using + " PARTITIONED BY ("
                    + table.partitionedBy + ")");
        }
        for (String statement : table.statements) {
            String create = "CREATE TABLE " + name + " " + using + " PARTITIONED BY (" + table.partitionedBy + ") AS ";
            try {
                session.sql(statement.replace("CREATE AS ", create).replaceAll("\\bT\\b", name.replace("$", "\\$")));
            } catch (Exception e) {
                assertThat(e.getMessage()).doesNotContain("__");
                outcome.append("failed: ").append(statement).append('\n');
            }
            outcome.append(shown("SELECT * FROM " + name + " ORDER BY ALL"));
        }
        session.spark().conf().set("spark.sql.sources.partitionOverwriteMode", "static");
        outcome.append(session.spark().table(name).schema().simpleString()).append('\n');
        outcome.append(session.sql("SHOW PARTITIONS " + name).stream()
                        .map(row -> row.getString(0).replace("__HIVE_DEFAULT_PARTITION__", "null"))
                        .sorted()
                        .toList())
                .append('\n');
        outcome.append(shown("SELECT p, count(*) FROM " + name + " WHERE p IS NOT NULL GROUP BY p ORDER BY p"));
        return outcome.toString();
    }

    private String shown(String query) {
        List<Row> rows = session.sql(query.replace("ORDER BY ALL", ""));
        List<String> lines = rows.stream().map(Row::toString).toList();
        return (query.endsWith("ALL") ? lines.stream().sorted().toList() : lines) + "\n";
    }

    @ParameterizedTest
    @MethodSource("cases")
    void statementsDoWhatTheyDoToParquet(Case table) {
        String parquet = outcome(table, "partitioned", "USING parquet LOCATION '" + directory.resolve("parquet") + "'");
        assertThat(outcome(table, "memmap.`" + directory.resolve("t") + "`", ""))
                .isEqualTo(parquet);
    }

    @Test
    void aTableWithoutRowsHasItsColumns() throws IOException {
        session.sql("CREATE TABLE memmap.`@/t` (v INT, p STRING, q DATE) PARTITIONED BY (p, q)");
        assertThat(session.sql("SELECT * FROM memmap.`@/t`")).isEmpty();
        assertThat(session.sql("DESCRIBE memmap.`@/t`").toString())
                .startsWith("[[v,int,null], [p,string,null], [q,date,null], [# Partition Information,,]");
        assertThat(Files.readString(directory.resolve("t/_memmap.json")))
                .startsWith("{\"version\": 2, \"dtype\": \"<i4\", \"trailingShape\": [], \"order\": \"C\"")
                .contains("\"partitionTypes\": {\"p\": \"string\", \"q\": \"date\"}");
        session.sql("INSERT INTO memmap.`@/t` VALUES (1, '7', DATE'2026-01-01')");
        assertThat(SavedFiles.names(directory.resolve("t"))).containsExactly("_SUCCESS", "_memmap.json", "p=7");
        assertThat(session.sql("SELECT * FROM memmap.`@/t` WHERE p = '7'")).hasToString("[[1,7,2026-01-01]]");
        session.sql("INSERT OVERWRITE memmap.`@/t` SELECT 1, 'x', DATE'2026-01-01' WHERE 1 > 2");
        assertThat(session.sql("SELECT * FROM memmap.`@/t`")).isEmpty();
        assertThat(session.spark()
                        .table("memmap.`" + directory + "/t`")
                        .schema()
                        .simpleString())
                .isEqualTo("struct<v:int,p:string,q:date>");
    }

    @Test
    void aPlanNamesTheTableThatIsWritten() {
        session.sql("CREATE TABLE memmap.`@/t` (v INT, p INT) PARTITIONED BY (p)");
        assertThat(session.sql("EXPLAIN INSERT INTO memmap.`@/t` VALUES (1, 1)").toString())
                .contains(" memmap " + directory + "/t")
                .doesNotContain("MemmapSortedWrite");
    }

    @Test
    void dataFramesFillPartitionedTables() throws Exception {
        var rows = session.spark().sql("SELECT * FROM VALUES (1, '01'), (2, '02') AS t(v, p)");
        String table = "memmap.`" + directory + "/t`";
        rows.write().format("memmap").partitionBy("p").saveAsTable(table);
        rows.write().mode("append").insertInto(table);
        rows.writeTo(table).append();
        assertThat(session.sql("SELECT v, p, count(*) FROM memmap.`@/t` GROUP BY v, p ORDER BY v"))
                .hasToString("[[1,01,3], [2,02,3]]");
        rows.where("v = 1").writeTo(table).overwritePartitions();
        assertThat(session.sql("SELECT v, count(*) FROM memmap.`@/t` GROUP BY v ORDER BY v"))
                .hasToString("[[1,1], [2,3]]");
        rows.writeTo("memmap.`" + directory + "/u`")
                .partitionedBy(org.apache.spark.sql.functions.col("p"))
                .create();
        assertThat(session.sql("SELECT * FROM memmap.`@/u` ORDER BY v")).hasToString("[[1,01], [2,02]]");
        session.sql("CREATE OR REPLACE TABLE memmap.`@/u` AS SELECT 5 AS v");
        assertThat(SavedFiles.names(directory.resolve("u"))).noneMatch(name -> name.startsWith("p="));
        assertThatThrownBy(() -> session.spark()
                        .sql("SELECT 1 AS v, 2 AS p")
                        .write()
                        .format("memmap")
                        .mode("append")
                        .save(directory + "/t"))
                .hasStackTraceContaining("Cannot write to " + directory
                        + "/t: partition column 'p' is int, expected string, as its table declares; cast the column");
    }
}
