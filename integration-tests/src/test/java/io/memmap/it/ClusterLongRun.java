package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.it.LocalClusterRuns.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/**
 * Scans and writes of every kind, each of which loses an executor, or has one slow task that Spark runs twice, at a row
 * that chance chooses.
 */
record ClusterLongRun(SparkSession session, Path directory, long seed) {
    private static final int ROWS = 400_000;
    private static final int OLD_ROWS = 1000;
    private static final int ATTEMPTS = 4;
    private static final int MINUTES = 3;

    /** What is done, and what the target is afterwards. */
    private enum Kind {
        SCAN(""),
        FILE("x.npy"),
        RAW("x.dat"),
        SHARDS("x"),
        APPEND_TO_FILE("x.npy"),
        APPEND_TO_SHARDS("x"),
        UPDATE("x.npy");

        private final String target;

        Kind(String target) {
            this.target = target;
        }

        boolean appends() {
            return this == APPEND_TO_FILE || this == APPEND_TO_SHARDS;
        }
    }

    /** The runs by number, kind and accident. */
    Map<String, Scenario> scenarios(int runs) {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        for (int run = 0; run < runs; run++) {
            Kind kind = Kind.values()[run % Kind.values().length];
            boolean loss = run / Kind.values().length % 2 == 0;
            Random random = new Random(seed + run);
            scenarios.put(
                    "run " + run + " " + kind + (loss ? " losing an executor" : " with a slow task"),
                    () -> run(kind, loss, random));
        }
        return scenarios;
    }

    private void run(Kind kind, boolean loss, Random random) throws Exception {
        Path home = Files.createTempDirectory(directory, "run");
        Path target = Files.createDirectory(home.resolve("files")).resolve(kind == Kind.SCAN ? "x.npy" : kind.target);
        HeldAttempts held = new HeldAttempts(Markers.create(home.resolve("held")), random.nextInt(ROWS), true);
        session.udf().register("hold_attempt", held, DataTypes.LongType);
        int partitions = 2 + random.nextInt(5);
        Dataset<Row> rows = session.range(0, ROWS, 1, partitions).selectExpr("hold_attempt(id) AS value");
        Callable<?> job = kind == Kind.SCAN ? scan(target, partitions) : write(kind, rows, target);
        if (loss) {
            ClusterLosses.losingAnExecutor(held, job);
            held.letGo(0);
        } else {
            overtakingTheFirst(held, job, kind == Kind.UPDATE);
        }
        if (kind != Kind.SCAN) {
            checkWritten(kind, target);
        }
        List<String> expected = kind == Kind.RAW
                ? List.of("x.dat", "x.dat.memmap.json")
                : List.of(target.getFileName().toString());
        assertThat(SavedFiles.names(target.getParent())).isEqualTo(expected);
        // Not the markers: an attempt that lost may still be putting one.
        delete(target.getParent());
    }

    private Callable<?> scan(Path target, int partitions) throws IOException {
        Npy.of("'<i8'", "(" + ROWS + ",)")
                .write(target, Npy.i8(LongStream.range(0, ROWS).toArray()));
        Dataset<Row> sums = session.read()
                .format("memmap")
                .option("minPartitions", partitions)
                .load(target.toString())
                .selectExpr("hold_attempt(value) AS value")
                .selectExpr("sum(value)", "count(value)");
        return () -> {
            Row found = sums.first();
            assertThat(found.getLong(0)).isEqualTo((long) ROWS * (ROWS - 1) / 2);
            assertThat(found.getLong(1)).isEqualTo(ROWS);
            return found;
        };
    }

    private Callable<?> write(Kind kind, Dataset<Row> rows, Path target) {
        DataFrameWriter<Row> writer = rows.write().format("memmap").option("maxRecordsPerFile", ROWS / 10);
        if (kind.appends()) {
            plain(-OLD_ROWS, 0, "id").save(target.toString());
            writer = writer.mode("append");
        } else if (kind == Kind.UPDATE) {
            plain(0, 2 * ROWS, "-id").save(target.toString());
            writer = rows.selectExpr("2 * value AS row", "value")
                    .write()
                    .format("memmap")
                    .mode("append")
                    .option("rowColumn", "row")
                    .option("update", true);
        }
        DataFrameWriter<Row> ready = writer;
        return () -> {
            ready.save(target.toString());
            return target;
        };
    }

    private DataFrameWriter<Row> plain(long from, long to, String value) {
        return session.range(from, to, 1, 2)
                .selectExpr(value + " AS value")
                .write()
                .format("memmap");
    }

    private void checkWritten(Kind kind, Path target) throws IOException {
        long[] found = kind == Kind.RAW ? SavedFiles.rawLongs(target) : new PublishedFiles(target).longs();
        LongStream expected = kind == Kind.UPDATE
                ? LongStream.range(0, 2 * ROWS).map(row -> row % 2 == 0 ? row / 2 : -row)
                : LongStream.range(kind.appends() ? -OLD_ROWS : 0, ROWS);
        assertThat(found).isEqualTo(expected.toArray());
    }

    /**
     * Spark starts a second attempt of the task that is slow; the first comes to its end when all is over, or at once where
     * the input is read twice.
     */
    private static void overtakingTheFirst(HeldAttempts held, Callable<?> job, boolean readsTwice) throws Exception {
        CompletableFuture<Object> result = OwnThread.supply(() -> {
            try {
                return job.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        held.markers().failWith(result);
        held.awaitReached(0);
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            held.letGo(attempt);
        }
        if (readsTwice) {
            held.awaitEnded(1);
            held.letGo(0);
        }
        result.get(MINUTES, TimeUnit.MINUTES);
        held.letGo(0);
        held.awaitEnded(0);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
