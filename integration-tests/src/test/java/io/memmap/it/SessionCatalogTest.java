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
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.connector.catalog.DelegatingCatalogExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of Spark's own catalog over files that are somebody's: in Spark 4 by itself, in 3.5 with the extension. */
class SessionCatalogTest {
    private static final String FAILING = " SELECT if(id = 7, raise_error('seven'), id) AS value FROM range(10)";

    @TempDir
    private Path directory;

    private SqlSession session;
    private Path file;

    @BeforeEach
    void setUp() throws IOException {
        session = new SqlSession(directory);
        file = Npy.of("'<i8'", "(3,)").write(directory.resolve("x.npy"), Npy.i8(1, 2, 3));
    }

    static List<Boolean> extensions() {
        return SharedSpark.session().version().startsWith("3.") ? List.of(true) : List.of(false, true);
    }

    private void begin(boolean extended) {
        if (extended) {
            session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        session.sql("DROP TABLE IF EXISTS owned");
    }

    /** The catalog is that of all sessions. */
    @AfterEach
    void dropTheTable() {
        session.sql("DROP TABLE IF EXISTS owned");
    }

    @Test
    void spark35KeepsATableThatItCannotLoadWithoutTheExtension() {
        assumeThat(session.isSpark4()).isFalse();
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy')");
        assertThatThrownBy(() -> session.sql("SELECT * FROM owned"))
                .hasMessageEndingWith("memmap is not a valid Spark SQL Data Source.");
        session.sql("DROP TABLE owned");
        assertThat(file).exists();
    }

    /** The session catalog of another engine, which adds nothing to Spark's. */
    public static final class Foreign extends DelegatingCatalogExtension {}

    @Test
    void underTheSessionCatalogOfAnotherEngineOnlyPathsAndViewsAreRead() {
        session.spark().conf().set("spark.sql.catalog.spark_catalog", Foreign.class.getName());
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy')");
        assertThatThrownBy(() -> session.sql("SELECT * FROM owned"))
                .hasMessageEndingWith("memmap is not a valid Spark SQL Data Source.");
        session.sql("DROP TABLE owned");
        session.sql("CREATE TEMPORARY VIEW seen USING memmap OPTIONS (path '@/x.npy')");
        assertThat(session.sql("SELECT a.value FROM seen a JOIN memmap.`@/x.npy` b ON a.value = b.value + 2"))
                .containsExactly(RowFactory.create(3L));
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void columnsMayBeListed(boolean extended) throws IOException {
        begin(extended);
        Npy.of("[('id', '<i4'), ('delay', '<i2')]", "(2,)")
                .write(directory.resolve("r.npy"), Npy.join(Npy.i4(7), Npy.i2(-5), Npy.i4(8), Npy.i2(6)));
        session.sql("CREATE TABLE owned (delay BIGINT, id INT) USING memmap OPTIONS (path '@/r.npy')");
        assertThat(session.sql("SELECT * FROM owned ORDER BY id"))
                .containsExactly(RowFactory.create(-5L, 7), RowFactory.create(6L, 8));
        session.sql("DROP TABLE owned");
        session.sql("CREATE TABLE owned (value INT) USING memmap OPTIONS (path '@/x.npy')");
        assertThatThrownBy(() -> session.sql("SELECT * FROM owned"))
                .hasMessage("Cannot read column 'value' of file:" + file
                        + ": its dtype is <i8, and the schema asks for int, expected bigint");
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void someOfTheColumnsAreUpdatedAndMerged(boolean extended) throws IOException {
        begin(extended);
        Path records = Npy.of("[('id', '<i4'), ('delay', '<i2')]", "(2,)")
                .write(directory.resolve("r.npy"), Npy.join(Npy.i4(7), Npy.i2(-5), Npy.i4(8), Npy.i2(6)));
        session.sql("CREATE TABLE owned (delay SMALLINT) USING memmap"
                + " OPTIONS (path '@/r.npy', nullValue 'id=-1,delay=-9', columnDtypes 'id <i4')");
        session.sql("UPDATE owned SET delay = 1 WHERE _row = 0");
        String merge = "MERGE INTO owned t USING (SELECT EXPLODE(ARRAY(%s)) AS d) s ON t.delay = s.d"
                + " WHEN MATCHED THEN UPDATE SET delay = CAST(d + 10 AS SMALLINT)"
                + " WHEN NOT MATCHED THEN INSERT (delay) VALUES (d)";
        session.sql(merge.formatted("6S"));
        List<Row> after = List.of(RowFactory.create(7, (short) 1), RowFactory.create(8, (short) 16));
        assertThat(session.sql("SELECT * FROM memmap.`@/r.npy`")).isEqualTo(after);
        session.sql("UPDATE owned SET delay = NULL WHERE _row = 0");
        assertThat(session.sql("SELECT delay FROM owned WHERE _row = 0"))
                .containsExactly(RowFactory.create((short) -9));
        session.sql("UPDATE owned SET delay = 1 WHERE _row = 0");
        assertThatThrownBy(() -> session.sql(merge.formatted("1S, 2S")))
                .hasStackTraceContaining("Cannot append to file:" + records + ": the table has no column for [id],"
                        + " expected all columns of the array; insert into a table that has them");
        assertThat(session.sql("SELECT * FROM memmap.`@/r.npy`")).isEqualTo(after);
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void describeTellsColumnsAndFile(boolean extended) {
        begin(extended);
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy')");
        List<Row> described = session.sql("DESCRIBE TABLE EXTENDED owned");
        assertThat(described)
                .contains(
                        RowFactory.create("value", "bigint", null),
                        RowFactory.create("_row", "bigint", "the row's position in the whole dataset, from 0"),
                        RowFactory.create("Provider", "memmap", ""),
                        RowFactory.create("Location", "file:" + file, ""));
        assertThat(described.toString()).doesNotContain("memmap null");
        session.sql("TRUNCATE TABLE owned");
        assertThat(session.sql("SELECT * FROM owned")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void createOrReplaceKeepsTheFileUnlessAQueryFillsIt(boolean extended) throws IOException {
        begin(extended);
        byte[] before = Files.readAllBytes(file);
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy')");
        assertThatThrownBy(() -> session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy')"))
                .hasMessageContaining("TABLE_OR_VIEW_ALREADY_EXISTS");
        session.sql("CREATE OR REPLACE TABLE owned USING memmap OPTIONS (path '@/x.npy', layout 'elements')");
        assertThat(session.sql("SELECT i0 FROM owned WHERE value = 3")).containsExactly(RowFactory.create(2L));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        session.sql("CREATE OR REPLACE TABLE owned USING memmap OPTIONS (path '@/x.npy')"
                + " AS SELECT id AS value FROM range(2)");
        assertThat(npyLongs(file)).containsExactly(0, 1);
        assertThat(session.value("SELECT sum(value) FROM owned")).isEqualTo(1L);
    }

    /** Spark makes the table first, and then it is an INSERT like any other. */
    @ParameterizedTest
    @MethodSource("extensions")
    void createAsSelectAppendsToAFileThatIsThere(boolean extended) throws IOException {
        begin(extended);
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy') AS SELECT id AS value FROM range(2)");
        assertThat(npyLongs(file)).containsExactly(1, 2, 3, 0, 1);
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void aQueryThatFailsLeavesTheFile(boolean extended) throws IOException {
        begin(extended);
        byte[] before = Files.readAllBytes(file);
        assertFails("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy') AS" + FAILING);
        assertFails("CREATE TABLE owned USING memmap OPTIONS (path '@/y.npy') AS" + FAILING);
        assertThatThrownBy(() -> session.sql("SELECT * FROM owned")).hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy')");
        assertFails("INSERT INTO owned" + FAILING);
        assertFails("INSERT OVERWRITE owned" + FAILING);
        assertThat(session.value("SELECT sum(value) FROM owned")).isEqualTo(6L);
        assertFails("CREATE OR REPLACE TABLE owned USING memmap OPTIONS (path '@/x.npy') AS" + FAILING);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    private void assertFails(String statement) {
        assertThatThrownBy(() -> session.sql(statement)).hasStackTraceContaining("seven");
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void theFirstInsertMakesTheFile(boolean extended) throws IOException {
        begin(extended);
        session.sql("CREATE TABLE owned (value BIGINT) USING memmap OPTIONS (path '@/new.npy')");
        assertThat(names(directory)).containsExactly("x.npy");
        assertThatThrownBy(() -> session.sql("SELECT * FROM owned"))
                .hasMessage("Cannot read file:" + directory + "/new.npy: no such file or directory");
        session.sql("INSERT INTO owned SELECT id FROM range(3)");
        session.sql("INSERT INTO owned VALUES (3)");
        assertThat(npyLongs(directory.resolve("new.npy"))).containsExactly(0, 1, 2, 3);
        session.sql("INSERT OVERWRITE owned SELECT value * 10 FROM owned WHERE value > 1");
        assertThat(npyLongs(directory.resolve("new.npy"))).containsExactly(20, 30);
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void dropLeavesFilesAndDirectories(boolean extended) throws IOException {
        begin(extended);
        byte[] before = Files.readAllBytes(file);
        for (String purge : List.of("", " PURGE")) {
            session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.npy')");
            session.sql("DROP TABLE owned" + purge);
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/shards') AS SELECT id AS value FROM range(5)");
        assertThat(session.value("SELECT sum(value) FROM owned")).isEqualTo(10L);
        session.sql("INSERT INTO owned VALUES (5)");
        session.sql("DROP TABLE owned PURGE");
        assertThat(SavedFiles.readLongs(session.spark(), directory.resolve("shards")))
                .containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(names(directory)).containsExactly("shards", "x.npy");
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void partitionsAndBucketsAreRefused(boolean extended) throws IOException {
        begin(extended);
        assertRefused(
                "(value BIGINT, p INT) USING memmap PARTITIONED BY (p)",
                "PARTITIONED BY (p): arrays have no partitions in Spark's own catalog; use a catalog of"
                        + " io.memmap.spark.MemmapCatalog, or leave out PARTITIONED BY, or partitionBy");
        assertRefused(
                "(value BIGINT, p INT) USING memmap CLUSTERED BY (p) INTO 4 BUCKETS",
                "CLUSTERED BY (p): arrays" + " have no buckets; leave out CLUSTERED BY, or bucketBy");
        assertRefused(
                "USING memmap PARTITIONED BY (value) AS SELECT 1L AS value", "PARTITIONED BY (value): arrays have");
        if (session.isSpark4()) {
            assertRefused(
                    "(value BIGINT, p INT) USING memmap CLUSTER BY (p)",
                    "CLUSTER BY (p): arrays have no" + " clustering; leave out CLUSTER BY, or clusterBy");
        }
        DataFrameWriter<Row> writer = session.spark()
                .sql("SELECT 1L AS value, 2 AS p")
                .write()
                .format("memmap")
                .option("path", directory + "/new");
        assertThatThrownBy(() -> writer.partitionBy("p").saveAsTable("owned"))
                .hasMessageStartingWith("Cannot create table ")
                .hasMessageContaining("PARTITIONED BY (p): arrays have no partitions");
        DataFrameWriter<Row> bucketed = session.spark()
                .sql("SELECT 1L AS value, 2 AS p")
                .write()
                .format("memmap")
                .option("path", directory + "/new");
        assertThatThrownBy(() -> bucketed.bucketBy(4, "p").sortBy("p").saveAsTable("owned"))
                .hasMessageContaining("CLUSTERED BY (p");
        DataFrameWriter<Row> ofNoPath =
                session.spark().sql("SELECT 1L AS value").write().format("memmap");
        assertThatThrownBy(() -> ofNoPath.bucketBy(4, "value").saveAsTable("owned"))
                .hasMessage("Cannot create table " + (extended ? "default.owned" : "memmap without a path")
                        + " CLUSTERED BY (value): arrays have no buckets; leave out CLUSTERED BY, or bucketBy");
        assertThat(session.spark().catalog().tableExists("owned")).isFalse();
        assertThat(names(directory)).containsExactly("x.npy");
    }

    /** Spark would give a column the values of the one that had its name, or its place, before. */
    @Test
    void columnsOfATableAreThoseOfItsArray() {
        begin(true);
        session.sql(
                "CREATE TABLE owned USING memmap OPTIONS (path '@/ab.npy') AS SELECT id AS a, id * 10 AS b FROM range(2)");
        for (String change : List.of(
                "RENAME COLUMN a TO t",
                "ALTER COLUMN b FIRST",
                "ALTER COLUMN a TYPE DOUBLE",
                "ADD COLUMN c INT",
                "DROP COLUMN a")) {
            assertThatThrownBy(() -> session.sql("ALTER TABLE owned " + change))
                    .hasStackTraceContaining(
                            ": they are those of its array, expected no ALTER TABLE; create another table");
        }
        assertThat(session.sql("SELECT a, b FROM owned")).hasToString("[[0,0], [1,10]]");
        session.sql("ALTER TABLE owned ALTER COLUMN a COMMENT 'the id'");
        assertThat(session.sql("DESCRIBE owned").toString()).contains("[a,bigint,the id]");
        session.sql("ALTER TABLE owned SET TBLPROPERTIES ('note' = 'mine')");
        assertThat(session.sql("SHOW TBLPROPERTIES owned ('note')").toString()).contains("mine");
    }

    @Test
    void columnPathsNeedTheDirectoryOfTheirTable() {
        assumeThat(session.isSpark4()).isTrue();
        begin(false);
        assertThatThrownBy(() ->
                        session.sql("CREATE TABLE owned USING memmap OPTIONS (columnPaths '{\"a\": \"@/x.npy\"}')"))
                .hasMessage("Cannot make a table of columnPaths [a: " + file
                        + "] without path, expected the directory that" + " they are below as path");
    }

    private void assertRefused(String created, String message) {
        String[] parts = created.split("USING memmap");
        assertThatThrownBy(() -> session.sql(
                        "CREATE TABLE owned " + parts[0] + "USING memmap OPTIONS (path '@/new')" + parts[1]))
                .hasMessageStartingWith("Cannot create table ")
                .hasMessageContaining(message);
        assertThat(session.spark().catalog().tableExists("owned")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void aRawFileWithoutSidecarIsReadAndUpdatedButNotAppendedTo(boolean extended) throws IOException {
        begin(extended);
        Path raw = Files.write(directory.resolve("x.dat"), Npy.f4(0, 1, 2, 3));
        session.sql("CREATE TABLE owned USING memmap OPTIONS (path '@/x.dat', dtype 'float32', shape '-1,2')");
        assertThat(session.sql("SELECT c1 FROM owned WHERE _row = 1")).containsExactly(RowFactory.create(3f));
        session.sql("UPDATE owned SET c0 = 7 WHERE _row = 1");
        assertThat(Files.readAllBytes(raw)).isEqualTo(Npy.f4(0, 1, 7, 3));
        for (String insert : List.of("INSERT INTO owned VALUES (4, 5)", "INSERT OVERWRITE owned VALUES (4, 5)")) {
            assertThatThrownBy(() -> session.sql(insert))
                    .hasMessage("Cannot write to file:" + raw
                            + ": it is no .npy file and nothing beside it says what it"
                            + " holds, expected its sidecar file:" + raw + ".memmap.json; write into that file"
                            + " {\"dtype\": \"<f4\", \"shape\": [2, 2]}, or make another array of it with"
                            + " mode(\"overwrite\") or CREATE OR REPLACE TABLE");
        }
        assertThat(Files.readAllBytes(raw)).isEqualTo(Npy.f4(0, 1, 7, 3));
        Files.writeString(directory.resolve("x.dat.memmap.json"), "{\"dtype\": \"<f4\", \"shape\": [2, 2]}");
        session.sql("INSERT INTO owned VALUES (4, 5)");
        assertThat(Files.readAllBytes(raw)).isEqualTo(Npy.f4(0, 1, 7, 3, 4, 5));
    }
}
