package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of one query of a table: they are checked, and do not lead to another array. */
class TableOptionsTest {

    @TempDir
    private Path directory;

    private SqlSession session;
    private Path a;
    private Path b;
    /** A table of each catalog over {@code a}. */
    private List<String> tables;

    @BeforeEach
    void setUp() throws IOException {
        session = new SqlSession(directory);
        if (!session.isSpark4()) {
            session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        a = Npy.of("'<i8'", "(1,)").write(directory.resolve("a.npy"), Npy.i8(1));
        b = Npy.of("'<i8'", "(1,)").write(directory.resolve("b.npy"), Npy.i8(2));
        session.sql("DROP TABLE IF EXISTS owned");
        session.sql("CREATE TABLE owned (value BIGINT) USING memmap OPTIONS (path '@/a.npy')");
        // A writer looks for a catalog that no query has named yet in the default session.
        session.sql("SELECT * FROM memmap.`@/a.npy`");
        tables = List.of("memmap.`" + a + "`", "owned");
    }

    @AfterEach
    void dropTheTable() {
        session.sql("DROP TABLE IF EXISTS owned");
    }

    private Dataset<Row> three() {
        return session.spark().range(3, 4).selectExpr("id AS value");
    }

    /** Spark 3.5 compares the path of a table of its own, and loses the other options of its writer. */
    private List<String> savedTables() {
        return session.isSpark4() ? tables : tables.subList(0, 1);
    }

    private DataFrameWriter<Row> append() {
        return three().write().format("memmap").mode("append");
    }

    @Test
    void noOtherPathIsReadOrWritten() throws IOException {
        Map<String, List<Byte>> before = SavedFiles.everything(directory);
        String other = b.toString();
        for (String table : tables) {
            assertOther(() ->
                    session.spark().read().option("path", other).table(table).collectAsList());
            assertOther(() -> session.spark()
                    .read()
                    .option("PATHS", "[\"" + other + "\"]")
                    .table(table)
                    .collectAsList());
            assertOther(() -> three().writeTo(table).option("path", other).append());
        }
        for (String table : savedTables()) {
            assertOther(() -> append().option("path", other).saveAsTable(table));
            assertOther(() -> append().option("path", other).insertInto(table));
        }
        assertThat(SavedFiles.everything(directory)).isEqualTo(before);
    }

    private void assertOther(ThrowableAssert.ThrowingCallable query) {
        assertThatThrownBy(query)
                .hasStackTraceContaining("with option path: found [" + b + "], expected that of the table");
    }

    @Test
    void theTablesOwnPathIsNoOther() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        for (String table : tables) {
            for (String path : List.of(a.toString(), "file:" + a, link + "/a.npy")) {
                three().writeTo(table).option("path", path).append();
                assertThat(session.spark()
                                .read()
                                .option("path", path)
                                .table(table)
                                .count())
                        .isEqualTo(SavedFiles.npyLongs(a).length);
            }
        }
        assertThat(SavedFiles.npyLongs(a)).containsExactly(1, 3, 3, 3, 3, 3, 3);
    }

    @Test
    void noOtherPathIsCreated() throws IOException {
        String table = "memmap.`" + directory + "/new.npy`";
        String other = directory + "/other.npy";
        assertThatThrownBy(() -> three().writeTo(table).option("path", other).create())
                .hasStackTraceContaining("new.npy")
                .hasStackTraceContaining(other)
                .hasStackTraceContaining(", expected ");
        for (String clause : List.of(
                "TBLPROPERTIES ('path'='" + other + "')",
                "TBLPROPERTIES ('Paths'='[\"" + other + "\"]')",
                "USING memmap OPTIONS (path '" + other + "')")) {
            assertThatThrownBy(() -> session.sql("CREATE TABLE " + table + " " + clause + " AS SELECT 1L AS value"))
                    .hasStackTraceContaining("its name says where it is, expected none");
        }
        session.spark().conf().set("spark.sql.catalog.elsewhere", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.elsewhere.paths", "[\"" + other + "\"]");
        assertThatThrownBy(() -> session.sql("SELECT * FROM elsewhere.`@/a.npy`"))
                .hasStackTraceContaining("Cannot use catalog elsewhere with option path: found [" + other + "]");
        assertThat(names(directory)).containsExactly("a.npy", "b.npy");
    }

    @Test
    void unknownOptionsAreRefused() throws IOException {
        Map<String, List<Byte>> before = SavedFiles.everything(directory);
        for (String table : tables) {
            assertThatThrownBy(() -> session.spark()
                            .read()
                            .option("layuot", "array")
                            .table(table)
                            .collectAsList())
                    .hasStackTraceContaining("Cannot read option 'layuot': unknown")
                    .hasStackTraceContaining("did you mean 'layout'?");
            assertThatThrownBy(
                            () -> three().writeTo(table).option("nulValue", "0").append())
                    .hasStackTraceContaining("did you mean 'nullValue'");
            for (String provider : List.of("memmap", "x")) {
                assertThatThrownBy(() -> session.spark()
                                .read()
                                .option("provider", provider)
                                .table(table)
                                .collectAsList())
                        .hasStackTraceContaining("Cannot read option 'provider': unknown");
                assertThatThrownBy(() -> three().writeTo(table)
                                .option("provider", provider)
                                .append())
                        .hasStackTraceContaining("Cannot read option 'provider': unknown");
            }
        }
        for (String table : savedTables()) {
            assertThatThrownBy(() -> append().option("overflw", "wrap").saveAsTable(table))
                    .hasStackTraceContaining("did you mean 'overflow'?");
            assertThatThrownBy(() -> append().option("overflw", "wrap").insertInto(table))
                    .hasStackTraceContaining("did you mean 'overflow'?");
        }
        assertThat(SavedFiles.everything(directory)).isEqualTo(before);
    }

    @Test
    void optionsOfTheOtherOperationAreRefused() {
        for (String table : tables) {
            assertThatThrownBy(() -> session.spark()
                            .read()
                            .option("overflow", "wrap")
                            .table(table)
                            .collectAsList())
                    .hasStackTraceContaining("Cannot read with option overflow: found 'wrap', expected no such option;"
                            + " it is for writing only; leave it out here, and set it where the array is written");
            assertThatThrownBy(
                            () -> three().writeTo(table).option("access", "map").append())
                    .hasStackTraceContaining("Cannot append or update with option access: found 'map'");
        }
    }

    @Test
    void aProviderIsNoOptionOfAPath() throws IOException {
        assertThatThrownBy(() -> session.spark()
                        .read()
                        .format("memmap")
                        .option("provider", "x")
                        .load(a.toString())
                        .count())
                .hasStackTraceContaining("Cannot read option 'provider': unknown");
        for (String provider : List.of("memmap", "x")) {
            assertThatThrownBy(() -> append().option("provider", provider).save(a.toString()))
                    .hasStackTraceContaining("Cannot read option 'provider': unknown");
        }
        assertThat(SavedFiles.npyLongs(a)).containsExactly(1);
    }
}
