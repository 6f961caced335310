package io.memmap.it;

import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays in SQL, through the catalog {@code memmap}: reading, describing, and Spark's own catalog. */
class SqlTest extends SqlStatements {
    /** numpy.memmap's own example. */
    @Test
    void theProgramOfNumpyMemmapIsFiveStatements() {
        session.sql("CREATE TABLE memmap.`@/grid.dat`"
                + " TBLPROPERTIES ('dtype'='float64', 'shape'='100,100', 'layout'='elements')");
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/grid.dat`")).isEqualTo(0.0);
        session.sql("UPDATE memmap.`@/grid.dat` SET value = 5.5 WHERE i0 BETWEEN 10 AND 14 AND i1 BETWEEN 10 AND 14");
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/grid.dat`")).isEqualTo(137.5);
        assertThat(session.sql(
                        "SELECT max(value) FILTER (WHERE i0 = 12 AND i1 = 12), sum(value) FROM memmap.`@/grid.dat`"))
                .containsExactly(RowFactory.create(5.5, 137.5));
    }

    @Test
    void readsFilesPatternsAndDirectories() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("d/2.npy"), Npy.i8(1, 2));
        Npy.of("'<i8'", "(2,)").write(directory.resolve("d/10.npy"), Npy.i8(3, 4));
        assertThat(session.sql("SELECT value, _row FROM memmap.`@/d/2.npy` ORDER BY _row"))
                .containsExactly(RowFactory.create(1L, 0L), RowFactory.create(2L, 1L));
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/d`")).isEqualTo(10L);
        assertThat(session.value("SELECT value FROM memmap.`@/d/*.npy` WHERE _row = 2"))
                .isEqualTo(3L);
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/d`.`10.npy`"))
                .isEqualTo(7L);
        assertThat(session.value("SELECT count(*) FROM memmap.`file:@/d/*.npy`"))
                .isEqualTo(4L);
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/none.npy`"))
                .hasMessage("Cannot read " + directory + "/none.npy: no such file or directory");
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/*.npy`"))
                .hasMessageContaining("no file matches the pattern");
        assertThatThrownBy(() -> session.sql("INSERT INTO memmap.`@/none.npy` VALUES (1)"))
                .hasMessage("Cannot read " + directory + "/none.npy: no such file or directory")
                .hasFieldOrPropertyWithValue("errorClass", "TABLE_OR_VIEW_NOT_FOUND");
        for (int i = 0; i < 2; i++) {
            session.spark()
                    .range(2)
                    .toDF("value")
                    .write()
                    .format("memmap")
                    .mode("append")
                    .saveAsTable("memmap.`" + directory + "/new.npy`");
        }
        assertThat(session.value("SELECT count(*) FROM memmap.`@/new.npy`")).isEqualTo(4L);
    }

    @Test
    void namesTheFileThatEveryStatementMisses() {
        for (String statement : List.of(
                "UPDATE memmap.`@/none.npy` SET value = 1",
                "DELETE FROM memmap.`@/none.npy` WHERE value = 1",
                "MERGE INTO memmap.`@/none.npy` t USING (SELECT 1 AS k) s ON t.value = s.k"
                        + " WHEN MATCHED THEN UPDATE SET value = k WHEN NOT MATCHED THEN INSERT (value) VALUES (k)",
                "MERGE INTO memmap.`@/none.npy` t USING (SELECT 1 AS k) s ON t.value = s.k"
                        + " WHEN NOT MATCHED THEN INSERT (value) VALUES (k)",
                "INSERT OVERWRITE memmap.`@/none.npy` VALUES (1)",
                "SELECT * FROM memmap.`@/none.npy` VERSION AS OF 1",
                "SELECT * FROM memmap.`@/none.npy` TIMESTAMP AS OF '2024-01-01'",
                "SELECT * FROM memmap.`@`.`none.npy`",
                "CACHE TABLE memmap.`@/none.npy`",
                "DESCRIBE TABLE memmap.`@/none.npy`")) {
            assertThatThrownBy(() -> session.sql(statement))
                    .as(statement)
                    .isInstanceOf(AnalysisException.class)
                    .hasMessage("Cannot read " + directory + "/none.npy: no such file or directory");
        }
    }

    @Test
    void anArrayHasNoVersions() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x.npy` VERSION AS OF 3"))
                .hasMessage("Cannot read memmap.`" + directory + "/x.npy` VERSION AS OF 3: an array keeps no versions;"
                        + " leave it out");
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x.npy` TIMESTAMP AS OF '2024-01-01'"))
                .hasMessageStartingWith("Cannot read memmap.`" + directory + "/x.npy` TIMESTAMP AS OF ")
                .hasMessageEndingWith(": an array keeps no versions; leave it out");
    }

    @Test
    void saysWhyAFileIsNoTable() throws IOException {
        Files.write(directory.resolve("x.dat"), new byte[16]);
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x.dat`")).hasMessage(advice());
        if (session.isSpark4()) {
            assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x.dat` WITH ('dtype'='<f8')"))
                    .hasMessage(advice());
        }
        assertThatThrownBy(() -> session.sql("INSERT INTO memmap.`@/x.dat` VALUES (1D)"))
                .hasMessage(advice());
        Files.write(directory.resolve("x.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0});
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x.gz`"))
                .hasMessageStartingWith(
                        "Cannot read file:" + directory + "/x.gz: it is compressed with gzip, not an .npy file")
                .hasMessageContaining("or the option dtype (for example dtype='<f8')")
                .hasMessageContaining("set pathGlobFilter (for example *.");
    }

    private String advice() {
        String path = directory + "/x.dat";
        return "Cannot read file:" + path + ": it is no .npy file and nothing says what it holds, expected a .npy file,"
                + " a sidecar file:" + path + ".memmap.json, or the option dtype (for example dtype='<f8'); SQL gives"
                + " options to a temporary view, CREATE TEMPORARY VIEW x USING memmap OPTIONS (path '" + path
                + "', dtype '<f8'), or to a whole catalog, as in spark.sql.catalog.doubles.dtype=<f8 beside"
                + " spark.sql.catalog.doubles=io.memmap.spark.MemmapCatalog, and not by WITH";
    }

    @Test
    void theAdviceForARawFileHolds() throws IOException {
        Files.write(directory.resolve("x.dat"), Npy.f8(1.5, 2.5));
        session.spark().conf().set("spark.sql.catalog.doubles", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.doubles.dtype", "<f8");
        assertThat(session.value("SELECT sum(value) FROM doubles.`@/x.dat`")).isEqualTo(4.0);
        session.sql("UPDATE doubles.`@/x.dat` SET value = 5 WHERE _row = 0");
        session.sql("CREATE TEMPORARY VIEW x USING memmap OPTIONS (path '@/x.dat', dtype '<f8')");
        assertThat(session.value("SELECT sum(value) FROM x")).isEqualTo(7.5);
    }

    @Test
    void withIsNoPartOfAQueryInSpark35() throws IOException {
        assumeThat(session.isSpark4()).isFalse();
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x.npy` WITH ('access'='read')"))
                .hasMessageContaining("PARSE_SYNTAX_ERROR");
    }

    @Test
    void describesWhatTheFilesAre() throws IOException {
        Npy.of("'<f4'", "(2, 3)").inFortranOrder().write(directory.resolve("x.npy"), Npy.f4(1, 2, 3, 4, 5, 6));
        String described =
                session.sql("DESCRIBE TABLE EXTENDED memmap.`@/x.npy`").toString();
        assertThat(described)
                .contains("[c0,float,", "[c2,float,", "[_row,bigint,")
                .contains("dtype=<f4", "shape=(2, 3)", "nbytes=24", "order=F", "offset=128", "layout=columns")
                .contains("[Type,EXTERNAL,")
                .contains("files=file:" + directory + "/x.npy")
                .contains("[Provider,memmap,", "[Location," + directory + "/x.npy,");
        for (int i = 0; i < 5; i++) {
            Npy.of("'<i8'", "(2,)").write(directory.resolve("d/" + i + ".npy"), Npy.i8(1, 2));
        }
        assertThat(session.sql("DESCRIBE TABLE EXTENDED memmap.`@/d`").toString())
                .contains("shape=(10,)", "nbytes=80", "/d/0.npy, file:", "/d/2.npy and 2 more");
    }

    @Test
    void optionsBehindWithArePartOfTheQueryInSpark4() throws IOException {
        assumeThat(session.isSpark4()).isTrue();
        Npy.of("'<i8'", "(2, 2)").write(directory.resolve("x.npy"), Npy.i8(1, 2, 3, 4));
        assertThat(session.value("SELECT sum(c1) FROM memmap.`@/x.npy` WITH ('access'='read')"))
                .isEqualTo(6L);
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x.npy` WITH ('acess'='read')"))
                .hasMessageContaining("did you mean 'access'?");
        assertThatThrownBy(() -> session.sql(
                        "SELECT * FROM memmap.`@/x.npy` WITH ('fs.s3a.secret.key'='hidden', 'layout'='array')"))
                .hasMessageContaining(
                        "Cannot read memmap.`" + directory + "/x.npy` WITH [layout=array]: its columns would be"
                                + " [value], expected those that Spark already has, [c0, c1]; set the option for a whole catalog");
    }

    @Test
    void aCatalogHasOptionsForAllItsTables() throws IOException {
        SparkSession spark = session.spark();
        Npy.of("'<i8'", "(2, 2)").write(directory.resolve("x.npy"), Npy.i8(1, 2, 3, 4));
        spark.conf().set("spark.sql.catalog.arrays", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.arrays.layout", "array");
        assertThat(session.sql("SELECT value[1] FROM arrays.`@/x.npy` WHERE _row = 1"))
                .containsExactly(RowFactory.create(4L));
        spark.conf().set("spark.sql.catalog.wrong", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.wrong.layuot", "array");
        assertThatThrownBy(() -> session.sql("SELECT * FROM wrong.`@/x.npy`"))
                .hasMessageContaining("did you mean 'layout'?");
    }

    /** In Spark 4 by itself, in 3.5 with the extension. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sparksOwnCatalogHasTablesWithAPath(boolean extended) throws IOException {
        assumeThat(extended || session.isSpark4()).isTrue();
        if (extended) {
            session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        Path file = Npy.of("'<i8'", "(3,)").write(directory.resolve("a %41 b/x.npy"), Npy.i8(1, 2, 3));
        session.sql("DROP TABLE IF EXISTS in_session");
        session.sql("CREATE TABLE in_session USING memmap OPTIONS (path '@/a %41 b/x.npy')");
        assertThat(session.value("SELECT sum(value) FROM in_session")).isEqualTo(6L);
        session.sql("INSERT INTO in_session VALUES (4)");
        session.sql("UPDATE in_session SET value = -1 WHERE _row = 0");
        session.sql("MERGE INTO in_session t USING (SELECT 2L AS k UNION ALL SELECT 9L) s ON t.value = s.k"
                + " WHEN MATCHED THEN UPDATE SET value = 20 WHEN NOT MATCHED THEN INSERT (value) VALUES (k)");
        assertThat(npyLongs(file)).containsExactly(-1, 20, 3, 4, 9);
        assertThatThrownBy(() -> session.sql("DELETE FROM in_session WHERE value = 3"))
                .hasMessageContaining("an array has no holes");
        session.sql("INSERT OVERWRITE in_session VALUES (5)");
        assertThat(npyLongs(file)).containsExactly(5);
        session.sql("DROP TABLE in_session");
        assertThat(file).exists();
        session.sql(
                "CREATE TABLE in_session USING memmap OPTIONS (path '@/new.npy') AS SELECT id AS value FROM range(3)");
        assertThat(npyLongs(directory.resolve("new.npy"))).containsExactly(0, 1, 2);
        session.sql("DROP TABLE in_session");
        session.sql("CREATE TABLE in_session USING parquet AS SELECT 1 AS a");
        assertThat(session.value("SELECT a FROM in_session")).isEqualTo(1);
        session.sql("DROP TABLE in_session");
    }
}
