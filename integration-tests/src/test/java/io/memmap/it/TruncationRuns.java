package io.memmap.it;

import static org.apache.spark.sql.functions.expr;

import io.memmap.it.TruncatedArray.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * The JVM of {@link TruncationTest}: warm scans, then queries during each of which another process changes the file.
 * Prints a line per query. Half of the changes come at a random time, the others when Spark gets a random row of the
 * file's second half, and then the task waits for them, so that they stand between two of its batches.
 */
final class TruncationRuns {
    static final String RUN = "RUN ";
    static final String WRONG = "WRONG ";
    static final int CONFIGURATIONS = 3 * Cut.values().length * Action.values().length;

    private static final int WARM_SCANS = 50;
    /** A query has one of this many rows, and Spark may drop the others first: no trigger lies behind the last one. */
    private static final int WANTED_ROWS = 16;

    /** What the other process does. */
    enum Cut {
        LAST_PAGE("truncate -s -4096 \"$0\"", Version.PLANNED),
        INSIDE_LAST_PAGE("truncate -s -100 \"$0\"", Version.PLANNED),
        CUT_AND_RESTORE("truncate -s -4096 \"$0\"; truncate -s +4096 \"$0\"", Version.RESTORED),
        REPLACE("mv \"$1\" \"$0\"", Version.REPLACED);

        private final String command;
        /** What a query finds that is planned afterwards, if it finds an array at all. */
        private final Version leaves;

        Cut(String command, Version leaves) {
            this.command = command;
            this.leaves = leaves;
        }

        Process start(Path file, Path other) throws IOException {
            return OtherProcess.start(command, file, other);
        }
    }

    /** What Spark does with the rows; gives them back as a text. */
    enum Action {
        COLLECT,
        GROUP_BY,
        ETL
    }

    /** Runs when Spark gets a row from {@code row} on. */
    private record Trigger(long row, Runnable change) {}

    private static final AtomicReference<Trigger> TRIGGER = new AtomicReference<>();

    private final SparkSession spark;
    private final TruncatedArray array;
    private final Path parquet;
    private final Random random;

    private TruncationRuns(SparkSession spark, Path directory, long seed) throws IOException {
        this.spark = spark;
        this.array = TruncatedArray.create(directory);
        this.parquet = directory.resolve("etl.parquet");
        this.random = new Random(seed);
    }

    public static void main(String[] args) throws Exception {
        SparkSession spark = SharedSpark.session();
        spark.udf().register("watch", (UDF1<Long, Boolean>) TruncationRuns::watch, DataTypes.BooleanType);
        TruncationRuns runs = new TruncationRuns(spark, Path.of(args[0]), Long.parseLong(args[2]));
        for (String access : List.of("map", "read", "auto")) {
            runs.warmUp(access);
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                for (Cut cut : Cut.values()) {
                    for (Action action : Action.values()) {
                        System.out.println(
                                RUN + cut + " " + access + " " + action + " " + runs.run(access, cut, action, i));
                    }
                }
            }
        }
        OpenFiles.assertNoneBelow(Path.of(args[0]).resolve("arrays"));
        spark.stop();
    }

    private static boolean watch(long row) {
        Trigger trigger = TRIGGER.get();
        if (trigger != null && row >= trigger.row() && TRIGGER.compareAndSet(trigger, null)) {
            trigger.change().run();
        }
        return true;
    }

    private void warmUp(String access) throws IOException {
        array.restore();
        for (int i = 0; i < WARM_SCANS; i++) {
            Action action = i % 10 == 0 ? Action.ETL : i % 5 == 1 ? Action.COLLECT : Action.GROUP_BY;
            String found = act(query(access, action), action);
            if (!found.equals(array.expected(action, Version.PLANNED))) {
                throw new IllegalStateException("Warm scan " + i + " found " + found);
            }
        }
    }

    private String run(String access, Cut cut, Action action, int run) throws IOException {
        array.restore();
        Dataset<Row> query = query(access, action);
        CompletableFuture<Void> changed = new CompletableFuture<>();
        Runnable change = () -> {
            try {
                // Not interruptible: Spark interrupts a task when another one of its query fails.
                cut.start(array.file(), array.other()).onExit().join();
                changed.complete(null);
            } catch (IOException e) {
                changed.completeExceptionally(e);
            }
        };
        if (run % 2 == 0) {
            int half = TruncatedArray.ROWS / 2;
            TRIGGER.set(new Trigger(half + random.nextInt(half - WANTED_ROWS), change));
        } else {
            CompletableFuture.delayedExecutor(random.nextInt(120_000), TimeUnit.MICROSECONDS)
                    .execute(change);
        }
        String outcome = outcome(query, cut, action);
        changed.orTimeout(1, TimeUnit.MINUTES).join();
        return (run % 2 == 0 ? "between batches: " : "at a random time: ") + outcome;
    }

    private String outcome(Dataset<Row> query, Cut cut, Action action) {
        String found;
        try {
            found = act(query, action);
        } catch (Exception e) {
            return message(e);
        }
        if (found.equals(array.expected(action, Version.PLANNED))) {
            return "exact rows";
        }
        // A write is planned when it starts, so the change may have come first.
        if (action == Action.ETL && found.equals(array.expected(action, cut.leaves))) {
            return "exact rows of the changed file";
        }
        System.out.println(WRONG + cut + " " + action + ": " + found);
        return "WRONG ROWS";
    }

    /** What our message says was found, without its numbers. */
    private String message(Exception failure) {
        String ours = "Cannot read file:" + array.file() + ": ";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof VirtualMachineError) {
                break;
            }
            if (cause instanceof IOException && cause.getMessage().startsWith(ours)) {
                return cause.getMessage()
                        .substring(ours.length())
                        .replaceAll("[0-9]+", "N")
                        .replaceAll("( since|[(,]).*", "");
            }
        }
        System.out.println(WRONG + failure);
        failure.printStackTrace(System.out);
        return "WRONG MESSAGE";
    }

    /** A query that is planned already, as far as it can be. */
    private Dataset<Row> query(String access, Action action) {
        Dataset<Row> rows = spark.read()
                .format("memmap")
                .option("dtype", TruncatedArray.DTYPE)
                .option("shape", Integer.toString(TruncatedArray.ROWS))
                .option("access", access)
                .load(array.file().toString())
                .where("watch(a)");
        Dataset<Row> query = action == Action.GROUP_BY
                ? rows.selectExpr("a % 8 AS k", "b").groupBy("k").agg(expr("count(*)"), expr("sum(b)"))
                : rows.where("a % " + WANTED_ROWS + " = 0").select("a", "b");
        query.queryExecution().executedPlan();
        return query;
    }

    private String act(Dataset<Row> query, Action action) {
        if (action == Action.ETL) {
            query.write().mode("overwrite").parquet(parquet.toString());
            return TruncatedArray.text(spark.read().parquet(parquet.toString()).collectAsList(), action);
        }
        return TruncatedArray.text(query.collectAsList(), action);
    }
}
