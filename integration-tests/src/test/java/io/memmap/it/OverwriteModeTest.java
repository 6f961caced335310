package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code INSERT OVERWRITE} with the setting {@code spark.sql.sources.partitionOverwriteMode=dynamic}. */
class OverwriteModeTest {
    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
        session.spark().conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
    }

    private String rows(String table) {
        return session.sql("SELECT * FROM " + table + " ORDER BY 1").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "layout=sideBySide"})
    void allRowsOfADirectoryWithoutPartitionsAreReplaced(String option) throws Exception {
        String table = "memmap.`" + directory + "/t`";
        session.sql("CREATE TABLE " + table
                + (option.isEmpty() ? "" : " TBLPROPERTIES (layout='sideBySide')")
                + " AS SELECT id AS v, CAST(id AS INT) AS w FROM range(0, 4, 1, 2)");
        session.sql("INSERT OVERWRITE " + table + " SELECT 7L, 8");
        assertThat(rows(table)).isEqualTo("[[7,8]]");
        session.spark().sql("SELECT 9L AS v, 1 AS w").writeTo(table).overwritePartitions();
        assertThat(rows(table)).isEqualTo("[[9,1]]");
        session.sql("INSERT OVERWRITE " + table + " SELECT 1L, 1 WHERE false");
        assertThat(rows(table)).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.npy", "t.dat"})
    void allRowsOfAFileAreReplaced(String name) throws IOException {
        String table = "memmap.`" + directory + "/" + name + "`";
        session.sql("CREATE TABLE " + table + " AS SELECT id AS value FROM range(3)");
        session.sql("INSERT OVERWRITE " + table + " VALUES (7L), (8L)");
        assertThat(rows(table)).isEqualTo("[[7], [8]]");
        session.sql("INSERT OVERWRITE " + table + " SELECT 1L WHERE false");
        assertThat(rows(table)).isEqualTo("[]");
    }

    /** Spark's catalog does not tell it of the directories. */
    @Test
    void otherPartitionsOfATableOfSparksOwnCatalogStay() {
        session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        session.sql("CREATE TABLE memmap.`@/t` (v INT, p INT) PARTITIONED BY (p)");
        session.sql("INSERT INTO memmap.`@/t` VALUES (1, 1), (2, 2)");
        session.sql("DROP TABLE IF EXISTS overwritten");
        session.sql("CREATE TABLE overwritten USING memmap OPTIONS (path '@/t')");
        try {
            session.sql("INSERT OVERWRITE overwritten VALUES (3, 2)");
            assertThat(rows("overwritten")).isEqualTo("[[1,1], [3,2]]");
        } finally {
            session.sql("DROP TABLE overwritten");
        }
    }

    @Test
    void partitionsAreThoseOfAValueWhateverTheirNames() throws Exception {
        session.spark()
                .sql("SELECT * FROM VALUES (1L, '07', '1'), (2L, '08', '1.5'), (3L, '08', '-0.0') t(v, hour, x)")
                .write()
                .format("memmap")
                .partitionBy("hour", "x")
                .save(directory + "/t");
        String table = "memmap.`" + directory + "/t`";
        assertThat(rows(table)).isEqualTo("[[1,7,1.0], [2,8,1.5], [3,8,-0.0]]");
        session.sql("INSERT OVERWRITE " + table + " SELECT v * 10, hour, x FROM " + table + " WHERE hour = 8");
        assertThat(rows(table)).isEqualTo("[[1,7,1.0], [20,8,1.5], [30,8,-0.0]]");
        session.spark()
                .table(table)
                .selectExpr("v + 1 AS v", "hour", "abs(x) AS x")
                .writeTo(table)
                .overwritePartitions();
        assertThat(rows(table)).isEqualTo("[[2,7,1.0], [21,8,1.5], [31,8,0.0]]");
    }

    @Test
    void columnsThatDifferInCaseOnlyAreToldApart() {
        session.spark().conf().set("spark.sql.caseSensitive", "true");
        session.sql("CREATE TABLE memmap.`@/t` (v INT, a INT, A INT) PARTITIONED BY (a, A)");
        session.sql("INSERT INTO memmap.`@/t` VALUES (1, 2, 7), (2, 1, 2)");
        session.sql("INSERT INTO memmap.`@/t` REPLACE WHERE A = 2 VALUES (9, 2, 2)");
        assertThat(rows("memmap.`" + directory + "/t`")).isEqualTo("[[1,2,7], [9,2,2]]");
    }
}
