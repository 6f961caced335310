package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems that implement only what {@code FileSystem} makes them; {@code getScheme} is no part of that. */
class FileSystemsTest {

    /** Local files under the scheme {@code plain}. */
    public static final class PlainFileSystem extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("plain:///");
        }
    }

    /** Renames as object stores do: a copy, which has a time of its own. */
    public static final class CopyingFileSystem extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("copying:///");
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            if (to.getName().equals(refused) && refusals-- > 0) {
                throw new IOException("planted: no rename to " + refused);
            }
            long before = getFileStatus(from).getModificationTime();
            boolean renamed = super.rename(from, to);
            setTimes(to, before + 5000, -1);
            return renamed;
        }
    }

    private static String refused = "";
    private static int refusals;

    private static final Map<String, String> COPYING = Map.of("fs.copying.impl", CopyingFileSystem.class.getName());
    private static final Map<String, String> RAW_LOCAL =
            Map.of("fs.file.impl", RawLocalFileSystem.class.getName(), "fs.file.impl.disable.cache", "true");
    private static final Map<String, String> PLAIN = Map.of("fs.plain.impl", PlainFileSystem.class.getName());

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    @AfterEach
    void refuseNothing() {
        refusals = 0;
    }

    private Dataset<Row> read(Map<String, String> options, String path) {
        return spark.read().format("memmap").options(options).load(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void localFilesOfTheRawFileSystemAreLocalFiles(String name) throws IOException {
        Path target = directory.resolve(name);
        for (String path : List.of(target.toString(), "file:" + target, "file://" + target)) {
            for (int part = 0; part < 3; part++) {
                spark.range(part, part + 1)
                        .selectExpr("id AS value")
                        .write()
                        .format("memmap")
                        .mode(part == 0 ? "overwrite" : "append")
                        .options(RAW_LOCAL)
                        .save(path);
            }
            Map<String, String> mapped = new HashMap<>(RAW_LOCAL);
            mapped.put("access", "map");
            assertThat(read(mapped, path).orderBy("_row").collectAsList())
                    .containsExactly(RowFactory.create(0L), RowFactory.create(1L), RowFactory.create(2L));
        }
        assertThat(read(RAW_LOCAL, directory + "/x*").count()).isEqualTo(3);
        assertThat(names(directory)).contains(name).noneMatch(other -> other.startsWith("."));
    }

    private void numbers(long start, long end, String mode, String target) {
        spark.range(start, end, 1, 1)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .mode(mode)
                .options(COPYING)
                .save(target);
    }

    private List<Row> rows(String target) {
        return read(COPYING, target).orderBy("value").collectAsList();
    }

    /** The last one is at the end of the write; then the old file waits for the next one. */
    @ParameterizedTest
    @CsvSource({"x.npy, 1, false", "x.npy, 2, true", "x.dat, 1, false", "x.dat, 2, false", "x.dat, 3, true"})
    void anOldFileIsKeptWhereTheNewOneDoesNotGetItsName(String name, int failures, boolean waits) throws IOException {
        String target = "copying:" + directory.resolve(name);
        numbers(0, 2, "overwrite", target);
        refused = name;
        refusals = failures;
        assertThatThrownBy(() -> numbers(7, 9, "overwrite", target))
                .hasMessageContaining("planted: no rename to " + name);
        if (waits) {
            assertThatThrownBy(() -> numbers(8, 9, "append", target))
                    .hasMessageContaining(
                            "it appeared since the write was planned, expected nothing there; run it again");
        }
        assertThat(rows(target)).containsExactly(RowFactory.create(0L), RowFactory.create(1L));
        numbers(7, 8, "overwrite", target);
        assertThat(rows(target)).containsExactly(RowFactory.create(7L));
        assertThat(names(directory)).noneMatch(other -> other.startsWith("."));
    }

    /** A write that died after its rename left one. */
    @Test
    void anOldFileThatWaitsDoesNotComeBackAfterADrop() throws IOException {
        Path file = directory.resolve("x.npy");
        String target = "copying:" + file;
        numbers(0, 2, "overwrite", target);
        Path staging = Files.createDirectory(directory.resolve(".x.npy.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.staging"));
        Files.copy(file, staging.resolve(".before"));
        numbers(2, 4, "append", "copying:" + directory.resolve("other"));
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.catalog.copying", "io.memmap.spark.MemmapCatalog");
        session.conf().set("spark.sql.catalog.copying.fs.copying.impl", CopyingFileSystem.class.getName());
        session.sql("DROP TABLE copying.`" + target + "` PURGE");
        assertThat(names(directory)).containsExactly("other");
        numbers(7, 8, "errorifexists", target);
        assertThat(rows(target)).containsExactly(RowFactory.create(7L));
    }

    /** While there is none, readers would take all files of the directory, those that are replaced too. */
    @Test
    void aManifestIsNeverMissing() {
        String target = "copying:" + directory.resolve("x");
        refused = "_memmap.json";
        refusals = Integer.MAX_VALUE;
        numbers(0, 2, "overwrite", target);
        numbers(5, 7, "overwrite", target);
        numbers(7, 8, "append", target);
        assertThat(rows(target)).containsExactly(RowFactory.create(5L), RowFactory.create(6L), RowFactory.create(7L));
    }

    @Test
    void sqlReachesThem() {
        SparkSession session = spark.newSession();
        String catalog = "spark.sql.catalog.rawlocal";
        session.conf().set(catalog, "io.memmap.spark.MemmapCatalog");
        RAW_LOCAL.forEach((key, value) -> session.conf().set(catalog + "." + key, value));
        session.sql("CREATE TABLE rawlocal.`" + directory + "/x.npy` AS SELECT id AS value FROM range(3)");
        session.sql("UPDATE rawlocal.`" + directory + "/x.npy` SET value = 9 WHERE _row = 1");
        assertThat(session.sql("SELECT value FROM rawlocal.`" + directory + "/x.npy`")
                        .collectAsList())
                .containsExactly(RowFactory.create(0L), RowFactory.create(9L), RowFactory.create(2L));
        assertThat(session.sql("SHOW TABLES IN rawlocal.`" + directory + "`").collectAsList())
                .extracting(row -> row.getString(1))
                .containsExactly("x.npy");
    }

    @Test
    void sidecarsFollowAFileThatARenameCopies() throws IOException {
        String target = "copying:" + directory.resolve("x.dat");
        for (String type : List.of("BIGINT", "DOUBLE", "DOUBLE")) {
            spark.range(4)
                    .selectExpr("CAST(id AS " + type + ") AS value")
                    .write()
                    .format("memmap")
                    .mode("overwrite")
                    .options(COPYING)
                    .save(target);
            assertThat(read(COPYING, target)
                            .selectExpr("CAST(sum(value) AS INT)")
                            .head()
                            .getInt(0))
                    .isEqualTo(6);
        }
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
        assertThat(directory.resolve("x.dat.memmap.json")).content().doesNotContain("inTransit");
    }

    @Test
    void anotherFileSystemNeedsNoMoreThanAUri() throws IOException {
        // Spark hands the names of options over in lower case.
        Path target = directory.resolve("x.npy");
        for (int part = 0; part < 2; part++) {
            spark.range(0, 4, 1, 2)
                    .selectExpr("id AS value")
                    .write()
                    .format("memmap")
                    .mode("overwrite")
                    .options(PLAIN)
                    .save("plain:" + target);
        }
        assertThat(npyLongs(target)).containsExactly(0, 1, 2, 3);
        assertThat(read(PLAIN, "plain:" + target).count()).isEqualTo(4);
        String partitioned = "plain:" + directory.resolve("x");
        for (String mode : List.of("errorifexists", "append", "overwrite")) {
            spark.range(0, mode.equals("overwrite") ? 1 : 6, 1, 2)
                    .selectExpr("id AS value", "id % 2 AS p")
                    .write()
                    .format("memmap")
                    .mode(mode)
                    .options(PLAIN)
                    .partitionBy("p")
                    .option("partitionOverwriteMode", "dynamic")
                    .save(partitioned);
        }
        assertThat(read(PLAIN, partitioned)
                        .groupBy("p")
                        .sum("value")
                        .orderBy("p")
                        .collectAsList())
                .containsExactly(RowFactory.create(0, 0L), RowFactory.create(1, 18L));
        assertThat(read(PLAIN, partitioned + "/p=0").count()).isEqualTo(1);
    }
}
