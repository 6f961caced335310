package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A write that ends by an error of the file system's code, no IOException, gives its lock back all the same. */
class LockReleaseTest {
    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private final Map<String, String> settings = Map.of(
            "fs.wrapped.impl",
            WrappedFileSystem.class.getName(),
            "fs.wrapped.impl.disable.cache",
            "true",
            WrappedFileSystem.KEY,
            "open");

    @BeforeEach
    void configure() {
        settings.forEach(spark.sparkContext().hadoopConfiguration()::set);
    }

    @AfterEach
    void restore() {
        settings.keySet().forEach(spark.sparkContext().hadoopConfiguration()::unset);
    }

    private DataFrameWriter<Row> numbers(long end) {
        return spark.range(0, end, 1, 2)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .mode("overwrite");
    }

    @ParameterizedTest
    @CsvSource({
        "STAT, .*/x\\.npy",
        "MAKE_DIRECTORY, .*\\.staging",
        "RENAME, .*/x\\.npy",
    })
    void whateverACallThrowsTheLockIsGivenBack(WrappedFileSystem.Call call, String path) throws IOException {
        String target = "wrapped://" + directory.resolve("x.npy");
        numbers(3).save(target);
        for (Throwable planted : List.of(new LinkageError("planted"), new IllegalStateException("planted"))) {
            WrappedFileSystem.throwOnce(call, path, planted);
            assertThatThrownBy(() -> numbers(4).save(target)).hasStackTraceContaining("planted");
            assertThat(WrappedFileSystem.hasThrown()).isTrue();
            assertThat(names(directory)).as(planted.toString()).doesNotContain(".x.npy.lock");
        }
        numbers(5).save(target);
        assertThat(npyLongs(directory.resolve("x.npy"))).containsExactly(0, 1, 2, 3, 4);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void aStagingDirectoryThatCannotBeRemovedDoesNotKeepTheLock() throws IOException {
        String target = "wrapped://" + directory.resolve("x.npy");
        WrappedFileSystem.throwOnce(WrappedFileSystem.Call.DELETE, ".*\\.staging", new AssertionError("planted"));
        assertThatThrownBy(() -> spark.range(3)
                        .selectExpr("raise_error('wanted') AS value")
                        .selectExpr("CAST(value AS BIGINT) AS value")
                        .write()
                        .format("memmap")
                        .mode("overwrite")
                        .save(target))
                .hasStackTraceContaining("wanted");
        assertThat(WrappedFileSystem.hasThrown()).isTrue();
        assertThat(names(directory)).doesNotContain(".x.npy.lock");
    }
}
