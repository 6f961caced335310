package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.it.LocalClusterRuns.Scenario;
import io.memmap.spark.MemmapCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/** Writes with speculation on, whose losing attempts are held until after the job and then go on. */
record ClusterWrites(SparkSession session, Path directory) {
    /** Two partitions; a task's file is begun and flushed in part before its last row. */
    private static final int ROWS = 600_000;

    private static final int SHARD_ROWS = 100_000;
    /** The row of a partition with which a task creates a file: two are done, one it will create when it is let go. */
    private static final int FIRST_OF_SHARD = 2 * SHARD_ROWS;

    private static final int MINUTES = 2;
    private static final Pattern STAGED = Pattern.compile(".*\\.staging/\\.part-1-(\\d+)-\\d+.*");

    Map<String, Scenario> scenarios() {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        scenarios.put("everyRowIsWrittenOnce", this::everyRowIsWrittenOnce);
        scenarios.put("rowsAreUpdatedInPlace", this::rowsAreUpdatedInPlace);
        scenarios.put("sqlUpdatesAndMerges", this::sqlUpdatesAndMerges);
        return scenarios;
    }

    /** They need executors on two hosts: Spark speculates on no host twice. */
    Map<String, Scenario> withLateAttempts() {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        scenarios.put("aLateLoserLeavesTheFileAlone", () -> lateLoser("", "x.npy", 0, ROWS - 1, true));
        scenarios.put("aLateLoserLeavesAnAppendedFileAlone", () -> lateLoser("", "x.npy", 1000, ROWS - 1, true));
        scenarios.put(
                "aLateLoserLeavesTheShardsAlone", () -> lateLoser("", "x", 1000, ROWS / 2 + FIRST_OF_SHARD, false));
        scenarios.put(
                "aLateLoserLeavesAHadoopFileSystemAlone",
                () -> lateLoser("wrapped://", "x", 0, ROWS / 2 + FIRST_OF_SHARD, true));
        scenarios.put("aLateAttemptOfAFailedJobLeavesTheOldFileAlone", () -> lateAfterFailure("", "x.npy"));
        scenarios.put("aLateAttemptOfAFailedJobLeavesTheOldShardsAlone", () -> lateAfterFailure("", "x"));
        scenarios.put(
                "aLateAttemptOfAFailedJobLeavesAHadoopFileSystemAlone", () -> lateAfterFailure("wrapped://", "x"));
        scenarios.put("aWriterThatLostItsLockLeavesTheOtherAlone", this::aWriterThatLostItsLockLeavesTheOtherAlone);
        return scenarios;
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return rows.write()
                .format("memmap")
                .option("maxRecordsPerFile", SHARD_ROWS)
                .option(WrappedFileSystem.KEY, "open");
    }

    private Path emptyDirectory() throws IOException {
        return Files.createTempDirectory(directory, "writes");
    }

    private static Markers markers(PublishedFiles target, String name) throws IOException {
        return Markers.create(Path.of(target.target().getParent() + "-" + name));
    }

    private Dataset<Row> rows(int partitions, HeldAttempts held, String value) {
        session.udf().register("hold_attempt", held, DataTypes.LongType);
        return session.range(0, ROWS, 1, partitions).selectExpr(value + " AS value");
    }

    private void everyRowIsWrittenOnce() throws IOException {
        for (String name : List.of("x.npy", "x")) {
            Path target = emptyDirectory().resolve(name);
            writer(session.range(0, ROWS, 1, 7).selectExpr("id AS value")).save(target.toString());
            assertThat(new PublishedFiles(target).longs())
                    .isEqualTo(LongStream.range(0, ROWS).toArray());
            assertThat(SavedFiles.names(target.getParent())).containsExactly(name);
        }
    }

