package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedTaskTest {
    private static final int FILES = 20;
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    /** Spark interrupts no thread unless it is asked to, and looks at a task only between batches. */
    @Test
    void aTaskThatAddsUpStopsWhenItsQueryIsCancelled() throws Exception {
        for (int i = 0; i < FILES; i++) {
            Npy.doubles(directory.resolve(i + ".npy"), i);
        }
        SparkSession spark = SharedSpark.session();
        CompletableFuture<Throwable> cancelled = OwnThread.supply(() -> {
            spark.sparkContext().setJobGroup("ended", "a query that is cancelled", false);
            return catchThrowable(() -> spark.read()
                    .format("memmap")
                    .options(Map.of(HeldFileSystem.OPTION, HeldFileSystem.class.getName(), "minPartitions", "1"))
                    .load("held://" + directory)
                    .selectExpr("sum(value)")
                    .collectAsList());
        });
        assertThat(HeldFileSystem.HELD.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        spark.sparkContext().cancelJobGroup("ended");
        assertThat(cancelled.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).hasMessageContaining("cancelled");
        OpenFiles.assertNoneBelow(directory);
        assertThat(HeldFileSystem.OPENED_BY_TASKS).hasValue(1);
    }
}
