package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code INSERT … REPLACE WHERE}: partitions are replaced by a condition. */
class ReplaceWhereTest {
    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
    }

    @Test
    void partitionsAreReplacedWhereAConditionHolds() {
        session.sql("CREATE TABLE memmap.`@/t` (v INT, p INT) PARTITIONED BY (p)");
        session.sql("INSERT INTO memmap.`@/t` VALUES (1, 1), (2, 2), (3, 3), (4, NULL)");
        session.sql("INSERT INTO memmap.`@/t` REPLACE WHERE p IN (1, 2) VALUES (5, 2)");
        assertThat(session.sql("SELECT * FROM memmap.`@/t` ORDER BY v")).hasToString("[[3,3], [4,null], [5,2]]");
        session.sql("INSERT INTO memmap.`@/t` REPLACE WHERE p IS NULL SELECT 6, CAST(NULL AS INT)");
        assertThat(session.sql("SELECT * FROM memmap.`@/t` ORDER BY v")).hasToString("[[3,3], [5,2], [6,null]]");
        assertThatThrownBy(() -> session.sql("INSERT INTO memmap.`@/t` REPLACE WHERE p = 3 VALUES (7, 2)"))
                .hasStackTraceContaining(
                        "Cannot overwrite the rows where p = 3: found rows of p=2/, expected only rows for which it holds");
        for (String condition : List.of("v = 3", "p = v", "(p = 3) OR (v = 2)")) {
            assertThatThrownBy(
                            () -> session.sql("INSERT INTO memmap.`@/t` REPLACE WHERE " + condition + " VALUES (7, 2)"))
                    .hasStackTraceContaining("Cannot overwrite the rows where " + condition
                            + ": expected comparisons of partition columns without a collation with literals; the"
                            + " partition columns are [p]");
        }
        assertThat(session.sql("SELECT * FROM memmap.`@/t` ORDER BY v")).hasToString("[[3,3], [5,2], [6,null]]");
    }

    @Test
    void partitionsOfABooleanAreReplaced() {
        session.sql("CREATE TABLE memmap.`@/t` (v INT, p BOOLEAN) PARTITIONED BY (p)");
        session.sql("INSERT INTO memmap.`@/t` VALUES (1, true), (2, false), (3, NULL)");
        session.sql("INSERT INTO memmap.`@/t` REPLACE WHERE p = false VALUES (4, false)");
        session.sql("INSERT INTO memmap.`@/t` REPLACE WHERE p = true VALUES (5, true)");
        assertThat(session.sql("SELECT v FROM memmap.`@/t` ORDER BY v")).hasToString("[[3], [4], [5]]");
    }

    @Test
    void bothZerosAreReplaced() {
        session.sql("CREATE TABLE memmap.`@/t` (v INT, p DOUBLE) PARTITIONED BY (p)");
        session.sql("INSERT INTO memmap.`@/t` VALUES (1, -0.0D), (2, 0.0D), (3, 1.0D)");
        session.sql("INSERT INTO memmap.`@/t` REPLACE WHERE p = 0.0D VALUES (4, -0.0D)");
        assertThat(session.sql("SELECT v FROM memmap.`@/t` ORDER BY v")).hasToString("[[3], [4]]");
    }

    /** Values that a collation takes for equal are in several directories. Spark 3.5 has no collations. */
    @Test
    void noConditionOnACollatedColumnReplacesPartitions() throws IOException {
        assumeThat(session.isSpark4()).isTrue();
        assertThatThrownBy(
                        () -> session.sql(
                                "CREATE TABLE memmap.`@/t` PARTITIONED BY (p) AS SELECT 1 AS v, 'even' COLLATE UTF8_LCASE AS p"))
                .hasMessageContaining(
                        "with partitionBy(p): it is STRING COLLATE UTF8_LCASE, expected a number, BOOLEAN,"
                                + " DATE, TIMESTAMP or STRING without a collation; cast the column");
        session.sql("CREATE TABLE memmap.`@/t` (v INT, p STRING) PARTITIONED BY (p)");
        session.sql("INSERT INTO memmap.`@/t` VALUES (1, 'even'), (2, 'odd')");
        Path manifest = directory.resolve("t/_memmap.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"string\"", "\"string collate UTF8_LCASE\""));
        for (String statement : List.of(
                "INSERT INTO memmap.`@/t` REPLACE WHERE p = 'EVEN' VALUES (3, 'EVEN')",
                "INSERT OVERWRITE memmap.`@/t` PARTITION (p = 'EVEN') VALUES (3)")) {
            assertThatThrownBy(() -> session.sql(statement))
                    .hasStackTraceContaining("expected comparisons of partition columns without a collation");
        }
        assertThat(session.sql("SELECT v, p FROM memmap.`@/t` ORDER BY v")).hasToString("[[1,even], [2,odd]]");
    }
}
