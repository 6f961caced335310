package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Sum;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A reader that is closed by one thread while another reads, as at the early end of a task whose rows go to a Python
 * function: bytes that are unmapped under the decoder would end this JVM.
 */
class EarlyCloseTest {
    private static final int ROUNDS = 200;
    private static final int FILES = 2000;
    private static final long ROWS = 16L << 20;
    private static final long SEED = 20_240_607;
    private static final int LATEST_CLOSE_NANOS = 3_000_000;

    @TempDir
    Path directory;

    @Test
    void finishesTheBatchAndGivesNoOther() throws Exception {
        closeWhileReading(builder -> {});
    }

    /** A whole partition is one batch of sums. */
    @Test
    void stopsAddingUp() throws Exception {
        closeWhileReading(EarlyCloseTest::pushSum);
    }

    @Test
    void stopsAllThreadsThatAddUp() throws Exception {
        closeWhileReading(Map.of("dtype", "<i8"), EarlyCloseTest::pushSum);
    }

    private static void pushSum(ScanBuilder builder) {
        AggregateFunc[] sums = {new Sum(Expressions.column("value"), false)};
        push(builder, new Aggregation(sums, new Expression[0]));
    }

    @Test
    void stopsAddingUpGroups() throws Exception {
        AggregateFunc[] counts = {new CountStar()};
        Expression[] keys = {Expressions.column("value")};
        closeWhileReading(builder -> push(builder, new Aggregation(counts, keys)));
    }

    /** Spark asks before it closes, and closes nothing where that fails. */
    @Test
    void tellsItsMetricsMeanwhile() throws Exception {
        SharedSpark.session();
        for (int i = 0; i < FILES; i++) {
            Npy.of("'<i8'", "(1,)").write(directory.resolve(i + ".npy"), Npy.i8(0));
        }
        DirectRead scan = DirectRead.of(directory.toString(), Map.of("maxPartitionBytes", "1g"));
        PartitionReader<ColumnarBatch> reader = scan.reader(0);
        CompletableFuture<String> end = OwnThread.supply(() -> readAll(reader, new CountDownLatch(1)));
        long calls = 0;
        while (!end.isDone()) {
            reader.currentMetricsValues();
            calls++;
        }
        assertThat(end.get()).isEqualTo("ended");
        assertThat(calls).isPositive();
        assertThat(reader.currentMetricsValues()).anyMatch(metric -> metric.value() == FILES);
        reader.close();
    }

    private static void push(ScanBuilder builder, Aggregation aggregation) {
        assertThat(((SupportsPushDownAggregates) builder).pushAggregation(aggregation))
                .isTrue();
    }

    private void closeWhileReading(Consumer<ScanBuilder> pushing) throws Exception {
        closeWhileReading(Map.of("dtype", "<i8", "minPartitions", "1"), pushing);
    }

    private void closeWhileReading(Map<String, String> options, Consumer<ScanBuilder> pushing) throws Exception {
        SharedSpark.session();
        Path file = SparseFile.create(directory.resolve("a.dat"), ROWS * 8, Map.of());
        DirectRead scan = DirectRead.of(file.toString(), options, pushing);
        Random random = new Random(SEED);
        int stopped = 0;
        for (int round = 0; round < ROUNDS; round++) {
            PartitionReader<ColumnarBatch> reader = scan.reader(0);
            CountDownLatch reading = new CountDownLatch(1);
            CompletableFuture<String> end = OwnThread.supply(() -> readAll(reader, reading));
            reading.await();
            LockSupport.parkNanos(random.nextInt(LATEST_CLOSE_NANOS));
            reader.close();
            assertThat(end.get())
                    .as("seed %d, round %d", SEED, round)
                    .matches("ended|Already closed: reader of [12] slices");
            stopped += end.get().equals("ended") ? 0 : 1;
        }
        assertThat(stopped).as("readers that were closed while they read").isPositive();
        OpenFiles.assertNoneBelow(directory);
    }

    private static String readAll(PartitionReader<ColumnarBatch> reader, CountDownLatch reading) {
        try {
            reading.countDown();
            while (reader.next()) {
                assertThat(reader.get().column(0).getLong(0)).isZero();
            }
            return "ended";
        } catch (IOException | RuntimeException e) {
            return e.getMessage();
        }
    }
}
