package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.failure.MemmapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is there after a write that failed, and while one runs. */
class WriteFailureTest {

    private static final int ROWS = 1000;
    private static final int OVERWRITES = 12;

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return rows.write().format("memmap");
    }

    private DataFrameWriter<Row> numbers(long start, long end) {
        return writer(spark.range(start, end, 1, 4).selectExpr("id AS value"));
    }

    private static long[] range(long start, long end) {
        return LongStream.range(start, end).toArray();
    }

    /** Rows of which one cannot be made. */
    private DataFrameWriter<Row> failing() {
        return writer(spark.range(0, ROWS, 1, 4)
                .selectExpr("IF(id = 600, CAST(raise_error('no row 600') AS BIGINT), -id) AS value"));
    }

    @ParameterizedTest
    @CsvSource({"x.npy,overwrite", "x.dat,overwrite", "x,overwrite", "x.npy,append", "x.dat,append", "x,append"})
    void aFailedJobLeavesTheOldData(String name, String mode) throws IOException {
        Path target = directory.resolve(name);
        numbers(0, ROWS).save(target.toString());
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() -> failing().mode(mode).save(target.toString())).hasStackTraceContaining("no row 600");
        assertThat(everything(directory)).isEqualTo(before);
        assertThat(readLongs(spark, target)).isEqualTo(range(0, ROWS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat"})
    void aFailedUpdateLeavesTheOldData(String name) throws IOException {
        Path target = directory.resolve(name);
        numbers(0, ROWS).save(target.toString());
        Map<String, List<Byte>> before = everything(directory);
        Dataset<Row> rows = spark.range(0, ROWS, 1, 4)
                .selectExpr("id AS row", "IF(id = 600, CAST(raise_error('no row 600') AS BIGINT), -id) AS value");
        assertThatThrownBy(() -> writer(rows)
                        .mode("append")
                        .option("rowColumn", "row")
                        .option("update", true)
                        .save(target.toString()))
                .hasStackTraceContaining("no row 600");
        assertThat(everything(directory)).isEqualTo(before);
        assertThat(readLongs(spark, target)).isEqualTo(range(0, ROWS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void aFailedFirstWriteLeavesNothing(String name) throws IOException {
        Path target = directory.resolve(name);
        assertThatThrownBy(() -> failing().option("maxRecordsPerFile", 10).save(target.toString()))
                .hasStackTraceContaining("no row 600");
        assertThat(names(directory)).isEmpty();
        numbers(0, ROWS).save(target.toString());
        assertThat(readLongs(spark, target)).isEqualTo(range(0, ROWS));
    }

    @Test
    void aRowThatHasNoPlaceInTheDtypeIsNamed() throws IOException {
        Path target = directory.resolve("x.npy");
        assertThatThrownBy(() -> numbers(0, 260).option("dtype", "<u1").save(target.toString()))
                .hasStackTraceContaining("Cannot write row 61 of partition 3, column 'value': found 256, expected");
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void arraysOfTwoLengthsAreRefused() throws IOException {
        Path target = directory.resolve("x.npy");
        Dataset<Row> ragged = spark.range(0, 100, 1, 4).toDF();
        assertThatThrownBy(() -> writer(ragged.selectExpr("IF(id = 30, array(1), array(1, 2)) AS v"))
                        .save(target.toString()))
                .hasStackTraceContaining("Cannot write row 5 of partition 1, column 'v': found an ARRAY of 1");
        assertThatThrownBy(() -> writer(ragged.selectExpr("IF(id >= 50, array(1), array(1, 2)) AS v"))
                        .save(target.toString()))
                .hasStackTraceContaining("Cannot write " + target
                        + ": the arrays of partition 2 have lengths [[1]], those of partition 0 [[2]], expected the same"
                        + " in all rows");
        assertThat(names(directory)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void aSecondWriterIsRefusedWhileOneWrites(String name) throws Exception {
        Path target = directory.resolve(name);
        numbers(5000, 6000).save(target.toString());
        Gate gate = Gate.of(10, -1);
        CompletableFuture<Void> first = OwnThread.run(
                () -> writer(Gate.numbers(spark, ROWS, 2)).mode("overwrite").save(target.toString()));
        gate.awaitReached();
        assertThat(readLongs(spark, target)).isEqualTo(range(5000, 6000));
        assertThatThrownBy(() -> numbers(0, 10).mode("overwrite").save(target.toString()))
                .isInstanceOf(MemmapException.class)
                .hasMessageMatching("Cannot write \\Q" + target + "\\E: another writer holds \\Q"
                        + directory.resolve("." + name + ".lock") + "\\E \\{owner="
                        + spark.sparkContext().applicationId()
                        + " [-0-9a-f]{36}, host=.*, pid="
                        + ProcessHandle.current().pid()
                        + ", since=.*\\}, expected none; wait for it, or set breakLock=true if it is gone");
        gate.open();
        first.get(1, TimeUnit.MINUTES);
        assertThat(readLongs(spark, target)).isEqualTo(range(0, ROWS));
        assertThat(names(directory)).noneMatch(left -> left.startsWith("."));
    }

    @Test
    void aLockOfAnotherProcessHoldsUntilItDies() throws Exception {
        Path target = directory.resolve("x.npy");
        try (LockHolder holder = LockHolder.of(target)) {
            assertThatThrownBy(() -> numbers(0, 10).save(target.toString()))
                    .hasMessageStartingWith("Cannot write " + target + ": another writer holds ")
                    .hasMessageContaining("{owner=a test, host=")
                    .hasMessageContaining(", pid=" + holder.pid() + ", since=");
            assertThat(names(directory)).containsExactly(".x.npy.lock");
            holder.kill();
        }
        assertThat(names(directory)).containsExactly(".x.npy.lock");
        assertThat(LogLines.of(() -> numbers(0, 10).save(target.toString())))
                .singleElement()
                .asString()
                .startsWith(target + ": the lock of {owner=a test, host=")
                .endsWith("} is taken over");
        assertThat(readLongs(spark, target)).isEqualTo(range(0, 10));
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void breakLockTakesALockAway() throws Exception {
        Path target = directory.resolve("x");
        try (LockHolder holder = LockHolder.of(target)) {
            assertThat(holder.pid()).isPositive();
            numbers(0, 10).option("breakLock", true).save(target.toString());
        }
        assertThat(readLongs(spark, target)).isEqualTo(range(0, 10));
        assertThat(names(directory)).containsExactly("x");
    }

    @Test
    void aBrokenLockIsNotGivenBackByWhoLostIt() throws Exception {
        Path target = directory.resolve("x");
        Gate gate = Gate.of(10, -1);
        CompletableFuture<Void> first = OwnThread.run(
                () -> writer(Gate.numbers(spark, ROWS, 2)).mode("overwrite").save(target.toString()));
        gate.awaitReached();
        String lock = ".x.lock";
        Files.delete(directory.resolve(lock));
        try (LockHolder holder = LockHolder.of(target)) {
            gate.open();
            assertThat(first.handle((result, failure) -> failure).get(1, TimeUnit.MINUTES))
                    .hasStackTraceContaining("Cannot write " + target + ": its lock " + directory.resolve(lock)
                            + " was taken away, found {\"owner\": \"a test\", ")
                    .hasStackTraceContaining(", \"pid\": " + holder.pid() + ", ")
                    .hasStackTraceContaining("; set breakLock=true only if that writer is gone");
            assertThat(names(directory)).containsExactly(lock);
            assertThat(Files.readString(directory.resolve(lock))).contains("\"pid\": " + holder.pid());
        }
    }

    @Test
    void aLockThatCannotBeReadIsSomebodysToo() throws IOException {
        Path target = directory.resolve("x");
        Files.writeString(directory.resolve(".x.lock"), "{\"owner\": ");
        assertThatThrownBy(() -> numbers(0, 10).save(target.toString())).hasMessageContaining("another writer holds");
        assertThat(names(directory)).containsExactly(".x.lock");
    }

    @Test
    void removesWhatADeadWriteLeftAndNothingElse() throws IOException {
        Path target = directory.resolve("x.npy");
        Path staging = Files.createDirectory(directory.resolve(".x.npy.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.staging"));
        Files.writeString(staging.resolve(".part-0-0-0"), "half");
        Files.writeString(directory.resolve(".x.npy.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.inprogress"), "half");
        Files.createDirectory(directory.resolve(".x.npy2.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.staging"));
        Files.writeString(directory.resolve(".x.npy.notes"), "mine");
        assertThat(LogLines.of(() -> numbers(0, 10).save(target.toString())))
                .containsExactlyInAnyOrder(
                        target + ": removing file:" + directory
                                + "/.x.npy.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.staging, left by a write that died",
                        target + ": removing file:" + directory
                                + "/.x.npy.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.inprogress, left by a write that died");
        assertThat(names(directory))
                .containsExactly(".x.npy.notes", ".x.npy2.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.staging", "x.npy");
    }

    /** False when the files that the query was planned on were replaced meanwhile, and it said so. */
    private boolean readsOldOrNew(Path target) {
        long[] found;
        try {
            found = readLongs(spark, target);
        } catch (Exception e) {
            assertThat(e).hasStackTraceContaining("Cannot read ").hasStackTraceContaining("expected");
            return false;
        }
        long i = found[0] / ROWS;
        assertThat(found).isEqualTo(range(i * ROWS, i * ROWS + ROWS + i));
        return true;
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x"})
    void readersSeeTheOldOrTheNewRows(String name) throws Exception {
        Path target = directory.resolve(name);
        numbers(0, ROWS).save(target.toString());
        CompletableFuture<Void> overwrites = OwnThread.run(() -> {
            for (int i = 1; i <= OVERWRITES; i++) {
                numbers(i * ROWS, i * ROWS + ROWS + i).mode("overwrite").save(target.toString());
            }
        });
        int whole = 0;
        try {
            do {
                whole += readsOldOrNew(target) ? 1 : 0;
            } while (!overwrites.isDone() || whole == 0);
        } finally {
            overwrites.get();
        }
        assertThat(whole).isPositive();
        assertThat(readLongs(spark, target)).isEqualTo(range(OVERWRITES * ROWS, OVERWRITES * (ROWS + 1L) + ROWS));
        assertThat(names(directory)).containsExactly(name);
    }

    @Test
    void readersOfADirectorySeeAllRowsOfAnAppendOrNone() throws Exception {
        Path target = directory.resolve("x");
        numbers(0, ROWS).save(target.toString());
        CompletableFuture<Void> appends = OwnThread.run(() -> {
            for (int i = 1; i <= OVERWRITES; i++) {
                numbers(i * ROWS, (i + 1) * ROWS).mode("append").save(target.toString());
            }
        });
        try {
            do {
                long[] found = readLongs(spark, target);
                assertThat(found.length % ROWS).isZero();
                assertThat(found).isEqualTo(range(0, found.length));
            } while (!appends.isDone());
        } finally {
            appends.get();
        }
        assertThat(readLongs(spark, target)).isEqualTo(range(0, (OVERWRITES + 1L) * ROWS));
    }

    @Test
    void readersOfAFileSeeEachRowBeforeOrAfterAnUpdate() throws Exception {
        Path target = directory.resolve("x.npy");
        numbers(0, ROWS).save(target.toString());
        CompletableFuture<Void> updates = OwnThread.run(() -> {
            for (int i = 1; i <= OVERWRITES; i++) {
                writer(spark.range(ROWS).selectExpr("id AS row", "id + " + (long) i * ROWS + " AS value"))
                        .mode("append")
                        .option("rowColumn", "row")
                        .option("update", true)
                        .save(target.toString());
            }
        });
        int whole = 0;
        try {
            do {
                whole += readsRowsOfUpdates(target) ? 1 : 0;
            } while (!updates.isDone() || whole == 0);
        } finally {
            updates.get();
        }
        assertThat(whole).isPositive();
        assertThat(readLongs(spark, target)).isEqualTo(range((long) OVERWRITES * ROWS, (OVERWRITES + 1L) * ROWS));
    }

    /** False when an update was in between, and the read said so. */
    private boolean readsRowsOfUpdates(Path target) {
        long[] found;
        try {
            found = readLongs(spark, target);
        } catch (Exception e) {
            assertThat(messages(e))
                    .contains("Cannot read ")
                    .contains(target.toString())
                    .containsAnyOf(
                            "a change of it is not finished, by ",
                            " since the query was planned, expected the planned file; run the query again");
            return false;
        }
        assertThat(found).hasSize(ROWS);
        for (int row = 0; row < ROWS; row++) {
            assertThat(found[row] % ROWS).isEqualTo(row);
        }
        return true;
    }

    private static String messages(Throwable thrown) {
        StringBuilder messages = new StringBuilder();
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            messages.append(at.getMessage()).append('\n');
        }
        return messages.toString();
    }
}
