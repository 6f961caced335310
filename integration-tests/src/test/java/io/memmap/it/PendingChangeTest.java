package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.memmap.spark.MemmapRecovery;
import io.memmap.storage.LeftChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads, writes and statements about arrays whose change was begun and is not finished. */
class PendingChangeTest {
    private static final int HEAD = 128;
    private static final String PENDING = "a change of it is not finished, by app-1 query-1 on host elsewhere";

    @TempDir
    private Path directory;

    private SqlSession session;
    private Path array;

    @BeforeEach
    void setUp() throws IOException {
        session = new SqlSession(directory);
        array = Npy.of("'<i8'", "(4,)").write(directory.resolve("x.npy"), Npy.i8(0, 1, 2, 3));
    }

    @AfterEach
    void dropTheTable() {
        session.sql("DROP TABLE IF EXISTS pending");
    }

    /** Rows 1 and 3 are to change, and row 1 has. */
    private void leaveAnUpdate() throws IOException {
        LeftChange.of(array)
                .patch(HEAD + 8, Npy.i8(10))
                .patch(HEAD + 24, Npy.i8(30))
                .begin();
        LeftChange.write(array, HEAD + 8, Npy.i8(10));
    }

    private static byte[] header(Path directory, String shape) throws IOException {
        Path file = Npy.of("'<i8'", shape).write(directory.resolve("header"), new byte[0]);
        byte[] header = Files.readAllBytes(file);
        Files.delete(file);
        return header;
    }

    private Dataset<Row> read() {
        return SavedFiles.read(session.spark(), array);
    }

    @Test
    void noOtherAlterTableEndsIt() throws IOException {
        leaveAnUpdate();
        Map<String, List<Byte>> before = everything(directory);
        session.sql("ALTER TABLE memmap.`@/x.npy` SET TBLPROPERTIES ('columnDtypes'='value i8')");
        assertThat(everything(directory)).isEqualTo(before);
        assertThatThrownBy(() -> session.sql("ALTER TABLE memmap.`@/x.npy` SET TBLPROPERTIES ('dtype'='<i4')"))
                .hasMessageContaining("Cannot alter " + array + ", as it is not what is stated: ");
    }

