package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that SQL makes, fills and drops, through the catalog {@code memmap}. */
class SqlWriteTest extends SqlStatements {
    @Test
    void createsAnArrayOfZeros() throws IOException {
        session.sql("CREATE TABLE memmap.`@/x.npy` (value BIGINT) TBLPROPERTIES ('shape'='1000')");
        assertThat(npyLongs(directory.resolve("x.npy"))).hasSize(1000).containsOnly(0);
        session.sql("CREATE TABLE memmap.`@/y.npy` (c0 FLOAT, c1 FLOAT) USING memmap"
                + " TBLPROPERTIES ('shape'='10,2', 'fillValue'='1.5')");
        assertThat(SavedFiles.header(directory.resolve("y.npy"))).contains("'shape': (10, 2)", "'<f4'");
        assertThat(session.value("SELECT sum(c0 + c1) FROM memmap.`@/y.npy`")).isEqualTo(30.0);
        session.sql("CREATE TABLE memmap.`@/z.npy` (id INT, name STRING)"
                + " TBLPROPERTIES ('shape'='3', 'columnDtypes'='name U5', 'fillValue'='id=7, name=none')");
        assertThat(session.sql("SELECT DISTINCT * FROM memmap.`@/z.npy`"))
                .containsExactly(RowFactory.create(7, "none"));
        session.sql("CREATE TABLE memmap.`@/e.npy` (value ARRAY<FLOAT>) TBLPROPERTIES ('shape'='2,200')");
        assertThat(session.value("SELECT sum(size(value)) FROM memmap.`@/e.npy`"))
                .isEqualTo(400L);
        assertThat(names(directory)).containsExactly("e.npy", "x.npy", "y.npy", "z.npy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "f4 | 5 | value FLOAT",
                "<i2 | 5,3 | c0 SMALLINT,c1 SMALLINT,c2 SMALLINT",
                ">u4 | 5,101 | value ARRAY<BIGINT>",
                "f8 | 5,2,2 | value ARRAY<ARRAY<DOUBLE>>",
                "[('a','<i4'),('b','M8[ns]')] | 5 | a INT,b TIMESTAMP_NTZ"
            })
    void columnsMayBeLeftOut(String dtype, String shape, String columns) {
        session.sql(
                "CREATE TABLE memmap.`@/x.npy` TBLPROPERTIES (\"dtype\"=\"" + dtype + "\", 'shape'='" + shape + "')");
        assertThat(session.spark()
                        .table("memmap.`" + directory + "/x.npy`")
                        .schema()
                        .toDDL()
                        .replace(" NOT NULL", ""))
                .isEqualTo(columns);
        assertThat(session.value("SELECT count(*) FROM memmap.`@/x.npy`")).isEqualTo(5L);
    }

