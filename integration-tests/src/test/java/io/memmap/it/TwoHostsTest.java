package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Writers on two hosts whose common file system does not tell the one of the other's locks. Its methods wait: they run side by side. */
@Execution(ExecutionMode.CONCURRENT)
class TwoHostsTest {
    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();
    private MountedTwice mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = MountedTwice.in(directory);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            mounted.unmount();
        }
    }

    private DataFrameWriter<Row> numbers(long start, long end) {
        return spark.range(start, end, 1, 1).selectExpr("id AS value").write().format("memmap");
    }

    private void endLease() throws IOException {
        Files.setLastModifiedTime(
                mounted.first().resolve(".x.npy.lock"),
                FileTime.from(Instant.now().minusSeconds(70)));
    }

    @Test
    void aWriterOnAnotherHostHoldsItsLockAsLongAsItsLease() throws Exception {
        Path target = mounted.first().resolve("x.npy");
        numbers(0, 10).save(target.toString());
        try (LockHolder holder = LockHolder.of(mounted.second().resolve("x.npy"), MountedTwice.ON_SECOND_HOST)) {
            assertThatThrownBy(() -> numbers(10, 12).mode("append").save(target.toString()))
                    .hasMessageContaining("another writer holds "
                            + mounted.first().resolve(".x.npy.lock") + " {owner=a test, host=second-host, pid=");
            endLease();
            assertThatThrownBy(() -> numbers(10, 12).mode("append").save(target.toString()))
                    .as("while it still beats")
                    .hasMessageContaining("another writer holds");
            holder.kill();
        }
        assertThatThrownBy(() -> numbers(10, 12).mode("append").save(target.toString()))
                .as("before its lease has ended")
                .hasMessageContaining("another writer holds");
        endLease();
        numbers(10, 12).mode("append").save(target.toString());
        assertThat(npyLongs(target)).hasSize(12);
        assertThat(names(mounted.first())).containsExactly("x.npy");
    }

    /** A FUSE file system may know each name of a file by itself, and so each lock. */
    @Test
    void aWriterOnTheSameMountHoldsItsLock() throws Exception {
        Path target = mounted.first().resolve("x.npy");
        LockHolder holder = LockHolder.of(target);
        try {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> numbers(0, 10).save(target.toString()))
                        .hasMessageContaining("another writer holds");
            }
        } finally {
            holder.close();
        }
        endLease();
        numbers(0, 10).save(target.toString());
        assertThat(npyLongs(target)).hasSize(10);
        assertThat(names(mounted.first())).containsExactly("x.npy");
    }
}