    @Test
    void aReadSaysWhoHasNotFinished() throws IOException {
        leaveAnUpdate();
        Map<String, List<Byte>> before = everything(directory);
        Dataset<Row> rows = read();
        for (ThrowingRead each : List.<ThrowingRead>of(
                rows::count,
                rows::collectAsList,
                () -> rows.selectExpr("sum(value)").head(),
                () -> SavedFiles.read(session.spark(), directory).count(),
                () -> session.sql("SELECT sum(value) FROM memmap.`@/x.npy` WHERE value > 1"))) {
            assertThatThrownBy(each::run)
                    .hasStackTraceContaining("Cannot read " + array + ": " + PENDING + ", process 4711, since 1970-");
        }
        assertThat(everything(directory)).isEqualTo(before);
        assertThat(session.spark()
                        .read()
                        .format("memmap")
                        .option("concurrentWrites", "allow")
                        .load(array.toString())
                        .count())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsCachedIsFreshOnceItIsEnded(boolean bySql) throws IOException {
        Dataset<Row> cached = read().cache();
        try {
            assertThat(cached.count()).isEqualTo(4);
            leaveAnUpdate();
            if (bySql) {
                session.sql("ALTER TABLE memmap.`@/x.npy` SET TBLPROPERTIES ('recover'='finish')");
            } else {
                MemmapRecovery.finish(array.toString());
            }
            assertThat(read().collectAsList()).extracting(row -> row.getLong(0)).containsExactly(0L, 10L, 2L, 30L);
        } finally {
            cached.unpersist();
        }
    }

    @FunctionalInterface
    private interface ThrowingRead {
        Object run() throws Exception;
    }

    /** Between the plan of a read and its tasks. */
    @Test
    void tasksLookForTheRecordToo() throws IOException {
        Dataset<Row> planned = read().selectExpr("sum(value)");
        planned.queryExecution().executedPlan();
        leaveAnUpdate();
        assertThatThrownBy(planned::collectAsList).hasStackTraceContaining("Cannot read " + array + ": " + PENDING);
    }

    @Test
    void rowsThatAreAppendedToNpyAreNotTheReadersBusiness() throws IOException {
        LeftChange.of(array).append(Npy.i8(4, 5), header(directory, "(6,)")).append();
        assertThat(readLongs(session.spark(), array)).containsExactly(0, 1, 2, 3);
        LeftChange.write(array, 0, header(directory, "(6,)"));
        assertThat(readLongs(session.spark(), array)).containsExactly(0, 1, 2, 3, 4, 5);
        session.sql("INSERT INTO memmap.`@/x.npy` VALUES (6L)");
        assertThat(readLongs(session.spark(), array)).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void rowsThatAreAppendedToARawFileAreAnError() throws IOException {
        Path raw = Files.write(directory.resolve("x.dat"), Npy.i8(0, 1));
        Files.writeString(directory.resolve("x.dat.memmap.json"), "{\"dtype\": \"<i8\"}");
        LeftChange.of(raw).append(Npy.i8(2, 3), new byte[0]).begin();
        assertThat(readLongs(session.spark(), raw)).containsExactly(0, 1);
        LeftChange.write(raw, 31, new byte[1]);
        assertThatThrownBy(() -> readLongs(session.spark(), raw)).hasMessageContaining(PENDING);
        assertThat(MemmapRecovery.discard(raw.toString())).isTrue();
        assertThat(readLongs(session.spark(), raw)).containsExactly(0, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE memmap.`@/x.npy` SET value = 7 WHERE _row = 0",
                "INSERT INTO memmap.`@/x.npy` VALUES (7L)"
            })
    void statementsThatWriteFinishItFirst(String statement) throws IOException {
        leaveAnUpdate();
        session.sql(statement);
        long[] expected = statement.startsWith("UPDATE") ? new long[] {7, 10, 2, 30} : new long[] {0, 10, 2, 30, 7};
        assertThat(readLongs(session.spark(), array)).isEqualTo(expected);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    /** The change was made to another file, or to other bytes: what to do is for its owner to say. */
    @Test
    void noWriterFinishesWhatOthersChanged() throws IOException {
        leaveAnUpdate();
        LeftChange.write(array, HEAD + 24, Npy.i8(99));
        byte[] before = Files.readAllBytes(array);
        for (String statement :
                List.of("UPDATE memmap.`@/x.npy` SET value = 7", "INSERT INTO memmap.`@/x.npy` VALUES (7L)")) {
            assertThatThrownBy(() -> session.sql(statement))
                    .hasStackTraceContaining("Cannot write " + array)
                    .hasStackTraceContaining("were changed by another writer");
        }
        for (String ending : List.of("finish", "discard")) {
            assertThatThrownBy(() -> recover("memmap.`@/x.npy`", ending))
                    .hasStackTraceContaining("the 8 bytes from byte 152 on were changed by another writer");
        }
        assertThat(array).hasBinaryContent(before);
    }

    private void recover(String table, String ending) {
        session.sql("ALTER TABLE " + table + " SET TBLPROPERTIES ('recover'='" + ending + "')");
    }

    @ParameterizedTest
    @CsvSource({"finish,30", "discard,3"})
    void sqlEndsIt(String ending, long last) throws IOException {
        leaveAnUpdate();
        recover("memmap.`@/x.npy`", ending);
        assertThat(session.value("SELECT value FROM memmap.`@/x.npy` WHERE _row = 3"))
                .isEqualTo(last);
        recover("memmap.`@/x.npy`", ending);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @ParameterizedTest
    @CsvSource({"finish,30", "discard,3"})
    void sqlEndsItForTablesOfSparksCatalog(String ending, long last) throws IOException {
        session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        session.sql("CREATE TABLE pending USING memmap OPTIONS (path '@/x.npy')");
        leaveAnUpdate();
        assertThatThrownBy(() -> session.sql("SELECT * FROM pending")).hasStackTraceContaining(PENDING);
        recover("pending", ending);
        assertThat(session.sql("SELECT value FROM pending").get(3).getLong(0)).isEqualTo(last);
        assertThat(session.sql("SHOW TBLPROPERTIES pending").toString()).doesNotContain("recover");
        session.sql("ALTER TABLE pending SET TBLPROPERTIES ('mine'='1')");
        assertThat(session.sql("SHOW TBLPROPERTIES pending").toString()).contains("mine");
    }

    /** Spark 4 loads such tables by itself, and keeps the property. */
    @Test
    void aStoredPropertyRecoversNothingAndIsRefused() throws IOException {
        assumeThat(session.isSpark4()).isTrue();
        session.sql("CREATE TABLE pending USING memmap OPTIONS (path '@/x.npy')");
        leaveAnUpdate();
        recover("pending", "finish");
        assertThatThrownBy(() -> session.sql("SELECT * FROM pending"))
                .hasStackTraceContaining("Spark's catalog has stored 'recover' as a property and recovered nothing");
        session.sql("ALTER TABLE pending UNSET TBLPROPERTIES ('recover')");
        assertThatThrownBy(() -> session.sql("SELECT * FROM pending")).hasStackTraceContaining(PENDING);
    }

    @Test
    void aFileThatCannotBeDescribedIsRecoveredBySql() throws IOException {
        Path raw = Files.write(directory.resolve("x.dat"), Npy.i8(0, 1));
        LeftChange.of(raw).patch(0, Npy.i8(5)).begin();
        assertThatThrownBy(() -> session.sql("SELECT count(*) FROM memmap.`@/x.dat`"))
                .hasStackTraceContaining("Cannot read " + raw + ": " + PENDING);
        recover("memmap.`@/x.dat`", "finish");
        assertThat(SavedFiles.rawLongs(raw)).containsExactly(5, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'recover'='maybe'", "'recover'='finish', 'x'='y'", "'x'='y'"})
    void otherPropertiesAreRefused(String properties) {
        assertThatThrownBy(() -> session.sql("ALTER TABLE memmap.`@/x.npy` SET TBLPROPERTIES (" + properties + ")"))
                .hasStackTraceContaining(
                        properties.contains("recover")
                                ? "expected one property, 'finish' or 'discard'"
                                : "Cannot alter ");
    }

    /** Names of up to 255 bytes: what is put beside a file must have room for its own names. */
    @ParameterizedTest
    @CsvSource({"npy,150", "npy,200", "npy,244", "npy,255", "dat,200", "dat,243", "'',150", "'',255"})
    void longNamesWork(String suffix, int nbytes) throws IOException {
        String end = suffix.isEmpty() ? "" : "." + suffix;
        char[] letters = new char[(nbytes - end.length()) / 2];
        Arrays.fill(letters, 'ä');
        String odd = (nbytes - end.length()) % 2 == 0 ? "" : "x";
        Path target = directory.resolve(odd + new String(letters) + end);
        Dataset<Row> rows = session.spark().range(3).selectExpr("id AS value");
        for (String mode : List.of("errorifexists", "overwrite", "append")) {
            rows.write().format("memmap").mode(mode).save(target.toString());
        }
        assertThat(SavedFiles.read(session.spark(), target).count()).isEqualTo(6);
        if (!suffix.isEmpty()) {
            session.sql("UPDATE memmap.`" + target + "` SET value = 9 WHERE _row = 1");
            assertThat(readLongs(session.spark(), target)).contains(9);
        }
        assertThat(names(directory)).noneMatch(name -> name.startsWith("."));
    }

    @ParameterizedTest
    @ValueSource(ints = {244, 255})
    void aRawNameWithoutRoomForItsSidecarSaysSo(int nbytes) {
        Path target = directory.resolve("x".repeat(nbytes - 4) + ".dat");
        assertThatThrownBy(
                        () -> session.spark().range(3).write().format("memmap").save(target.toString()))
                .hasStackTraceContaining("expected at most 243 bytes");
        assertThat(Files.exists(target)).isFalse();
    }
}
