package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which columns of an array that is there SQL writes to, by a table of the catalog or of Spark's own. */
class SqlColumnNamesTest {

    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
        session.spark().conf().set("spark.sql.catalog.renamed", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.renamed.columnNames", "p,q");
        if (!session.isSpark4()) {
            session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        session.sql("DROP TABLE IF EXISTS named");
    }

    @AfterEach
    void dropTheTable() {
        session.sql("DROP TABLE IF EXISTS named");
    }

    private void matrix(String name, String columns) {
        session.spark()
                .sql("SELECT " + columns)
                .write()
                .format("memmap")
                .option("layout", "array")
                .save(directory.resolve(name).toString());
    }

    private List<Row> rows(String table) {
        return session.sql("SELECT * FROM " + table + " ORDER BY _row");
    }

    private static Row row(double... values) {
        return RowFactory.create(Arrays.stream(values).boxed().toArray());
    }

    @Test
    void insertGoesByPositionOrByNameAsSparkSays() {
        matrix("x", "1D AS x, 2D AS y");
        session.sql("INSERT INTO memmap.`@/x` SELECT 10D AS y, 20D AS x");
        session.sql("INSERT INTO memmap.`@/x` BY NAME SELECT 200D AS y, 100D AS x");
        session.sql("INSERT INTO memmap.`@/x` (y, x) VALUES (2000, 1000)");
        assertThat(rows("memmap.`@/x`")).containsExactly(row(1, 2), row(10, 20), row(100, 200), row(1000, 2000));
        session.sql("INSERT OVERWRITE memmap.`@/x` SELECT 5D AS y, 6D AS x");
        assertThat(rows("memmap.`@/x`")).containsExactly(row(5, 6));
    }

    /** Its columns have other names than the array, in a record too. */
    @Test
    void aCatalogThatRenamesColumnsWritesThem() throws IOException {
        matrix("x.dat", "1D AS x, 2D AS y");
        matrix("natural.npy", "1D AS c0, 2D AS c1");
        session.spark().sql("SELECT 1D AS x, 2D AS y").write().format("memmap").save(directory + "/record.npy");
        for (String name : List.of("x.dat", "natural.npy", "record.npy")) {
            String table = "renamed.`@/" + name + "`";
            session.sql("INSERT INTO " + table + " VALUES (10, 20)");
            session.sql("UPDATE " + table + " SET q = 22 WHERE p = 10");
            session.sql("MERGE INTO " + table + " t USING (SELECT 100D AS k) s ON t.p = s.k"
                    + " WHEN NOT MATCHED THEN INSERT (q, p) VALUES (200, k)");
            session.sql("MERGE INTO " + table + " t USING (SELECT 100D AS k) s ON t.p = s.k"
                    + " WHEN MATCHED THEN UPDATE SET q = 222 WHEN NOT MATCHED THEN INSERT (q, p) VALUES (0, 0)");
            assertThat(rows("memmap.`@/" + name + "`")).as(name).containsExactly(row(1, 2), row(10, 22), row(100, 222));
            session.sql("INSERT OVERWRITE " + table + " VALUES (7, 8)");
            assertThat(rows("memmap.`@/" + name + "`")).as(name).containsExactly(row(7, 8));
        }
        assertThat(directory.resolve("x.dat.memmap.json")).content().contains("\"x\"", "\"y\"");
    }

    @Test
    void mergeGoesByTheNamesOfATable() {
        matrix("x.dat", "1D AS x, 2D AS y");
        session.sql("MERGE INTO memmap.`@/x.dat` t USING (SELECT 1D AS k UNION ALL SELECT 3D) s ON t.x = s.k"
                + " WHEN MATCHED THEN UPDATE SET y = 20 WHEN NOT MATCHED THEN INSERT (y, x) VALUES (30, k)");
        assertThat(rows("memmap.`@/x.dat`")).containsExactly(row(1, 20), row(3, 30));
    }

    /** Elements have positions in front of them, which are no recorded names. */
    @Test
    void anUpdateOfElementsDoesNotAskForRecordedNames() {
        session.spark().conf().set("spark.sql.catalog.elements", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.elements.layout", "elements");
        matrix("x.dat", "1D AS x, 2D AS y");
        session.sql("UPDATE elements.`@/x.dat` SET value = 20 WHERE i1 = 1");
        assertThat(rows("memmap.`@/x.dat`")).containsExactly(row(1, 20));
    }

    @Test
    void createAsSelectIntoAnArrayThatIsThereGoesByName() throws IOException {
        matrix("x", "1D AS x, 2D AS y");
        session.sql("CREATE TABLE named USING memmap OPTIONS (path '@/x') AS SELECT 20D AS y, 10D AS x");
        assertThat(session.sql("SELECT x, y FROM named ORDER BY x")).containsExactly(row(1, 2), row(10, 20));
        assertThat(session.sql("SELECT * FROM named ORDER BY x")).containsExactly(row(2, 1), row(20, 10));
        session.sql("INSERT INTO named VALUES (200, 100)");
        assertThat(rows("memmap.`@/x`")).containsExactly(row(1, 2), row(10, 20), row(100, 200));
        session.sql("CREATE OR REPLACE TABLE named USING memmap OPTIONS (path '@/x') AS SELECT 6D AS y, 5D AS x");
        assertThat(rows("memmap.`@/x`")).containsExactly(row(5, 6));
        session.sql("DROP TABLE named");
        Map<String, List<Byte>> before = everything(directory);
        for (String columns : List.of("1D AS a, 2D AS b", "1D AS x, 2D AS b", "1D AS c0, 2D AS c1")) {
            assertThatThrownBy(() ->
                            session.sql("CREATE TABLE named USING memmap OPTIONS (path '@/x') AS SELECT " + columns))
                    .hasStackTraceContaining("Cannot write to file:" + directory + "/x: the schema has columns [")
                    .hasStackTraceContaining("the array has columns [x, y], the array has no [")
                    .hasStackTraceContaining("rename the array's columns with columnNames");
            assertThat(everything(directory)).isEqualTo(before);
        }
    }

    @Test
    void createdColumnsThatDifferInCaseOnlyAreRefused() {
        for (String target : List.of("x", "x.npy", "x.dat")) {
            for (String rest : List.of("(a DOUBLE, A DOUBLE)", "AS SELECT 1D AS a, 2D AS A")) {
                assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/" + target + "` " + rest))
                        .hasMessageContaining("COLUMN_ALREADY_EXISTS");
            }
            assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/" + target
                            + "` TBLPROPERTIES ('dtype'='[(\"a\", \"f8\"), (\"A\", \"f8\")]', 'shape'='3')"))
                    .hasMessageContaining("its columns 'a' and 'A' have the same name but for the case");
            assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/" + target
                            + "` (a DOUBLE, b DOUBLE) TBLPROPERTIES ('columnNames'='a,A', 'layout'='array')"))
                    .hasMessageContaining("'a' and 'A' differ in case only");
        }
        assertThat(directory).isEmptyDirectory();
    }
}
