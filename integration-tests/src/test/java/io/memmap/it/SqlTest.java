package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays in SQL, through the catalog {@code memmap}. */
class SqlTest {

    @TempDir
    private Path directory;

    private SparkSession spark;

    @BeforeEach
    void setUp() {
        spark = SharedSpark.session().newSession();
        spark.conf().set("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog");
    }

    private List<Row> sql(String statement) {
        return spark.sql(statement.replace("@", directory.toString())).collectAsList();
    }

    private Object value(String statement) {
        List<Row> rows = sql(statement);
        assertThat(rows).hasSize(1);
        return rows.get(0).get(0);
    }

    private static boolean isSpark4(SparkSession spark) {
        return !spark.version().startsWith("3.");
    }

    /** numpy.memmap's own example. */
    @Test
    void theProgramOfNumpyMemmapIsFiveStatements() {
        sql("CREATE TABLE memmap.`@/grid.dat`"
                + " TBLPROPERTIES ('dtype'='float64', 'shape'='100,100', 'layout'='elements')");
        assertThat(value("SELECT sum(value) FROM memmap.`@/grid.dat`")).isEqualTo(0.0);
        sql("UPDATE memmap.`@/grid.dat` SET value = 5.5 WHERE i0 BETWEEN 10 AND 14 AND i1 BETWEEN 10 AND 14");
        assertThat(value("SELECT sum(value) FROM memmap.`@/grid.dat`")).isEqualTo(137.5);
        assertThat(sql("SELECT max(value) FILTER (WHERE i0 = 12 AND i1 = 12), sum(value) FROM memmap.`@/grid.dat`"))
                .containsExactly(RowFactory.create(5.5, 137.5));
    }

