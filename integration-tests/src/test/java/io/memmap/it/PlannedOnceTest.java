package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A query reads each header once, and cuts its rows into partitions once. */
class PlannedOnceTest {
    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void writeFiles() throws IOException {
        Npy.doubles(directory.resolve("t/0.npy"), 1, 2, 3);
        Npy.doubles(directory.resolve("t/1.npy"), 4, 5);
        CountedFileSystem.reset();
    }

    private Dataset<Row> load(String name) {
        return spark.read()
                .format("memmap")
                .option(CountedFileSystem.OPTION, CountedFileSystem.class.getName())
                .load("counted:" + directory.resolve(name));
    }

    /** The second opening is that of the task that reads the values. */
    @Test
    void readsEachHeaderOfASumOnce() {
        assertThat(load("t").groupBy().sum("value").head().getDouble(0)).isEqualTo(15);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 2, "1.npy", 2));
        assertThat(CountedFileSystem.located()).isEqualTo(Map.of("0.npy", 1, "1.npy", 1));
    }

    @Test
    void readsEachHeaderOfRowsOnce() {
        assertThat(load("t").where("value > 2").count()).isEqualTo(3);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 2, "1.npy", 2));
        CountedFileSystem.reset();
        assertThat(load("t").where("value > 2").collectAsList()).hasSize(3);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 2, "1.npy", 2));
        assertThat(CountedFileSystem.located()).isEqualTo(Map.of("0.npy", 1, "1.npy", 1));
    }

    /** A header that was replaced since is read again, and so is each header for each later plan. */
    @Test
    void readsTheHeaderOfAChangedFileAgain() throws IOException {
        Dataset<Row> table = load("t");
        Npy.doubles(directory.resolve("t/1.npy"), 40, 50, 60);
        assertThat(table.groupBy().sum("value").head().getDouble(0)).isEqualTo(156);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 2, "1.npy", 3));
        Npy.doubles(directory.resolve("t/0.npy"), 100);
        assertThat(table.groupBy().sum("value").head().getDouble(0)).isEqualTo(250);
    }

    @Test
    void readsEachHeaderOfPartitionsOnce() throws IOException {
        Npy.doubles(directory.resolve("p/k=1/a.npy"), 1, 2);
        Npy.doubles(directory.resolve("p/k=2/b.npy"), 3, 4);
        Npy.doubles(directory.resolve("p/k=3/c.npy"), 5, 6);
        assertThat(load("p").where("k = 2 AND value > 3").collectAsList()).hasSize(1);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("a.npy", 1, "b.npy", 2));
    }
}
