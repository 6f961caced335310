package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times in tables of {@code MemmapCatalog}, whose type the option {@code timestampType} says. */
class TimesOfTablesTest {
    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
        session.spark().conf().set("spark.sql.catalog.instants", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.instants.timestampType", "ltz");
        session.spark().conf().set("spark.sql.session.timeZone", "America/New_York");
    }

    /** An INSERT is converted and a query that creates a table is not: one instant would be two times. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE memmap.`@/t.npy` (value TIMESTAMP)",
                "CREATE TABLE memmap.`@/t.npy` AS SELECT TIMESTAMP'2026-01-01 10:00:00' AS value",
                "CREATE OR REPLACE TABLE memmap.`@/t.npy` AS SELECT TIMESTAMP'2026-01-01 10:00:00' AS value",
                "CREATE TABLE memmap.`@/t` TBLPROPERTIES ('layout' = 'sideBySide') AS SELECT 1 AS n,"
                        + " TIMESTAMP'2026-01-01 10:00:00' AS value",
                "CREATE TABLE instants.`@/t.npy` (value TIMESTAMP_NTZ)",
                "CREATE TABLE instants.`@/t.npy` AS SELECT array(TIMESTAMP_NTZ'2026-01-01 10:00:00') AS value",
            })
    void noTableIsCreatedWithTimesThatItWouldHaveAsTheOtherType(String statement) {
        boolean local = !statement.contains("instants");
        assertThatThrownBy(() -> session.sql(statement))
                .hasMessageContaining("Cannot create ")
                .hasMessageContaining(" with column value of type ")
                .hasMessageContaining(": this catalog reads times as " + (local ? "TIMESTAMP_NTZ" : "TIMESTAMP")
                        + ", and INSERT would convert others by the time zone of the session, expected that type; "
                        + (local
                                ? "cast it to TIMESTAMP_NTZ, or set timestampType=ltz for the catalog, as in"
                                        + " spark.sql.catalog.memmap.timestampType=ltz"
                                : "cast it to TIMESTAMP"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anInstantIsOneTimeHoweverItIsWritten() {
        session.sql("CREATE TABLE instants.`@/t.npy` AS SELECT TIMESTAMP'2026-01-01 10:00:00' AS value");
        session.sql("INSERT INTO instants.`@/t.npy` SELECT TIMESTAMP'2026-01-01 10:00:00'");
        session.spark().conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
        session.sql("INSERT INTO instants.`@/t.npy` SELECT TIMESTAMP'2026-01-02 00:00:00'");
        assertThat(session.sql("SELECT DISTINCT unix_seconds(value) FROM instants.`@/t.npy`"))
                .hasToString("[[1767279600]]");
        assertThat(session.sql("SELECT DISTINCT value FROM memmap.`@/t.npy`")).hasToString("[[2026-01-01T15:00]]");
    }

    @Test
    void aTimeWithoutAZoneStaysAsItIs() {
        session.sql("CREATE TABLE memmap.`@/t.npy` AS SELECT TIMESTAMP_NTZ'2026-01-01 10:00:00' AS value");
        session.sql("INSERT INTO memmap.`@/t.npy` SELECT TIMESTAMP_NTZ'2026-01-01 10:00:00'");
        assertThat(session.sql("SELECT * FROM memmap.`@/t.npy`"))
                .hasToString("[[2026-01-01T10:00], [2026-01-01T10:00]]");
    }

    /** The manifest has the types of partition columns. */
    @Test
    void partitionsKeepTheirTypes() {
        session.sql("CREATE TABLE memmap.`@/t` (value INT, at TIMESTAMP) PARTITIONED BY (at)");
        session.sql("INSERT INTO memmap.`@/t` VALUES (1, TIMESTAMP'2026-01-01 10:00:00')");
        assertThat(session.sql("SELECT value, unix_seconds(at) FROM memmap.`@/t`"))
                .hasToString("[[1,1767279600]]");
    }
}
