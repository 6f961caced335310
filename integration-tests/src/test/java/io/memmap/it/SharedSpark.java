package io.memmap.it;

import org.apache.spark.sql.SparkSession;

/**
 * The one Spark of this test JVM: {@code local[2]}, session time zone UTC. Starting one takes seconds, so every test
 * class shares it; a test that sets configuration takes {@code session().newSession()}.
 *
 * <p>A JVM holds one Spark context: a test that needs a context of its own calls {@link #stop} first, and the next
 * {@link #session} starts a new one.
 */
final class SharedSpark {
    /** Of this JVM alone: other tests run beside it. */
    static final String WAREHOUSE =
            "target/spark-warehouse-" + ProcessHandle.current().pid();

    private SharedSpark() {}

    static synchronized SparkSession session() {
        return SparkSession.builder()
                .appName("memmap-spark integration tests")
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                // Of each plan, for the UI.
                .config("spark.sql.ui.explainMode", "simple")
                .config("spark.log.level", "WARN")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.warehouse.dir", WAREHOUSE)
                .getOrCreate();
    }

    static synchronized void stop() {
        session().stop();
    }
}
