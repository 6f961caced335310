package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** What an UPDATE of a few rows of a large file reads, writes and takes. */
class UpdateCostTest extends SqlStatements {
    private static final long[] UPDATED = {1_000_000, 1_700_000, 2_400_000, 3_100_000, 4_000_000};

    @Test
    void fiveRowsOfFourGibibytesAreFewBytesAndLessThanASecondOfProcessorTime() throws Exception {
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
        Duration least = Duration.ofDays(1);
        for (long row : UPDATED) {
            long before = written();
            Duration took = ProcessorTime.of(() -> session.sql(
                    "UPDATE memmap.`@/large.dat` SET c3 = 5.5 WHERE _row BETWEEN " + row + " AND " + (row + 4)));
            least = took.compareTo(least) < 0 ? took : least;
            assertThat(written() - before).isLessThan(1_000_000);
        }
        // The least, as this JVM compiles meanwhile.
        assertThat(least).isLessThan(Duration.ofSeconds(1));
        spark.sparkContext().listenerBus().waitUntilEmpty();
        spark.sparkContext().removeSparkListener(listener);
        assertThat(bytesWritten.get()).isEqualTo(UPDATED.length * 40);
        assertThat(recordsWritten.get()).isEqualTo(UPDATED.length * 5);
        assertThat(recordsRead.get()).isEqualTo(UPDATED.length * 5);
        for (long row : UPDATED) {
            assertThat(session.sql("SELECT sum(c3), count(*) FROM memmap.`@/large.dat`" + " WHERE _row BETWEEN "
                            + (row - 5) + " AND " + (row + 9)))
                    .containsExactly(RowFactory.create(27.5, 15L));
        }
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
