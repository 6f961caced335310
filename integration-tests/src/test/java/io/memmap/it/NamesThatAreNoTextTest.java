package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name on a disk is bytes; Java shows those that are no text in its encoding alike, so the text names another file, or none. */
class NamesThatAreNoTextTest {
    private static final String REASON = ": the encoding of file names here, " + System.getProperty("sun.jnu.encoding")
            + ", has no text for its name, expected one that has; rename it, or start Java with LC_ALL=C.UTF-8";

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void makeNames() throws IOException, InterruptedException {
        Npy.doubles(directory.resolve("a.npy"), 1, 2);
        Files.createDirectories(directory.resolve("files"));
        Files.createDirectories(directory.resolve("partitions/k=1"));
        Files.copy(directory.resolve("a.npy"), directory.resolve("partitions/k=1/a.npy"));
        shell("cp a.npy $(printf 'files/x\\377.npy'); cp -r partitions/k=1 $(printf 'partitions/k=\\377')");
    }

    /** Java can give no such name. */
    private void shell(String commands) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-ec", commands)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(shell.waitFor()).isZero();
    }

    /** The same names with the character that Java shows. */
    private void makeTwins() throws IOException, InterruptedException {
        shell("cp a.npy $(printf 'files/x\\357\\277\\275.npy');"
                + " cp -r partitions/k=1 $(printf 'partitions/k=\\357\\277\\275')");
    }

    private void refuse(boolean recursive, String path, String named) {
        DataFrameReader reader = spark.read().format("memmap").option("recursiveFileLookup", recursive);
        assertThatThrownBy(() -> reader.load(directory + path).collect())
                .hasMessage("Cannot read file:" + directory + named + REASON);
    }

    @Test
    void areRefusedWhereTheyWouldBeRead() throws IOException, InterruptedException {
        for (boolean twins : new boolean[] {false, true}) {
            if (twins) {
                makeTwins();
            }
            refuse(false, "/files", "/files/x\uFFFD.npy");
            refuse(false, "/files/*.npy", "/files/x\uFFFD.npy");
            refuse(false, "/partitions/*/a.npy", "/partitions/k=\uFFFD/a.npy");
            refuse(false, "/partitions", "/partitions/k=\uFFFD");
            refuse(true, "/partitions", "/partitions/k=\uFFFD");
        }
    }

    /** Arrays without a suffix: each file may be one. */
    @Test
    void areRefusedAmongArraysThatAreKnownByTheirFirstBytes() throws IOException, InterruptedException {
        shell("mkdir d; printf '\\0\\0\\10\\1\\0\\0\\0\\2ab' > d/labels; cp d/labels $(printf 'd/more\\377')");
        String refused =
                "Cannot read file:" + directory + "/d/%s: files of its directory are arrays by their first bytes,"
                        + " and its own cannot be read (%s); make it readable, or leave it out by a pathGlobFilter";
        assertThatThrownBy(() -> count("/d", "*"))
                .hasMessage(refused, "more\uFFFD", "Cannot read file:" + directory + "/d/more\uFFFD" + REASON);
        assertThat(count("/d", "l*")).isEqualTo(2);
        shell("rm d/more*; ln -s /proc/self/mem d/memory");
        assertThatThrownBy(() -> count("/d", "*")).hasMessage(refused, "memory", "Input/output error");
        assertThat(count("/d", "l*")).isEqualTo(2);
    }

    private long count(String path, String names) {
        return spark.read()
                .format("memmap")
                .option("pathGlobFilter", names)
                .load(directory + path)
                .count();
    }

    @Test
    void areLeftAloneBesideOthers() throws IOException, InterruptedException {
        String table = directory.resolve("t").toString();
        spark.range(4)
                .selectExpr("id", "id % 2 AS k")
                .write()
                .format("memmap")
                .partitionBy("k")
                .save(table);
        shell("cp a.npy $(printf 't/x\\377.npy'); cp -r partitions/k=1 $(printf 't/k=\\377')");
        assertThat(spark.read()
                        .format("memmap")
                        .load(table)
                        .groupBy()
                        .sum("id")
                        .head()
                        .getLong(0))
                .isEqualTo(6);
        shell("mkdir d; cp a.npy d; cp a.npy $(printf 'd/notes\\377.txt'); mkdir $(printf 'd/more\\377')");
        assertThat(spark.read()
                        .format("memmap")
                        .load(directory + "/d")
                        .groupBy()
                        .sum("value")
                        .head()
                        .getDouble(0))
                .isEqualTo(3);
    }
}