    @Test
    void readsFilesPatternsAndDirectories() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("d/2.npy"), Npy.i8(1, 2));
        Npy.of("'<i8'", "(2,)").write(directory.resolve("d/10.npy"), Npy.i8(3, 4));
        assertThat(sql("SELECT value, _row FROM memmap.`@/d/2.npy` ORDER BY _row"))
                .containsExactly(RowFactory.create(1L, 0L), RowFactory.create(2L, 1L));
        assertThat(value("SELECT sum(value) FROM memmap.`@/d`")).isEqualTo(10L);
        assertThat(value("SELECT value FROM memmap.`@/d/*.npy` WHERE _row = 2")).isEqualTo(3L);
        assertThat(value("SELECT sum(value) FROM memmap.`@/d`.`10.npy`")).isEqualTo(7L);
        assertThat(value("SELECT count(*) FROM memmap.`file:@/d/*.npy`")).isEqualTo(4L);
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> sql("SELECT * FROM memmap.`@/none.npy`"))
                .hasMessage("Cannot read " + directory + "/none.npy: no such file or directory");
        assertThatThrownBy(() -> sql("SELECT * FROM memmap.`@/*.npy`"))
                .hasMessageContaining("no file matches the pattern");
        assertThatThrownBy(() -> sql("INSERT INTO memmap.`@/none.npy` VALUES (1)"))
                .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    }

    @Test
    void saysWhyAFileIsNoTable() throws IOException {
        Files.write(directory.resolve("x.dat"), new byte[16]);
        assertThatThrownBy(() -> sql("SELECT * FROM memmap.`@/x.dat`"))
                .hasMessageContaining("x.dat")
                .hasMessageContaining("dtype");
    }

    @Test
    void describesWhatTheFilesAre() throws IOException {
        Npy.of("'<f4'", "(2, 3)").inFortranOrder().write(directory.resolve("x.npy"), Npy.f4(1, 2, 3, 4, 5, 6));
        String described = sql("DESCRIBE TABLE EXTENDED memmap.`@/x.npy`").toString();
        assertThat(described)
                .contains("[c0,float,", "[c2,float,", "[_row,bigint,")
                .contains("dtype=<f4", "shape=(2, 3)", "order=F", "offset=128")
                .contains("files=file:" + directory + "/x.npy")
                .contains("[Provider,memmap,", "[Location," + directory + "/x.npy,");
        for (int i = 0; i < 5; i++) {
            Npy.of("'<i8'", "(2,)").write(directory.resolve("d/" + i + ".npy"), Npy.i8(1, 2));
        }
        assertThat(sql("DESCRIBE TABLE EXTENDED memmap.`@/d`").toString())
                .contains("shape=(10,)", "/d/0.npy, file:", "/d/2.npy and 2 more");
    }

    @Test
    void showsTheArraysOfADirectory() throws IOException {
        spark.range(4).selectExpr("id AS value").write().format("memmap").save(directory + "/shards");
        spark.range(4).selectExpr("id AS value").write().format("memmap").save(directory + "/raw.dat");
        Npy.of("'<i8'", "(2,)").write(directory.resolve("10.npy"), Npy.i8(1, 2));
        Npy.of("'<i8'", "(2,)").write(directory.resolve("9.npy"), Npy.i8(1, 2));
        Files.writeString(directory.resolve("notes.txt"), "no array");
        Files.createDirectory(directory.resolve("other"));
        assertThat(sql("SHOW TABLES IN memmap.`@`").stream().map(row -> row.getString(1)))
                .containsExactly("9.npy", "10.npy", "raw.dat", "shards");
        assertThatThrownBy(() -> sql("SHOW TABLES IN memmap.`@/none`"))
                .hasMessage("Cannot read " + directory + "/none: no such file or directory");
        assertThatThrownBy(() -> sql("SHOW TABLES IN memmap.`@/9.npy`"))
                .hasMessage("Cannot list " + directory + "/9.npy: it is a file, expected a directory");
    }

    @Test
    void optionsBehindWithArePartOfTheQueryInSpark4() throws IOException {
        assumeThat(isSpark4(spark)).isTrue();
        Npy.of("'<i8'", "(2, 2)").write(directory.resolve("x.npy"), Npy.i8(1, 2, 3, 4));
        assertThat(value("SELECT sum(c1) FROM memmap.`@/x.npy` WITH ('access'='read')"))
                .isEqualTo(6L);
        assertThatThrownBy(() -> sql("SELECT * FROM memmap.`@/x.npy` WITH ('acess'='read')"))
                .hasMessageContaining("did you mean 'access'?");
        assertThatThrownBy(() -> sql("SELECT * FROM memmap.`@/x.npy` WITH ('layout'='array')"))
                .hasMessageContaining(
                        "Cannot read memmap.`" + directory + "/x.npy` WITH {layout=array}: its columns would be"
                                + " [value], expected those that Spark already has, [c0, c1]; set the option for a whole catalog");
    }

    @Test
    void aCatalogHasOptionsForAllItsTables() throws IOException {
        Npy.of("'<i8'", "(2, 2)").write(directory.resolve("x.npy"), Npy.i8(1, 2, 3, 4));
        spark.conf().set("spark.sql.catalog.arrays", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.arrays.layout", "array");
        assertThat(sql("SELECT value[1] FROM arrays.`@/x.npy` WHERE _row = 1")).containsExactly(RowFactory.create(4L));
        spark.conf().set("spark.sql.catalog.wrong", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.wrong.layuot", "array");
        assertThatThrownBy(() -> sql("SELECT * FROM wrong.`@/x.npy`")).hasMessageContaining("did you mean 'layout'?");
    }

    @Test
    void createsAnArrayOfZeros() throws IOException {
        sql("CREATE TABLE memmap.`@/x.npy` (value BIGINT) TBLPROPERTIES ('shape'='1000')");
        assertThat(npyLongs(directory.resolve("x.npy"))).hasSize(1000).containsOnly(0);
        sql("CREATE TABLE memmap.`@/y.npy` (c0 FLOAT, c1 FLOAT) USING memmap"
                + " TBLPROPERTIES ('shape'='10,2', 'fillValue'='1.5')");
        assertThat(SavedFiles.header(directory.resolve("y.npy"))).contains("'shape': (10, 2)", "'<f4'");
        assertThat(value("SELECT sum(c0 + c1) FROM memmap.`@/y.npy`")).isEqualTo(30.0);
        sql("CREATE TABLE memmap.`@/z.npy` (id INT, name STRING)"
                + " TBLPROPERTIES ('shape'='3', 'columnDtypes'='name U5', 'fillValue'='id=7, name=none')");
        assertThat(sql("SELECT DISTINCT * FROM memmap.`@/z.npy`")).containsExactly(RowFactory.create(7, "none"));
        sql("CREATE TABLE memmap.`@/e.npy` (value ARRAY<FLOAT>) TBLPROPERTIES ('shape'='2,200')");
        assertThat(value("SELECT sum(size(value)) FROM memmap.`@/e.npy`")).isEqualTo(400L);
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
        sql("CREATE TABLE memmap.`@/x.npy` TBLPROPERTIES (\"dtype\"=\"" + dtype + "\", 'shape'='" + shape + "')");
        assertThat(spark.table("memmap.`" + directory + "/x.npy`")
                        .schema()
                        .toDDL()
                        .replace(" NOT NULL", ""))
                .isEqualTo(columns);
        assertThat(value("SELECT count(*) FROM memmap.`@/x.npy`")).isEqualTo(5L);
    }

    @Test
    void aTableWithoutShapeHasNoRowsYet() throws IOException {
        for (String name : List.of("x.npy", "x.dat", "x")) {
            String table = "memmap.`@/" + name + "`";
            sql("CREATE TABLE " + table + " (value BIGINT)");
            assertThat(value("SELECT count(*) FROM " + table)).isEqualTo(0L);
            sql("INSERT INTO " + table + " VALUES (1), (2)");
            assertThat(value("SELECT sum(value) FROM " + table)).isEqualTo(3L);
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
                "x.npy | (value DOUBLE) USING parquet | USING parquet, expected USING memmap",
                "x.npy | (value DOUBLE) COMMENT 'no' | an array has no place for it",
                "x.npy | (value DOUBLE COMMENT 'no') | Cannot create column 'value' with COMMENT 'no'",
                "x.npy | (value DOUBLE) TBLPROPERTIES ('offset'='128') | Cannot write new files with option offset",
                "x.npy | (value DOUBLE) LOCATION '/y' | its name says where it is",
                "x.npy | (value DOUBLE, p INT) PARTITIONED BY (p) | expected no PARTITIONED BY"
            })
    void refusesWhatCannotBeCreated(String name, String rest, String message) throws IOException {
        assertThatThrownBy(() -> sql("CREATE TABLE memmap.`@/" + name + "` " + rest))
                .hasMessageContaining("Cannot ")
                .hasMessageContaining(message);
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void createNeverTruncates() throws IOException {
        Path file = Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        Path broken = Files.writeString(directory.resolve("y.npy"), "no array");
        for (String name : List.of("x.npy", "y.npy")) {
            assertThatThrownBy(() ->
                            sql("CREATE TABLE memmap.`@/" + name + "` (value DOUBLE) TBLPROPERTIES ('shape'='5')"))
                    .hasMessageContaining("TABLE_OR_VIEW_ALREADY_EXISTS");
            assertThatThrownBy(() -> sql("CREATE TABLE memmap.`@/" + name + "` AS SELECT 1.0D AS value"))
                    .hasMessageContaining("TABLE_OR_VIEW_ALREADY_EXISTS");
            sql("CREATE TABLE IF NOT EXISTS memmap.`@/" + name + "` (value DOUBLE) TBLPROPERTIES ('shape'='5')");
        }
        assertThat(npyLongs(file)).containsExactly(1, 2);
        assertThat(Files.readString(broken)).isEqualTo("no array");
        sql("CREATE OR REPLACE TABLE memmap.`@/x.npy` (value DOUBLE) TBLPROPERTIES ('shape'='5')");
        assertThat(sql("SELECT count(*), sum(value) FROM memmap.`@/x.npy`"))
                .containsExactly(RowFactory.create(5L, 0.0));
        sql("REPLACE TABLE memmap.`@/x.npy` (value BIGINT) TBLPROPERTIES ('shape'='3')");
        assertThat(npyLongs(file)).containsExactly(0, 0, 0);
        assertThatThrownBy(() -> sql("REPLACE TABLE memmap.`@/none.npy` (value BIGINT)"))
                .hasMessageContaining("none.npy` cannot be ");
        assertThat(names(directory)).containsExactly("x.npy", "y.npy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void createsFromAQuery(String name) {
        sql("CREATE TABLE memmap.`@/" + name + "` AS SELECT id AS value FROM range(10)");
        assertThat(SavedFiles.readLongs(spark, directory.resolve(name))).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        sql("CREATE OR REPLACE TABLE memmap.`@/" + name
                + "` TBLPROPERTIES ('dtype'='<f4') AS SELECT value FROM memmap.`@/" + name + "` WHERE value > 7");
        assertThat(sql("SELECT value FROM memmap.`@/" + name + "` ORDER BY _row"))
                .containsExactly(RowFactory.create(8f), RowFactory.create(9f));
    }

    @Test
    void aQueryThatFailsLeavesWhatWasThere() throws IOException {
        Path file = Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        String failing = " AS SELECT if(id = 7, raise_error('seven'), id) AS value FROM range(10)";
        assertThatThrownBy(() -> sql("CREATE OR REPLACE TABLE memmap.`@/x.npy`" + failing))
                .hasStackTraceContaining("seven");
        assertThatThrownBy(() -> sql("CREATE TABLE memmap.`@/y.npy`" + failing)).hasStackTraceContaining("seven");
        assertThatThrownBy(() -> sql("CREATE TABLE memmap.`@/y.npy` AS SELECT id FROM range(3)"))
                .hasMessageContaining(
                        "Cannot create " + directory + "/y.npy with columns [id]: a plain array in .npy has"
                                + " no names and would be read as [value]");
        assertThat(npyLongs(file)).containsExactly(1, 2);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void intervalsAreColumns() {
        sql("CREATE TABLE memmap.`@/x.npy` AS SELECT INTERVAL '1 02' DAY TO HOUR AS value");
        sql("INSERT INTO memmap.`@/x.npy` VALUES (INTERVAL '3 00:00:00' DAY TO SECOND)");
        sql("UPDATE memmap.`@/x.npy` SET value = INTERVAL '5 00:00:00' DAY TO SECOND WHERE _row = 0");
        assertThat(value("SELECT sum(value) FROM memmap.`@/x.npy`")).isEqualTo(java.time.Duration.ofDays(8));
    }

    @Test
    void aDirectoryIsANamespace() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        sql("USE memmap.`@`");
        assertThat(value("SELECT sum(value) FROM `x.npy`")).isEqualTo(3L);
        assertThat(value("SELECT count(*) FROM range(3)")).isEqualTo(3L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void insertsBehindTheLastRow(String name) {
        String table = "memmap.`@/" + name + "`";
        sql("CREATE TABLE " + table + " AS SELECT CAST(id AS INT) AS a, CAST(id AS DOUBLE) AS b FROM range(3)");
        sql("INSERT INTO " + table + " VALUES (7, 8.5)");
        sql("INSERT INTO " + table + " (b, a) SELECT 9, 10");
        assertThat(sql("SELECT a, b FROM " + table + " WHERE _row >= 2 ORDER BY _row"))
                .containsExactly(RowFactory.create(2, 2.0), RowFactory.create(7, 8.5), RowFactory.create(10, 9.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void insertOverwriteKeepsTheDtype(String name) {
        String table = "memmap.`@/" + name + "`";
        sql("CREATE TABLE " + table + " (value INT) TBLPROPERTIES ('dtype'='>u2')");
        sql("INSERT INTO " + table + " VALUES (1), (2)");
        sql("INSERT OVERWRITE " + table + " SELECT value * 100 FROM " + table + " UNION ALL SELECT 65535");
        assertThat(sql("SELECT value FROM " + table + " ORDER BY _row"))
                .containsExactly(RowFactory.create(100), RowFactory.create(200), RowFactory.create(65535));
        assertThat(sql("DESCRIBE TABLE EXTENDED " + table).toString()).contains("dtype=>u2");
        assertThatThrownBy(() -> sql("INSERT OVERWRITE " + table + " VALUES (65536)"))
                .hasStackTraceContaining("found 65536, expected 0 to 65535");
        assertThat(value("SELECT count(*) FROM " + table)).isEqualTo(3L);
    }

    @Test
    void dropsOnlyWithPurge() throws IOException {
        sql("CREATE TABLE memmap.`@/x.npy` AS SELECT id AS value FROM range(3)");
        sql("CREATE TABLE memmap.`@/x.dat` AS SELECT id AS value FROM range(3)");
        sql("CREATE TABLE memmap.`@/x` AS SELECT id AS value FROM range(3)");
        Files.writeString(directory.resolve("x/notes.txt"), "mine");
        assertThatThrownBy(() -> sql("DROP TABLE memmap.`@/x.npy`"))
                .hasMessageContaining("Cannot drop " + directory + "/x.npy")
                .hasMessageContaining("expected DROP TABLE ... PURGE, which deletes its files");
        assertThat(names(directory)).containsExactly("x", "x.dat", "x.dat.memmap.json", "x.npy");
        sql("DROP TABLE memmap.`@/x.npy` PURGE");
        sql("DROP TABLE memmap.`@/x.dat` PURGE");
        sql("DROP TABLE memmap.`@/x` PURGE");
        assertThat(names(directory)).containsExactly("x");
        assertThat(names(directory.resolve("x"))).containsExactly("notes.txt");
        assertThatThrownBy(() -> sql("DROP TABLE memmap.`@/x` PURGE")).hasMessageContaining("such as notes.txt");
        assertThatThrownBy(() -> sql("DROP TABLE memmap.`@/none.npy` PURGE"))
                .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
        sql("DROP TABLE IF EXISTS memmap.`@/none.npy` PURGE");
    }

    @Test
    void alterAndRenameAreRefused() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        assertThatThrownBy(() -> sql("ALTER TABLE memmap.`@/x.npy` SET TBLPROPERTIES ('shape'='3')"))
                .hasMessageContaining("Cannot alter " + directory + "/x.npy");
        assertThatThrownBy(() -> sql("ALTER TABLE memmap.`@/x.npy` RENAME TO memmap.`@/y.npy`"))
                .hasMessageContaining("Cannot rename " + directory + "/x.npy");
    }

    @Test
    void theTableInterfaceOfDataFramesWorks() throws Exception {
        String table = "memmap.`" + directory + "/x.npy`";
        spark.range(3).selectExpr("id AS value").writeTo(table).create();
        spark.range(3, 5).selectExpr("id AS value").writeTo(table).append();
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(0, 1, 2, 3, 4);
        assertThat(spark.table(table).where("_row = 4").head().getLong(0)).isEqualTo(4);
    }

    /** In Spark 4 by itself, in 3.5 with the extension. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sparksOwnCatalogHasTablesWithAPath(boolean extended) throws IOException {
        assumeThat(extended || isSpark4(spark)).isTrue();
        if (extended) {
            spark.conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        Path file = Npy.of("'<i8'", "(3,)").write(directory.resolve("a %41 b/x.npy"), Npy.i8(1, 2, 3));
        sql("DROP TABLE IF EXISTS in_session");
        sql("CREATE TABLE in_session USING memmap OPTIONS (path '@/a %41 b/x.npy')");
        assertThat(value("SELECT sum(value) FROM in_session")).isEqualTo(6L);
        sql("INSERT INTO in_session VALUES (4)");
        sql("UPDATE in_session SET value = -1 WHERE _row = 0");
        sql("MERGE INTO in_session t USING (SELECT 2L AS k UNION ALL SELECT 9L) s ON t.value = s.k"
                + " WHEN MATCHED THEN UPDATE SET value = 20 WHEN NOT MATCHED THEN INSERT (value) VALUES (k)");
        assertThat(npyLongs(file)).containsExactly(-1, 20, 3, 4, 9);
        assertThatThrownBy(() -> sql("DELETE FROM in_session WHERE value = 3"))
                .hasMessageContaining("an array has no holes");
        sql("INSERT OVERWRITE in_session VALUES (5)");
        assertThat(npyLongs(file)).containsExactly(5);
        sql("DROP TABLE in_session");
        assertThat(file).exists();
        sql("CREATE TABLE in_session USING memmap OPTIONS (path '@/new.npy') AS SELECT id AS value FROM range(3)");
        assertThat(npyLongs(directory.resolve("new.npy"))).containsExactly(0, 1, 2);
        sql("DROP TABLE in_session");
        sql("CREATE TABLE in_session USING parquet AS SELECT 1 AS a");
        assertThat(value("SELECT a FROM in_session")).isEqualTo(1);
        sql("DROP TABLE in_session");
    }
}
