package io.memmap.it;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Holds a job of this JVM at one of its rows until the test lets it go. One at a time: a Spark function finds it through a
 * static field.
 */
final class Gate {
    private static final int PATIENCE_SECONDS = 60;

    private static Gate current;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final long held;
    private final long opens;

    private Gate(long held, long opens) {
        this.held = held;
        this.opens = opens;
    }

    /** A gate that holds the row with {@code held} in it, and that the row with {@code opens} opens. */
    static synchronized Gate of(long held, long opens) {
        current = new Gate(held, opens);
        return current;
    }

    /** Makes {@code pass_gate} a function of the session's SQL. */
    static void register(SparkSession spark) {
        UDF1<Long, Long> pass = Gate::pass;
        spark.udf().register("pass_gate", pass, DataTypes.LongType);
    }

    /** The numbers 0 to {@code count}, as {@code value}, through the gate. */
    static Dataset<Row> numbers(SparkSession spark, long count, int partitions) {
        register(spark);
        return spark.range(0, count, 1, partitions).selectExpr("pass_gate(id) AS value");
    }

    private static synchronized Gate current() {
        return current;
    }

    private static long pass(long value) throws InterruptedException {
        Gate gate = current();
        if (value == gate.opens) {
            gate.open();
        }
        if (value == gate.held) {
            gate.reached.countDown();
            if (!gate.opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Cannot pass the gate at " + value + ": nobody opened it");
            }
        }
        return value;
    }

    /** Waits until the job is at the row. */
    void awaitReached() throws InterruptedException {
        if (!reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Cannot hold the job: it did not come to row " + held);
        }
    }

    void open() {
        opened.countDown();
    }
}
