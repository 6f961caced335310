package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that take all rows, or those of whole partitions, out of a table. */
class RemovedPartitionsTest {
    private static final String ALL = "[[1.0,2026,1], [2.0,2026,2], [3.0,2026,3], [4.0,2027,1]]";

    @TempDir
    Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() throws IOException {
        session = new SqlSession(directory);
        Npy.doubles(directory.resolve("t/year=2026/day=1/x.npy"), 1);
        Npy.doubles(directory.resolve("t/year=2026/day=2/x.npy"), 2);
        Npy.doubles(directory.resolve("t/year=2026/day=3/x.npy"), 3);
        Npy.doubles(directory.resolve("t/year=2027/day=1/x.npy"), 4);
    }

    private String rows() {
        return session.sql("SELECT * FROM memmap.`@/t` ORDER BY value").toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE FROM memmap.`@/t` WHERE day = 1                        | [[2.0,2026,2], [3.0,2026,3]]",
                "DELETE FROM memmap.`@/t` WHERE DAY IN (1, 3) AND Year = 2026  | [[2.0,2026,2], [4.0,2027,1]]",
                "DELETE FROM memmap.`@/t` AS old WHERE old.year = 2027         | [[1.0,2026,1], [2.0,2026,2], [3.0,2026,3]]",
                "DELETE FROM memmap.`@/t` WHERE day IS NULL | " + ALL,
                "DELETE FROM memmap.`@/t` WHERE year = 2028 | " + ALL,
                "DELETE FROM memmap.`@/t` WHERE day > 1 OR year > 2026         | [[1.0,2026,1]]",
                "DELETE FROM memmap.`@/t` WHERE NOT (day <= 1 OR DAY = 3)      | [[1.0,2026,1], [3.0,2026,3], [4.0,2027,1]]",
                "DELETE FROM memmap.`@/t` WHERE year <> 2026 AND day IN (1, NULL) | [[1.0,2026,1], [2.0,2026,2], [3.0,2026,3]]",
                "DELETE FROM memmap.`@/t` WHERE day NOT IN (1, NULL) | " + ALL,
                "DELETE FROM memmap.`@/t` WHERE day = NULL | " + ALL,
                "DELETE FROM memmap.`@/t` WHERE day = 1 AND false | " + ALL,
                "DELETE FROM memmap.`@/t`                                      | []",
                "DELETE FROM memmap.`@/t` WHERE true                           | []",
                "TRUNCATE TABLE memmap.`@/t`                                   | []",
                "TRUNCATE TABLE memmap.`@/t` PARTITION (day = 1)               | [[2.0,2026,2], [3.0,2026,3]]",
                "TRUNCATE TABLE memmap.`@/t` PARTITION (year = 2026, day = 2)  | [[1.0,2026,1], [3.0,2026,3], [4.0,2027,1]]",
                "ALTER TABLE memmap.`@/t` DROP PARTITION (year = 2026, day = 2) PURGE | [[1.0,2026,1], [3.0,2026,3], [4.0,2027,1]]",
                "ALTER TABLE memmap.`@/t` DROP PARTITION (year = 2026, day = 2), PARTITION (year = 2027, day = 1) PURGE | [[1.0,2026,1], [3.0,2026,3]]",
                "ALTER TABLE memmap.`@/t` DROP IF EXISTS PARTITION (year = 2026, day = 9) PURGE | " + ALL,
            })
    void removesWholePartitions(String statement, String left) throws IOException {
        Path kept = directory.resolve("t/year=2026/day=3/x.npy");
        FileTime before = Files.getLastModifiedTime(kept);
        session.sql(statement);
        assertThat(rows()).isEqualTo(left);
        assertThat(directory.resolve("t/year=2026/day=2").toFile().exists()).isEqualTo(left.contains("2026,2"));
        if (left.contains("2026,3")) {
            assertThat(Files.getLastModifiedTime(kept)).isEqualTo(before);
        }
        session.sql("INSERT INTO memmap.`@/t` VALUES (0.5D, 2029, 7)");
        assertThat(rows()).isEqualTo(left.equals("[]") ? "[[0.5,2029,7]]" : "[[0.5,2029,7], " + left.substring(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "day = 1 AND value = 1.0",
                "day > 1 OR _row = 0",
                "_file LIKE '%x.npy'",
                "pow(day, 2) = 4",
                "day = year",
                "value > 0",
                "_row = 0",
                "day IN (SELECT max(day) FROM memmap.`@/t`)"
            })
    void refusesToDeleteSingleRows(String condition) {
        assertThatThrownBy(() -> session.sql("DELETE FROM memmap.`@/t` WHERE " + condition))
                .hasMessage(
                        "Cannot delete rows of memmap.`" + directory + "/t`: an array has no holes, expected UPDATE, or"
                                + " whole partitions, by comparisons of their columns with literals; mark the rows with a value of your own, or"
                                + " write those to keep to a new array, as in CREATE TABLE memmap.`kept.npy` AS SELECT ... WHERE"
                                + " ...");
        assertThat(rows()).isEqualTo(ALL);
    }

    @Test
    void deletesNoFilesOfPartitionsWithoutPurge() {
        assertThatThrownBy(() -> session.sql("ALTER TABLE memmap.`@/t` DROP PARTITION (year = 2026, day = 2)"))
                .hasStackTraceContaining("Cannot drop partitions of memmap.`" + directory
                        + "/t`: their files are all that there is of their rows, expected ALTER TABLE ... DROP PARTITION"
                        + " (...) PURGE, which deletes them");
        assertThat(rows()).isEqualTo(ALL);
    }

    @Test
    void partitionsMayBeNullOrSpelledOddly() {
        session.sql("CREATE TABLE memmap.`@/s` (v INT, p STRING) PARTITIONED BY (p)");
        session.sql("INSERT INTO memmap.`@/s` VALUES (1, 'a b/c=%'), (2, NULL), (3, 'x')");
        session.sql("DELETE FROM memmap.`@/s` WHERE p IS NULL");
        assertThat(session.sql("SELECT v FROM memmap.`@/s` ORDER BY v")).hasToString("[[1], [3]]");
        session.sql("ALTER TABLE memmap.`@/s` DROP PARTITION (p = 'a b/c=%') PURGE");
        assertThat(session.sql("SELECT * FROM memmap.`@/s`")).hasToString("[[3,x]]");
        session.sql("DELETE FROM memmap.`@/s` WHERE p = 'x'");
        assertThat(session.sql("SELECT * FROM memmap.`@/s`")).hasToString("[]");
        session.sql("INSERT INTO memmap.`@/s` VALUES (4, 'y')");
        assertThat(session.sql("SELECT * FROM memmap.`@/s`")).hasToString("[[4,y]]");
    }

    @Test
    void datesAndTextsAreComparedAsInQueries() {
        session.sql("CREATE TABLE memmap.`@/d` (v INT, date DATE, city STRING) PARTITIONED BY (date, city)");
        session.sql("INSERT INTO memmap.`@/d` VALUES (1, DATE'2026-01-01', 'Bonn'), (2, DATE'2026-01-02', 'Berlin'),"
                + " (3, DATE'2026-01-03', 'Ulm'), (4, NULL, NULL)");
        session.sql("DELETE FROM memmap.`@/d` WHERE date < '2026-01-02'");
        assertThat(session.sql("SELECT v FROM memmap.`@/d` ORDER BY v")).hasToString("[[2], [3], [4]]");
        session.sql("DELETE FROM memmap.`@/d` WHERE city LIKE 'B%'");
        assertThat(session.sql("SELECT v FROM memmap.`@/d` ORDER BY v")).hasToString("[[3], [4]]");
        session.sql("INSERT INTO memmap.`@/d` REPLACE WHERE date >= '2026-01-02' VALUES (5, DATE'2026-02-01', 'Hof')");
        assertThat(session.sql("SELECT v FROM memmap.`@/d` ORDER BY v")).hasToString("[[4], [5]]");
        assertThatThrownBy(
                        () -> session.sql(
                                "INSERT INTO memmap.`@/d` REPLACE WHERE date > '2026-01-02' VALUES (6, DATE'2026-01-01', 'Hof')"))
                .hasStackTraceContaining(
                        ": found rows of date=2026-01-01/city=Hof/, expected only rows for which it holds");
        session.sql("DELETE FROM memmap.`@/d` WHERE date IS NULL OR city = 'Hof'");
        assertThat(session.sql("SELECT v FROM memmap.`@/d`")).hasToString("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUNCATE TABLE", "DELETE FROM"})
    void emptiesFiles(String statement) throws IOException {
        Npy.of("'>i2'", "(3, 2)").write(directory.resolve("x.npy"), new byte[12]);
        Files.write(directory.resolve("x.dat"), Npy.f8(1, 2, 3));
        Files.writeString(directory.resolve("x.dat.memmap.json"), "{\"dtype\": \"<f8\", \"shape\": [3]}");
        for (String file : new String[] {"x.npy", "x.dat"}) {
            session.sql(statement + " memmap.`@/" + file + "`");
            assertThat(session.sql("SELECT * FROM memmap.`@/" + file + "`")).hasToString("[]");
        }
        assertThat(session.sql("DESCRIBE EXTENDED memmap.`@/x.npy`").toString()).contains("dtype=>i2", "shape=(0, 2)");
        assertThat(directory.resolve("x.dat")).isEmptyFile();
        session.sql("INSERT INTO memmap.`@/x.dat` VALUES (4.5D)");
        assertThat(session.sql("SELECT * FROM memmap.`@/x.dat`")).hasToString("[[4.5]]");
    }

    @Test
    void emptiesColumnsSideBySide() {
        session.sql("CREATE TABLE memmap.`@/c` TBLPROPERTIES ('layout' = 'sideBySide') AS SELECT id, id * 0.5D AS half"
                + " FROM range(5)");
        session.sql("TRUNCATE TABLE memmap.`@/c`");
        assertThat(session.sql("SELECT * FROM memmap.`@/c`")).hasToString("[]");
        session.sql("INSERT INTO memmap.`@/c` VALUES (7, 3.5D)");
        assertThat(session.sql("SELECT * FROM memmap.`@/c`")).hasToString("[[7,3.5]]");
    }

    /** The options say which partitions a write of rows replaces, and there are no rows. */
    @Test
    void removesAllRowsWhateverTheOptionsSay() {
        session.spark().conf().set("spark.sql.catalog.dynamic", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.dynamic.partitionOverwriteMode", "dynamic");
        session.spark().conf().set("spark.sql.catalog.dynamic.partitionBy", "year,day");
        session.spark().conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
        session.sql("TRUNCATE TABLE dynamic.`@/t`");
        assertThat(rows()).isEqualTo("[]");
        session.sql("INSERT INTO dynamic.`@/t` VALUES (5.0D, 2026, 1)");
        session.sql("DELETE FROM dynamic.`@/t`");
        assertThat(rows()).isEqualTo("[]");
    }

    /** A manifest would keep what NumPy saves there later from being read. */
    @Test
    void changesNothingWhereNothingIsRemoved() throws IOException {
        session.sql("DELETE FROM memmap.`@/t` WHERE year = 2028");
        assertThat(SavedFiles.names(directory.resolve("t"))).containsExactly("year=2026", "year=2027");
        Npy.doubles(directory.resolve("t/year=2028/day=1/x.npy"), 5);
        assertThat(session.value("SELECT count(*) FROM memmap.`@/t`")).isEqualTo(5L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUNCATE TABLE #", "DELETE FROM #", "INSERT OVERWRITE # VALUES (9)"})
    void leavesAShardToItsTable(String statement) {
        session.sql("CREATE TABLE memmap.`@/s` (value INT, p INT) PARTITIONED BY (p)");
        session.sql("INSERT INTO memmap.`@/s` VALUES (1, 1), (2, 2)");
        session.sql("CREATE TABLE memmap.`@/u` AS SELECT CAST(7 AS INT) AS value");
        for (String table : new String[] {"s", "u"}) {
            String file = session.value("SELECT _file FROM memmap.`@/" + table + "` ORDER BY value LIMIT 1")
                    .toString();
            assertThatThrownBy(() -> session.sql(statement.replace("#", "memmap.`" + file + "`")))
                    .hasStackTraceContaining(
                            "/" + table + " lists it with its number of rows, expected a file of its own;"
                                    + " write to the directory, or use UPDATE to change rows");
        }
        assertThat(session.sql("SELECT * FROM memmap.`@/s` ORDER BY value")).hasToString("[[1,1], [2,2]]");
        assertThat(session.sql("SELECT * FROM memmap.`@/u`")).hasToString("[[7]]");
    }

    @Test
    void aFieldMayHaveTheNameOfAPosition() throws IOException {
        for (int day = 1; day <= 2; day++) {
            Npy.of("[('_row', '<i4')]", "(1,)").write(directory.resolve("f/day=" + day + "/x.npy"), Npy.i4(day * 10));
        }
        assertThatThrownBy(() -> session.sql("DELETE FROM memmap.`@/f` WHERE _row = 10"))
                .hasMessageContaining("an array has no holes, expected UPDATE, or whole partitions");
        session.sql("DELETE FROM memmap.`@/f` WHERE day = 1");
        assertThat(session.sql("SELECT * FROM memmap.`@/f`")).hasToString("[[20,2]]");
    }

    @Test
    void refreshesWhatIsCached() {
        session.spark().table("memmap.`" + directory + "/t`").cache();
        assertThat(rows()).isEqualTo(ALL);
        session.sql("DELETE FROM memmap.`@/t` WHERE year = 2026");
        assertThat(rows()).isEqualTo("[[4.0,2027,1]]");
        session.sql("TRUNCATE TABLE memmap.`@/t`");
        assertThat(rows()).isEqualTo("[]");
        session.spark().table("memmap.`" + directory + "/t`").unpersist();
    }
}