    @Test
    void aTableWithoutShapeHasNoRowsYet() throws IOException {
        for (String name : List.of("x.npy", "x.dat", "x")) {
            String table = "memmap.`@/" + name + "`";
            session.sql("CREATE TABLE " + table + " (value BIGINT)");
            assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo(0L);
            session.sql("INSERT INTO " + table + " VALUES (1), (2)");
            assertThat(session.value("SELECT sum(value) FROM " + table)).isEqualTo(3L);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.npy | (x DOUBLE) TBLPROPERTIES ('shape'='5') | with columns [x]: a plain array in .npy has no names and"
                        + " would be read as [value], expected these; use them, or make it a record, which has names, with"
                        + " dtype=\"[('x', '<f8')]\"",
                "x.npy | (a INT, b INT) TBLPROPERTIES ('shape'='5,2') | would be read as [c0, c1], expected these",
                "x.npy | TBLPROPERTIES ('shape'='5') | without columns: there is no dtype",
                "x.npy | TBLPROPERTIES ('dtype'='f8') | without columns: there is no shape",
                "x.npy | (value DOUBLE) TBLPROPERTIES ('shpae'='5') | did you mean 'shape'?",
                "x.npy | (value DOUBLE) TBLPROPERTIES ('shape'='5', 'fillValue'='no') | Cannot fill column 'value'",
                "x.npy | (value STRING) TBLPROPERTIES ('shape'='5') | their types have no fixed width",
                "x.npy | (value ARRAY<FLOAT>) | the lengths of its ARRAYs are not known",
                "x.npy | (value ARRAY<FLOAT>) TBLPROPERTIES ('shape'='5,3') | would be read as [c0, c1, c2]",
                "x.npy | TBLPROPERTIES ('dtype'='f8', 'shape'='5', 'layout'='elements') | does not say how it is read",
                "x | (value DOUBLE) TBLPROPERTIES ('shape'='5') | it is a directory",
                "x.npy | (value DOUBLE) USING parquet | or nothing; saveAsTable takes format(\"memmap\")",
                "x.npy | (value DOUBLE) COMMENT 'no' | an array has no place for it",
                "x.npy | (value DOUBLE COMMENT 'no') | Cannot create column 'value' with COMMENT 'no'",
                "x.npy | (s STRUCT<a: INT, b: DOUBLE COMMENT 'no'>) | Cannot create column 'b' with COMMENT 'no'",
                "x.npy | (value DOUBLE) TBLPROPERTIES ('option.dtype'='f4') | Cannot read option 'option.dtype': unknown",
                "x.npy | (value DOUBLE) TBLPROPERTIES ('offset'='128') | Cannot write new files with option offset",
                "x.npy | (value DOUBLE) LOCATION '/y' | its name says where it is",
                "x.npy | (value DOUBLE, p INT) PARTITIONED BY (p) | /x.npy with partitionBy(p): it is one file, expected a"
                        + " directory; choose a name without a suffix",
                "x.npy | PARTITIONED BY (p) AS SELECT 1D AS value, 2 AS p | /x.npy with partitionBy(p): it is one file",
                "x | PARTITIONED BY (value) AS SELECT 1D AS value | the DataFrame has only [value], which partitionBy names",
                "x | (value DOUBLE, d DATE) PARTITIONED BY (years(d)) | /x PARTITIONED BY (years(d)): arrays have no"
                        + " partitions of computed values, expected columns",
                "x.npy | (value DOUBLE, p INT) CLUSTERED BY (p) INTO 4 BUCKETS | /x.npy CLUSTERED BY (p): arrays have no"
                        + " buckets; leave out CLUSTERED BY, or bucketBy"
            })
    void refusesWhatCannotBeCreated(String name, String rest, String message) throws IOException {
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/" + name + "` " + rest))
                .hasMessageContaining("Cannot ")
                .hasMessageContaining(message);
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void createNeverTruncates() throws IOException {
        Path file = Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        Path broken = Files.writeString(directory.resolve("y.npy"), "no array");
        for (String name : List.of("x.npy", "y.npy")) {
            assertThatThrownBy(() -> session.sql(
                            "CREATE TABLE memmap.`@/" + name + "` (value DOUBLE) TBLPROPERTIES ('shape'='5')"))
                    .hasMessageContaining("TABLE_OR_VIEW_ALREADY_EXISTS");
            assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/" + name + "` AS SELECT 1.0D AS value"))
                    .hasMessageContaining("TABLE_OR_VIEW_ALREADY_EXISTS");
            session.sql(
                    "CREATE TABLE IF NOT EXISTS memmap.`@/" + name + "` (value DOUBLE) TBLPROPERTIES ('shape'='5')");
        }
        assertThat(npyLongs(file)).containsExactly(1, 2);
        assertThat(Files.readString(broken)).isEqualTo("no array");
        session.sql("CREATE OR REPLACE TABLE memmap.`@/x.npy` (value DOUBLE) TBLPROPERTIES ('shape'='5')");
        assertThat(session.sql("SELECT count(*), sum(value) FROM memmap.`@/x.npy`"))
                .containsExactly(RowFactory.create(5L, 0.0));
        session.sql("REPLACE TABLE memmap.`@/x.npy` (value BIGINT) TBLPROPERTIES ('shape'='3')");
        assertThat(npyLongs(file)).containsExactly(0, 0, 0);
        assertThatThrownBy(() -> session.sql("REPLACE TABLE memmap.`@/none.npy` (value BIGINT)"))
                .hasMessageContaining("none.npy` cannot be ");
        assertThat(names(directory)).containsExactly("x.npy", "y.npy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void createsFromAQuery(String name) {
        session.sql("CREATE TABLE memmap.`@/" + name + "` AS SELECT id AS value FROM range(10)");
        assertThat(SavedFiles.readLongs(session.spark(), directory.resolve(name)))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        session.sql("CREATE OR REPLACE TABLE memmap.`@/" + name
                + "` TBLPROPERTIES ('dtype'='<f4') AS SELECT value FROM memmap.`@/" + name + "` WHERE value > 7");
        assertThat(session.sql("SELECT value FROM memmap.`@/" + name + "` ORDER BY _row"))
                .containsExactly(RowFactory.create(8f), RowFactory.create(9f));
    }

