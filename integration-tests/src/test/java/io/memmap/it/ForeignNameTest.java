package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories whose names say another format. */
class ForeignNameTest {
    @TempDir
    private Path directory;

    private static DataFrameWriter<Long> rows(SaveMode mode) {
        return SharedSpark.session().range(5).write().format("memmap").mode(mode);
    }

    private long count(String name) {
        return SharedSpark.session()
                .read()
                .format("memmap")
                .load(directory + "/" + name)
                .count();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x.npz/",
                "x.PARQUET",
                "x.safetensors",
                "x.parquet",
                "x.csv",
                "x.v1.h5",
                "x.npy.gz",
                "x.zarr",
                "x.pkl",
                "x.npy/",
                "x.dat/"
            })
    void areRefused(String name) throws IOException {
        for (SaveMode mode : SaveMode.values()) {
            String suffix = name.substring(name.lastIndexOf('.') + 1).replace("/", "");
            assertThatThrownBy(() -> rows(mode).save(directory + "/" + name))
                    .hasStackTraceContaining(
                            "Cannot write " + directory + "/" + name + ": its name ends in ."
                                    + suffix.toLowerCase(Locale.ROOT)
                                    + ", and what would be written is a directory of shards;"
                                    + " choose another name, such as one that ends in .npy for one file, or set output=directory");
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void areMadeOnDemandAndUsedFromThenOn() throws IOException {
        String path = directory + "/x.zarr";
        rows(SaveMode.ErrorIfExists).option("output", "directory").save(path);
        rows(SaveMode.Append).save(path);
        assertThat(count("x.zarr")).isEqualTo(10);
        rows(SaveMode.Overwrite).save(path);
        assertThat(count("x.zarr")).isEqualTo(5);
        Files.createSymbolicLink(directory.resolve("link.parquet"), Path.of("x.zarr"));
        rows(SaveMode.Append).save(directory + "/link.parquet");
        assertThat(count("x.zarr")).isEqualTo(10);
    }

    @Test
    void anotherFormatsDirectoryIsNotOverwritten() {
        String path = directory + "/x.parquet";
        SharedSpark.session().range(7).write().parquet(path);
        assertThatThrownBy(() -> rows(SaveMode.Overwrite).save(path))
                .hasStackTraceContaining("Cannot write " + path + ": its name ends in .parquet");
        assertThat(SharedSpark.session().read().parquet(path).count()).isEqualTo(7);
    }

    @Test
    void otherDotsAreFine() {
        rows(SaveMode.ErrorIfExists).save(directory + "/run-1.5");
        rows(SaveMode.ErrorIfExists).option("output", "file").save(directory + "/x.pt");
        rows(SaveMode.ErrorIfExists).save(directory + "/d.npy/npz");
        assertThat(count("run-1.5") + count("x.pt") + count("d.npy/npz")).isEqualTo(15);
    }

    @Test
    void statementsSayTheSame() {
        SqlSession session = new SqlSession(directory);
        String message = "Cannot write " + directory + "/x.zarr: its name ends in .zarr";
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/x.zarr` AS SELECT id FROM range(3)"))
                .hasStackTraceContaining(message);
        assertThatThrownBy(
                        () -> session.sql("CREATE TABLE memmap.`@/x.zarr` TBLPROPERTIES ('dtype'='f4', 'shape'='3')"))
                .hasStackTraceContaining(message);
        session.sql(
                "CREATE TABLE memmap.`@/x.zarr` TBLPROPERTIES ('output'='directory')" + " AS SELECT id FROM range(3)");
        session.sql("INSERT INTO memmap.`@/x.zarr` SELECT id FROM range(3)");
        session.sql("INSERT OVERWRITE memmap.`@/x.zarr` SELECT id FROM range(4)");
        assertThat(session.value("SELECT count(*) FROM memmap.`@/x.zarr`")).isEqualTo(4L);
        session.sql("CREATE OR REPLACE TABLE memmap.`@/x.zarr` AS SELECT id FROM range(3)");
        assertThat(session.value("SELECT count(*) FROM memmap.`@/x.zarr`")).isEqualTo(3L);
    }
}