    /** NumPy's {@code w+}, append and {@code r+}. */
    private void rowsAreUpdatedInPlace() throws IOException {
        Path target = emptyDirectory().resolve("x.npy");
        session.range(0, ROWS, 3, 4)
                .selectExpr("id AS row", "id AS value")
                .write()
                .format("memmap")
                .option("rowColumn", "row")
                .option("shape", ROWS)
                .option("fillValue", -1)
                .save(target.toString());
        writer(session.range(ROWS, ROWS + 10, 1, 2).selectExpr("id AS value"))
                .mode("append")
                .save(target.toString());
        session.range(0, ROWS, 7, 4)
                .selectExpr("id AS row", "-id AS value")
                .write()
                .format("memmap")
                .mode("append")
                .option("rowColumn", "row")
                .option("update", true)
                .save(target.toString());
        assertThat(new PublishedFiles(target).longs())
                .isEqualTo(LongStream.range(0, ROWS + 10)
                        .map(row -> row >= ROWS ? row : row % 7 == 0 ? -row : row % 3 == 0 ? row : -1)
                        .toArray());
        assertThat(SavedFiles.names(target.getParent())).containsExactly("x.npy");
    }

    /** Rows that are read, changed and put back by executors, and in one step with them rows behind the last. */
    private void sqlUpdatesAndMerges() throws IOException {
        Path target = emptyDirectory().resolve("x.npy");
        String table = "memmap.`" + target + "`";
        session.conf().set("spark.sql.catalog.memmap", MemmapCatalog.class.getName());
        writer(session.range(0, ROWS, 1, 4).selectExpr("id AS value")).save(target.toString());
        session.sql("UPDATE " + table + " SET value = -value WHERE value % 7 = 0");
        assertThat(new PublishedFiles(target).longs())
                .isEqualTo(LongStream.range(0, ROWS)
                        .map(row -> row % 7 == 0 ? -row : row)
                        .toArray());
        session.range(0, ROWS + 3000, 3, 4).createOrReplaceTempView("every_third");
        session.sql("MERGE INTO " + table + " AS t USING every_third AS s ON t.value = s.id"
                + " WHEN MATCHED THEN UPDATE SET value = 2 * t.value WHEN NOT MATCHED AND s.id >= " + ROWS
                + " THEN INSERT (value) VALUES (s.id)");
        long[] merged = new PublishedFiles(target).longs();
        // Rows come behind the last in no order: Spark says nothing about that of rows that match none.
        Arrays.sort(merged, ROWS, merged.length);
        assertThat(merged)
                .isEqualTo(LongStream.concat(
                                LongStream.range(0, ROWS)
                                        .map(row -> row % 7 == 0 ? -row : row % 3 == 0 ? 2 * row : row),
                                LongStream.iterate(ROWS, row -> row < ROWS + 3000, row -> row + 3))
                        .toArray());
        assertThat(SavedFiles.names(target.getParent())).containsExactly("x.npy");
    }

    /** Two attempts at once; the first one loses, and goes on when all is published, behind the old rows. */
    private void lateLoser(String scheme, String name, int oldRows, long heldRow, boolean deaf) throws Exception {
        PublishedFiles target = new PublishedFiles(emptyDirectory().resolve(name));
        String path = scheme + target.target();
        if (oldRows > 0) {
            writer(session.range(-oldRows, 0, 1, 1).selectExpr("id AS value")).save(path);
        }
        List<String> before = SavedFiles.names(target.target().getParent());
        HeldAttempts held = new HeldAttempts(markers(target, "first"), heldRow, deaf);
        DataFrameWriter<Row> writer = writer(rows(2, held, "hold_attempt(id)")).mode("append");
        CompletableFuture<Void> job = OwnThread.run(() -> writer.save(path));
        held.markers().failWith(job);
        held.awaitReached(0);
        held.awaitReached(1);
        assertThat(attemptsAtSecondPartition(target))
                .as("attempts that have files")
                .hasSize(2);
        assertThat(SavedFiles.names(target.target().getParent()))
                .filteredOn(found -> !found.startsWith("."))
                .isEqualTo(before);
        assertThatThrownBy(() -> writer(session.range(10).selectExpr("id AS value"))
                        .mode("append")
                        .save(path))
                .hasMessageStartingWith("Cannot write " + path)
                .hasMessageContaining("another writer holds ")
                .hasMessageContaining("pid=" + ProcessHandle.current().pid());

        held.letGo(1);
        job.get(MINUTES, TimeUnit.MINUTES);
        assertThat(held.awaitEnded(1)).isEqualTo("won");
        assertThat(held.hasEnded(0)).as("the loser is held still").isFalse();
        Map<String, String> published = target.surroundings();
        assertThat(SavedFiles.names(target.target().getParent())).containsExactly(name);
        assertThat(target.longs()).isEqualTo(LongStream.range(-oldRows, ROWS).toArray());

        held.letGo(0);
        assertThat(held.awaitEnded(0)).isEqualTo("lost");
        assertThat(target.surroundings()).isEqualTo(published);
    }