    /** Spark has them of the tables that are read, and of columns such as {@code _row}. */
    @ParameterizedTest
    @ValueSource(strings = {"CREATE TABLE", "CREATE OR REPLACE TABLE"})
    void commentsOfAQueryAreLeftOut(String create) throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(7, 8));
        session.sql(create + " memmap.`@/y.npy` AS SELECT _row AS r, value AS v FROM memmap.`@/x.npy`");
        assertThat(session.sql("SELECT r, v FROM memmap.`@/y.npy` ORDER BY r"))
                .containsExactly(RowFactory.create(0L, 7L), RowFactory.create(1L, 8L));
        assertThatThrownBy(() -> session.sql("REPLACE TABLE memmap.`@/y.npy` (r INT COMMENT 'no', v INT)"))
                .hasMessageContaining(
                        "Cannot create column 'r' with COMMENT 'no': an array has no place for it, expected none");
        assertThat(session.value("SELECT count(*) FROM memmap.`@/y.npy`")).isEqualTo(2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s STRING COLLATE UNICODE_CI", "v ARRAY<STRUCT<s: STRING COLLATE UNICODE_CI>>"})
    void refusesCollations(String column) throws IOException {
        assumeTrue(session.isSpark4(), "Spark 3.5 has no collations");
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/x.npy` (" + column + ")"))
                .hasMessage("Cannot create column 's' STRING COLLATE UNICODE_CI: an array has no place for the"
                        + " collation, expected STRING; give it in the query, as in WHERE s COLLATE UNICODE_CI = 'a'");
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void aQueryThatFailsLeavesWhatWasThere() throws IOException {
        Path file = Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        String failing = " AS SELECT if(id = 7, raise_error('seven'), id) AS value FROM range(10)";
        assertThatThrownBy(() -> session.sql("CREATE OR REPLACE TABLE memmap.`@/x.npy`" + failing))
                .hasStackTraceContaining("seven");
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/y.npy`" + failing))
                .hasStackTraceContaining("seven");
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/y.npy` AS SELECT id FROM range(3)"))
                .hasMessageContaining(
                        "Cannot create " + directory + "/y.npy with columns [id]: a plain array in .npy has"
                                + " no names and would be read as [value]");
        assertThat(npyLongs(file)).containsExactly(1, 2);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void intervalsAreColumns() {
        session.sql("CREATE TABLE memmap.`@/x.npy` AS SELECT INTERVAL '1 02' DAY TO HOUR AS value");
        session.sql("INSERT INTO memmap.`@/x.npy` VALUES (INTERVAL '3 00:00:00' DAY TO SECOND)");
        session.sql("UPDATE memmap.`@/x.npy` SET value = INTERVAL '5 00:00:00' DAY TO SECOND WHERE _row = 0");
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/x.npy`")).isEqualTo(java.time.Duration.ofDays(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void insertsBehindTheLastRow(String name) {
        String table = "memmap.`@/" + name + "`";
        session.sql("CREATE TABLE " + table + " AS SELECT CAST(id AS INT) AS a, CAST(id AS DOUBLE) AS b FROM range(3)");
        session.sql("INSERT INTO " + table + " VALUES (7, 8.5)");
        session.sql("INSERT INTO " + table + " (b, a) SELECT 9, 10");
        assertThat(session.sql("SELECT a, b FROM " + table + " WHERE _row >= 2 ORDER BY _row"))
                .containsExactly(RowFactory.create(2, 2.0), RowFactory.create(7, 8.5), RowFactory.create(10, 9.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void insertOverwriteKeepsTheDtype(String name) {
        String table = "memmap.`@/" + name + "`";
        session.sql("CREATE TABLE " + table + " (value INT) TBLPROPERTIES ('dtype'='>u2')");
        session.sql("INSERT INTO " + table + " VALUES (1), (2)");
        session.sql("INSERT OVERWRITE " + table + " SELECT value * 100 FROM " + table + " UNION ALL SELECT 65535");
        assertThat(session.sql("SELECT value FROM " + table + " ORDER BY _row"))
                .containsExactly(RowFactory.create(100), RowFactory.create(200), RowFactory.create(65535));
        assertThat(session.sql("DESCRIBE TABLE EXTENDED " + table).toString()).contains("dtype=>u2");
        assertThatThrownBy(() -> session.sql("INSERT OVERWRITE " + table + " VALUES (65536)"))
                .hasStackTraceContaining("found 65536, expected 0 to 65535");
        assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo(3L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.npy", "?.npy", "[ab].npy", "{a,b}.npy", "*/x.npy", "sub*/x.npy"})
    void aPatternIsNoTarget(String pattern) throws Exception {
        for (String name : List.of("a.npy", "b.npy", "sub/x.npy")) {
            Npy.of("'<i8'", "(1,)").write(directory.resolve(name), Npy.i8(7));
        }
        Map<String, List<Byte>> before = SavedFiles.everything(directory);
        String path = directory + "/" + pattern;
        String table = "memmap.`" + path + "`";
        session.sql("CREATE TABLE matched (value BIGINT) USING memmap OPTIONS (path '" + path + "')");
        try {
            for (String named : session.isSpark4() ? List.of(table, "matched") : List.of(table)) {
                assertPattern(path, () -> session.sql("INSERT INTO " + named + " VALUES (1)"));
                assertPattern(path, () -> session.sql("INSERT OVERWRITE " + named + " VALUES (1)"));
                assertPattern(path, () -> longs().writeTo(named).append());
            }
        } finally {
            session.sql("DROP TABLE matched");
        }
        assertPattern(path, () -> session.sql("CREATE TABLE " + table + " (value BIGINT)"));
        assertPattern(path, () -> session.sql("CREATE TABLE " + table + " AS SELECT 1L AS value"));
        assertPattern(path, () -> session.sql("CREATE OR REPLACE TABLE " + table + " AS SELECT 1L AS value"));
        for (SaveMode mode : SaveMode.values()) {
            assertPattern(
                    path, () -> longs().write().format("memmap").mode(mode).save(path));
            assertPattern(
                    path, () -> longs().write().format("memmap").mode(mode).saveAsTable(table));
        }
        assertThat(SavedFiles.everything(directory)).isEqualTo(before);
    }

    private static void assertPattern(String path, ThrowableAssert.ThrowingCallable write) {
        assertThatThrownBy(write)
                .hasStackTraceContaining(
                        path + ": it is a pattern, which names files to read; name" + " one file or directory");
    }

    private Dataset<Row> longs() {
        return session.spark().range(1).selectExpr("id AS value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x[1].npy", "{x}.npy", "x[.npy", "x{.npy"})
    void bracketsThatMatchNothingAreAName(String name) throws IOException {
        session.sql("CREATE TABLE memmap.`@/" + name + "` AS SELECT id AS value FROM range(2)");
        session.sql("INSERT INTO memmap.`@/" + name + "` VALUES (2)");
        assertThat(npyLongs(directory.resolve(name))).containsExactly(0, 1, 2);
    }

    @Test
    void insertOverwriteKeepsShardsRaw() throws IOException {
        session.sql("CREATE TABLE memmap.`@/x` TBLPROPERTIES ('container'='raw') AS SELECT id AS value FROM range(3)");
        session.sql("INSERT OVERWRITE memmap.`@/x` VALUES (7), (8)");
        List<String> shards = SavedFiles.shards(directory.resolve("x"));
        assertThat(shards).isNotEmpty().allMatch(shard -> shard.endsWith(".dat"));
        assertThat(session.sql("SELECT value FROM memmap.`@/x`"))
                .containsExactlyInAnyOrder(RowFactory.create(7L), RowFactory.create(8L));
    }

    /** What is lost is told by the file that is there, not by the name or options of the write. */
    @ParameterizedTest
    @CsvSource({"128, 144, starts at byte 128", "0, 24, 8 bytes follow its rows from byte 16 on"})
    void insertOverwriteLosesNoBytesOfAFileOfAnyName(int offset, int nbytes, String reason) throws IOException {
        Path file = Files.write(directory.resolve("x.tokens"), new byte[nbytes]);
        Path sidecar = Files.writeString(
                directory.resolve("x.tokens.memmap.json"),
                "{\"dtype\": \"<i8\", \"shape\": [2], \"offset\": " + offset + "}");
        session.spark().conf().set("spark.sql.catalog.files", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.files.output", "file");
        session.spark().conf().set("spark.sql.catalog.files.trailingBytes", "ignore");
        assertThatThrownBy(() -> session.sql("INSERT OVERWRITE files.`@/x.tokens` VALUES (7)"))
                .hasStackTraceContaining("Cannot overwrite " + file)
                .hasStackTraceContaining(reason);
        assertThat(file).hasBinaryContent(new byte[nbytes]);
        assertThat(sidecar).exists();
    }

    @Test
    void insertOverwriteKeepsARawFileOfAnyNameRaw() throws IOException {
        Path file = Files.write(directory.resolve("x.tokens"), Npy.i8(1, 2));
        Files.writeString(directory.resolve("x.tokens.memmap.json"), "{\"dtype\": \"<i8\", \"shape\": [2]}");
        session.spark().conf().set("spark.sql.catalog.files", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.files.output", "file");
        session.sql("INSERT OVERWRITE files.`@/x.tokens` VALUES (7)");
        assertThat(SavedFiles.rawLongs(file)).containsExactly(7);
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/x.tokens`")).isEqualTo(7L);
    }

    @Test
    void theTableInterfaceOfDataFramesWorks() throws Exception {
        SparkSession spark = session.spark();
        String table = "memmap.`" + directory + "/x.npy`";
        spark.range(3).selectExpr("id AS value").writeTo(table).create();
        spark.range(3, 5).selectExpr("id AS value").writeTo(table).append();
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(0, 1, 2, 3, 4);
        assertThat(spark.table(table).where("_row = 4").head().getLong(0)).isEqualTo(4);
    }

    /** Spark hands them to a catalog as they are. */
    @Test
    void charAndVarcharAreStrings() {
        session.sql("CREATE TABLE memmap.`@/v.npy` (s STRUCT<a: VARCHAR(3), b: INT>, c CHAR(2), v VARCHAR(4))"
                + " TBLPROPERTIES ('columnDtypes'=\"{'s': [('a', 'U3'), ('b', '<i4')], 'V': 'U5'}\")");
        session.sql("INSERT INTO memmap.`@/v.npy` VALUES (named_struct('a', 'abc', 'b', 1), 'de', 'fghij')");
        assertThat(session.sql("SELECT s.a, c, v FROM memmap.`@/v.npy`"))
                .containsExactly(RowFactory.create("abc", "de", "fghij"));
        assertThatThrownBy(() ->
                        session.sql("INSERT INTO memmap.`@/v.npy` VALUES (named_struct('a', 'x', 'b', 1), 'def', 'g')"))
                .hasMessageContaining("column 'c': found 'def' of 3 characters, expected at most 2");
        session.sql("CREATE TABLE memmap.`@/p` (id BIGINT, v VARCHAR(4)) PARTITIONED BY (v)");
        session.sql("INSERT INTO memmap.`@/p` VALUES (7, 'x')");
        assertThat(session.sql("SELECT id, v FROM memmap.`@/p`")).containsExactly(RowFactory.create(7L, "x"));
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/w.dat` (v VARCHAR(1025))"))
                .hasMessageContaining("set columnDtypes='v U32'");
        session.sql("CREATE TABLE memmap.`@/w.dat` (v VARCHAR(1024)) TBLPROPERTIES ('dtype'='S2')");
        assertThat(session.sql("DESCRIBE EXTENDED memmap.`@/w.dat`").toString()).contains("dtype=|S2,");
    }
}
