package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Two writers of one table of several directories: one of them writes, the other is refused, and no row is lost. */
class TwoWritersTest {
    private static final int THREADS = 2;
    private static final int WRITES = 4;
    private static final int ROWS = 4;

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    enum Kind {
        PARTITIONED {
            @Override
            DataFrameWriter<Row> writer(Dataset<Row> rows) {
                return rows.write().format("memmap").partitionBy("p");
            }
        },
        SIDE_BY_SIDE {
            @Override
            DataFrameWriter<Row> writer(Dataset<Row> rows) {
                return rows.write().format("memmap").option("layout", "sideBySide");
            }
        };

        abstract DataFrameWriter<Row> writer(Dataset<Row> rows);
    }

    private static Dataset<Row> withKey(Dataset<Row> values) {
        return values.selectExpr("value", "value % 2 AS p");
    }

    private Dataset<Row> numbers(long start, long end) {
        return withKey(spark.range(start, end, 1, 2).selectExpr("id AS value"));
    }

    private Path target() {
        return directory.resolve("x");
    }

    private long[] values() {
        Dataset<Row> rows = SavedFiles.read(spark, target());
        assertThat(rows.where("p = value % 2").count()).isEqualTo(rows.count());
        return rows.collectAsList().stream()
                .mapToLong(row -> row.getAs("value"))
                .sorted()
                .toArray();
    }

    private void assertNothingElse() throws IOException {
        assertThat(SavedFiles.names(directory)).containsExactly("x");
        OpenFiles.assertNoneBelow(directory);
    }

    @ParameterizedTest
    @CsvSource({
        "PARTITIONED,append,append",
        "PARTITIONED,overwrite,append",
        "SIDE_BY_SIDE,append,overwrite",
        "SIDE_BY_SIDE,overwrite,overwrite"
    })
    void theSecondWriterIsRefused(Kind kind, String mode, String second) throws Exception {
        kind.writer(numbers(100, 104)).save(target().toString());
        Gate gate = Gate.of(3, -1);
        Dataset<Row> held = withKey(Gate.numbers(spark, ROWS, 1));
        CompletableFuture<Void> first =
                OwnThread.run(() -> kind.writer(held).mode(mode).save(target().toString()));
        gate.awaitReached();
        assertThatThrownBy(() -> kind.writer(numbers(200, 204)).mode(second).save(target().toString()))
                .hasMessageStartingWith(
                        "Cannot write " + target() + ": another writer holds " + directory + "/.x.lock {owner=")
                .hasMessageContaining(", expected none; wait for it, or set breakLock=true if it is gone");
        assertThat(values()).containsExactly(100, 101, 102, 103);
        gate.open();
        first.join();
        assertThat(values())
                .containsExactly(
                        mode.equals("append") ? new long[] {0, 1, 2, 3, 100, 101, 102, 103} : new long[] {0, 1, 2, 3});
        assertNothingElse();
    }

    /** Its rows are shuffled between the plan and the lock. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aTableThatWasMadeSinceThePlanIsKept(Kind kind) throws Exception {
        Gate gate = Gate.of(3, -1);
        Dataset<Row> held = withKey(Gate.numbers(spark, ROWS, 1).repartition(2));
        CompletableFuture<Void> first = OwnThread.run(() -> kind.writer(held).save(target().toString()));
        gate.awaitReached();
        kind.writer(numbers(200, 204)).save(target().toString());
        gate.open();
        assertThatThrownBy(first::join)
                .hasStackTraceContaining(
                        "Cannot write " + target() + ": it changed since the write was planned, from" + " nothing to ")
                .hasStackTraceContaining(", expected the same array; run it again");
        assertThat(values()).containsExactly(200, 201, 202, 203);
        assertNothingElse();
    }

    /** Each write of a thread is there once or was refused. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void noWriteOfTwoThreadsIsLost(Kind kind) throws IOException {
        kind.writer(numbers(0, ROWS)).save(target().toString());
        Queue<Long> done = new ConcurrentLinkedQueue<>(List.of(0L));
        Queue<String> refused = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> threads = IntStream.range(0, THREADS)
                .mapToObj(thread -> OwnThread.run(() -> {
                    for (int write = 1; write <= WRITES; write++) {
                        long from = 1000L * thread + 10L * write;
                        try {
                            kind.writer(numbers(from, from + ROWS))
                                    .mode("append")
                                    .save(target().toString());
                            done.add(from);
                        } catch (RuntimeException e) {
                            refused.add(String.valueOf(e.getMessage()));
                        }
                    }
                }))
                .toList();
        threads.forEach(CompletableFuture::join);
        assertThat(refused)
                .allMatch(message -> message.contains("another writer holds")
                        || message.contains("it changed since the write was planned"));
        assertThat(done).hasSizeGreaterThan(1);
        assertThat(values())
                .containsExactly(done.stream()
                        .sorted()
                        .flatMapToLong(from -> LongStream.range(from, from + ROWS))
                        .toArray());
        assertNothingElse();
    }
}
