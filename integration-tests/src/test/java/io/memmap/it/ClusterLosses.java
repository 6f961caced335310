package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.it.LocalClusterRuns.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/** Jobs one of whose executors is killed in the middle of a task. */
record ClusterLosses(SparkSession session, Path directory) {
    private static final int ROWS = 600_000;
    private static final int PARTITIONS = 4;
    /** In the third partition, when a writer has flushed its first buffer. */
    private static final int HELD_ROW = ROWS / 2 + 140_000;

    private static final int ATTEMPTS = 4;
    private static final int MINUTES = 2;

    Map<String, Scenario> scenarios() {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        scenarios.put("aScanSurvivesItsExecutor", this::aScanSurvivesItsExecutor);
        scenarios.put("aWriteSurvivesItsExecutor", this::aWriteSurvivesItsExecutor);
        return scenarios;
    }

    private HeldAttempts register(String name) throws IOException {
        HeldAttempts held = new HeldAttempts(Markers.create(directory.resolve(name)), HELD_ROW, true);
        session.udf().register("hold_attempt", held, DataTypes.LongType);
        return held;
    }

    /** Runs a job, and kills the executor of its first attempt at the held row. */
    static <T> T losingAnExecutor(HeldAttempts held, Callable<T> job) throws Exception {
        CompletableFuture<T> result = OwnThread.supply(() -> {
            try {
                return job.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        held.markers().failWith(result);
        ProcessHandle executor = ProcessHandle.of(held.awaitReached(0)).orElseThrow();
        assertThat(executor.pid()).isNotEqualTo(ProcessHandle.current().pid());
        assertThat(executor.destroyForcibly()).isTrue();
        executor.onExit().get(MINUTES, TimeUnit.MINUTES);
        assertThat(result).isNotDone();
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            held.letGo(attempt);
        }
        return result.get(MINUTES, TimeUnit.MINUTES);
    }

    private void aScanSurvivesItsExecutor() throws Exception {
        Path file = Npy.of("'<i8'", "(" + ROWS + ",)")
                .write(
                        directory.resolve("loss/x.npy"),
                        Npy.i8(LongStream.range(0, ROWS).toArray()));
        HeldAttempts held = register("loss-of-scan");
        Dataset<Row> rows = session.read()
                .format("memmap")
                .option("maxPartitionBytes", ROWS * Long.BYTES / PARTITIONS)
                .load(file.toString())
                .selectExpr("hold_attempt(value) AS value");
        Row found = losingAnExecutor(
                held, () -> rows.selectExpr("sum(value)", "count(value)").first());
        assertThat(found.getLong(0)).isEqualTo((long) ROWS * (ROWS - 1) / 2);
        assertThat(found.getLong(1)).isEqualTo(ROWS);
        assertThat(SavedFiles.names(file.getParent())).containsExactly("x.npy");
    }

    private void aWriteSurvivesItsExecutor() throws Exception {
        HeldAttempts held = register("loss-of-write");
        PublishedFiles target = new PublishedFiles(directory.resolve("loss-of-executor/x.npy"));
        losingAnExecutor(held, () -> {
            session.range(0, ROWS, 1, PARTITIONS)
                    .selectExpr("hold_attempt(id) AS value")
                    .write()
                    .format("memmap")
                    .save(target.target().toString());
            return null;
        });
        assertThat(target.longs()).isEqualTo(LongStream.range(0, ROWS).toArray());
        assertThat(SavedFiles.names(target.target().getParent())).containsExactly("x.npy");
    }
}
