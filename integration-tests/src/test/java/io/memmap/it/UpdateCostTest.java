package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an UPDATE of a few rows of a large file reads, writes and takes. */
class UpdateCostTest {

    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
    }

    @Test
    void fiveRowsOfFourGibibytesAreFewBytes() throws Exception {
        SparkSession spark = session.spark();
        Path file = directory.resolve("large.dat");
        long rows = 4L << 20;
        SparseFile.create(file, rows * 1024, Map.of());
        Files.writeString(
                directory.resolve("large.dat.memmap.json"), "{\"dtype\": \"<f8\", \"shape\": [" + rows + ", 128]}");
        spark.conf().set("spark.sql.catalog.memmap.layout", "columns");
        session.sql("UPDATE memmap.`@/large.dat` SET c3 = 1 WHERE _row = 0");
        AtomicLong bytesWritten = new AtomicLong();
        AtomicLong recordsWritten = new AtomicLong();
        AtomicLong recordsRead = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                bytesWritten.addAndGet(task.taskMetrics().outputMetrics().bytesWritten());
                recordsWritten.addAndGet(task.taskMetrics().outputMetrics().recordsWritten());
                recordsRead.addAndGet(task.taskMetrics().inputMetrics().recordsRead());
            }
        };
        spark.sparkContext().addSparkListener(listener);
        long before = written();
        long start = System.nanoTime();
        session.sql("UPDATE memmap.`@/large.dat` SET c3 = 5.5 WHERE _row BETWEEN 4000000 AND 4000004");
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(written() - before).isLessThan(1_000_000);
        // 0.6 seconds where nothing else runs.
        assertThat(seconds).isLessThan(10);
        spark.sparkContext().listenerBus().waitUntilEmpty();
        spark.sparkContext().removeSparkListener(listener);
        assertThat(bytesWritten.get()).isEqualTo(40);
        assertThat(recordsWritten.get()).isEqualTo(5);
        assertThat(recordsRead.get()).isEqualTo(5);
        assertThat(session.value("SELECT sum(c3) FROM memmap.`@/large.dat` WHERE _row >= 4000000"))
                .isEqualTo(27.5);
    }

    /** What this process has handed to the file system so far. */
    private static long written() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("wchar:"))
                .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
                .findFirst()
                .orElseThrow();
    }
}