    /** The ids of the tasks that have begun a file. */
    private static Set<String> attemptsAtSecondPartition(PublishedFiles target) throws IOException {
        return target.surroundings().keySet().stream()
                .map(STAGED::matcher)
                .filter(Matcher::matches)
                .map(file -> file.group(1))
                .collect(Collectors.toSet());
    }

    /** A task fails for good while another one is held, which goes on when the job has been aborted. */
    private void lateAfterFailure(String scheme, String name) throws Exception {
        PublishedFiles target = new PublishedFiles(emptyDirectory().resolve(name));
        String path = scheme + target.target();
        writer(session.range(0, 1000, 1, 2).selectExpr("-id AS value")).save(path);
        Map<String, String> old = target.surroundings();
        HeldAttempts held = new HeldAttempts(markers(target, "first"), FIRST_OF_SHARD, true);
        Dataset<Row> rows = rows(
                2, held, "IF(id = " + (ROWS - 1) + ", CAST(raise_error('no last row') AS BIGINT), hold_attempt(id))");
        assertThatThrownBy(() -> writer(rows).mode("overwrite").save(path)).hasStackTraceContaining("no last row");
        held.awaitReached(0);
        assertThat(held.hasEnded(0)).as("the other task is held still").isFalse();
        assertThat(target.surroundings().keySet()).isEqualTo(old.keySet());

        held.letGo(0);
        assertThat(held.awaitEnded(0)).isEqualTo("lost");
        assertThat(target.surroundings()).isEqualTo(old);
    }

    /** Two jobs of one task each, which is never speculated on. */
    private void aWriterThatLostItsLockLeavesTheOtherAlone() throws Exception {
        PublishedFiles target = new PublishedFiles(emptyDirectory().resolve("x.npy"));
        String path = target.target().toString();
        Path lock = target.target().resolveSibling(".x.npy.lock");
        HeldAttempts first = new HeldAttempts(markers(target, "first"), ROWS - 1, true);
        DataFrameWriter<Row> firstWriter = writer(rows(1, first, "hold_attempt(id)"));
        CompletableFuture<Void> loser = OwnThread.run(() -> firstWriter.save(path));
        first.markers().failWith(loser);
        first.awaitReached(0);
        HeldAttempts second = new HeldAttempts(markers(target, "second"), ROWS - 1, true);
        DataFrameWriter<Row> secondWriter =
                writer(rows(1, second, "-hold_attempt(id)")).option("breakLock", true);
        CompletableFuture<Void> winner = OwnThread.run(() -> secondWriter.save(path));
        second.markers().failWith(winner);
        second.awaitReached(0);
        String held = Files.readString(lock);

        first.letGo(0);
        assertThatThrownBy(() -> loser.get(MINUTES, TimeUnit.MINUTES))
                .hasStackTraceContaining(
                        "Cannot write " + path + ": its lock " + lock + " was taken away, found " + held);
        assertThat(lock).hasContent(held);
        assertThat(target.target()).doesNotExist();
        second.letGo(0);
        winner.get(MINUTES, TimeUnit.MINUTES);
        assertThat(target.longs())
                .isEqualTo(LongStream.range(0, ROWS).map(value -> -value).toArray());
        assertThat(SavedFiles.names(target.target().getParent())).containsExactly("x.npy");
    }
}
