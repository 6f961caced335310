package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes to a store whose files appear when they are closed, in a thread that is interrupted meanwhile. */
class InterruptedObjectStoreTest {
    private static Thread interrupted;
    private static boolean refuses;

    /** Local files as those of such a store: every request of an interrupted thread fails. */
    public static final class Store extends ClosedFileSystem {
        @Override
        public URI getUri() {
            return URI.create("stored:///");
        }

        private static void check() throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("planted: the request was interrupted");
            }
        }

        @Override
        void beforeCreation(org.apache.hadoop.fs.Path path) throws IOException {
            if (interrupted != null && path.getName().equals("_memmap.json")) {
                interrupted.interrupt();
                interrupted = null;
                if (refuses) {
                    throw new IOException("planted: no more manifests");
                }
            }
            check();
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            check();
            return super.getFileStatus(path);
        }

        @Override
        public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
            check();
            return super.delete(path, recursive);
        }
    }

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private DataFrameWriter<Row> numbers(long start, long end) {
        return spark.range(start, end, 1, 2)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .option("fs.stored.impl", Store.class.getName())
                .mode("append");
    }

    private List<Row> read(String target) {
        return spark.read()
                .format("memmap")
                .option("fs.stored.impl", Store.class.getName())
                .load(target)
                .orderBy("value")
                .collectAsList();
    }

    @Test
    void aWriteThatFailedLeavesNoShardAndOneThatWasPublishedSucceeds() throws IOException {
        Path home = directory.resolve("x");
        String target = "stored:" + home;
        numbers(0, 4).save(target);
        List<String> before = names(home);

        interrupted = Thread.currentThread();
        refuses = true;
        assertThatThrownBy(() -> numbers(4, 6).save(target)).hasStackTraceContaining("planted: no more manifests");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(names(home)).isEqualTo(before);
        assertThat(read(target)).extracting(row -> row.getLong(0)).containsExactly(0L, 1L, 2L, 3L);

        interrupted = Thread.currentThread();
        refuses = false;
        numbers(4, 6).save(target);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(read(target)).extracting(row -> row.getLong(0)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(names(directory)).containsExactly("x");
    }
}
