package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors name what to do in the words of the place where the user is, and the advice works. */
class AdviceTest {
    private static final String GOOGLE = "gs://bucket/x.npy";

    @TempDir
    Path directory;

    @Test
    void aDirectoryOfOtherFilesIsWrittenTo() throws IOException {
        Files.writeString(directory.resolve("a.csv"), "a,b");
        for (String mode : new String[] {"append", "overwrite"}) {
            assertThatThrownBy(() -> SharedSpark.session()
                            .range(3)
                            .write()
                            .format("memmap")
                            .mode(mode)
                            .save(directory.toString()))
                    .hasMessage("Cannot write to " + directory + ": none of its 1 files, such as a.csv, ends in .npy,"
                            + " expected an empty directory, or one with an array; choose a path of its own for the"
                            + " array");
        }
        assertThat(directory).isDirectoryContaining("glob:**a.csv");
    }

    @Test
    void aStringNeedsATableProperty() {
        SqlSession session = new SqlSession(directory);
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/x.npy` (id INT, city STRING)"))
                .hasMessage(
                        "Cannot write columns city STRING: their types have no fixed width, expected a dtype for each;"
                                + " set columnDtypes='city U32' with lengths that fit; CREATE TABLE takes it as TBLPROPERTIES"
                                + " ('columnDtypes' = 'city U32')");
        session.sql("CREATE TABLE memmap.`@/x.npy` (id INT, city STRING) TBLPROPERTIES ('columnDtypes' = 'city U32')");
        session.sql("INSERT INTO memmap.`@/x.npy` VALUES (1, 'Oslo')");
        assertThat(session.sql("SELECT * FROM memmap.`@/x.npy`")).containsExactly(RowFactory.create(1, "Oslo"));
    }

    @Test
    void aCatalogSaysWhatBecomesOfNumbersThatDoNotFit() {
        SqlSession session = new SqlSession(directory);
        session.spark().conf().set("spark.sql.catalog.clamped", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.clamped.overflow", "saturate");
        session.sql("CREATE TABLE memmap.`@/x.npy` (value SMALLINT) TBLPROPERTIES ('dtype' = 'u1')");
        assertThatThrownBy(() -> session.sql("INSERT INTO memmap.`@/x.npy` VALUES (300)"))
                .hasStackTraceContaining("found 300, expected 0 to 255 as its dtype is |u1; set overflow=saturate or"
                        + " overflow=wrap, or give the column a wider dtype; in SQL overflow is a setting of the catalog,"
                        + " as in spark.sql.catalog.memmap.overflow=saturate");
        session.sql("INSERT INTO clamped.`@/x.npy` VALUES (300), (1)");
        session.sql("UPDATE clamped.`@/x.npy` SET value = -1 WHERE _row = 1");
        assertThat(session.sql("SELECT * FROM clamped.`@/x.npy` ORDER BY _row"))
                .containsExactly(RowFactory.create((short) 255), RowFactory.create((short) 0));
    }

    @Test
    void aFileSystemWithoutItsJarIsNamed() {
        SparkSession spark = SharedSpark.session();
        assertThatThrownBy(() -> spark.read().format("memmap").load(GOOGLE))
                .hasMessageStartingWith("Cannot read " + GOOGLE + ": ")
                // The class of gs is known to Hadoop since 3.5.
                .hasMessageContaining(spark.version().startsWith("4.2") ? "GoogleHadoopFileSystem not found" : "\"gs\"")
                .hasMessageEndingWith("; expected the jar of this file system, such as hadoop-aws for s3a; add it with"
                        + " --packages or --jars");
        assertThatThrownBy(() -> spark.read().format("memmap").load("s3://bucket/x.npy"))
                .hasMessage(
                        "Cannot read s3://bucket/x.npy: No FileSystem for scheme \"s3\"; expected a scheme that Hadoop"
                                + " knows, as in s3a://bucket/x.npy");
    }
}
