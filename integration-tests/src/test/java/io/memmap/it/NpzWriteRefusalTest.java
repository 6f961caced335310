package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes to {@code x.npz} that are refused. */
class NpzWriteRefusalTest extends NpzWrites {
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            layout=array ! with layout=array: each column is a member of container=npz, expected no layout
            layout=columns ! with layout=columns: each column is a member of container=npz
            order=F ! with order=F: the members of container=npz are written in C order
            shape=-1,2 ! each column is an array with a shape of its own, expected no shape
            rowColumn=a ! columns side by side are written in the order of the rows, expected no rowColumn
            container=npy ! container=npy was given for a name that ends in .npz
            container=raw ! container=raw was given for a name that ends in .npz
            output=directory;container=npz ! it would be a directory, expected one file
            """)
    void optionsOfOneArrayAreRefused(String options, String message) {
        Dataset<Row> rows = spark.range(3).selectExpr("id AS a", "id AS b");
        assertThatThrownBy(() -> writer(rows, options.split(";")).save(directory + "/x.npz"))
                .hasStackTraceContaining(message);
        assertThat(directory.resolve("x.npz")).doesNotExist();
    }

    @Test
    void partitionsAreRefused() {
        assertThatThrownBy(() -> writer(spark.range(3).selectExpr("id AS a", "id AS b"))
                        .partitionBy("a")
                        .save(directory + "/x.npz"))
                .hasMessage("Cannot write " + directory + "/x.npz with partitionBy(a): container=npz is one file,"
                        + " expected no partitionBy; write a directory");
    }

    @Test
    void namesThatLeadOutOfTheArchiveAreRefused() throws IOException {
        for (String name : List.of("../../evil", "/etc/x", "a\\b", "..", "a//b", "nul\0")) {
            Dataset<Row> rows = spark.range(3).toDF(name).withColumn("v", org.apache.spark.sql.functions.lit(1));
            assertThatThrownBy(() -> writer(rows).save(directory + "/x.npz"))
                    .hasStackTraceContaining("the column '" + name + "' would be the member ");
        }
        assertThatThrownBy(() -> writer(spark.range(3).selectExpr("id AS x", "id AS `x.npy`"))
                        .save(directory + "/x.npz"))
                .hasStackTraceContaining("np.load would take 'x.npy' for this column and for that of this name");
        assertThatThrownBy(() ->
                        writer(spark.range(3).selectExpr("id AS x", "id AS X")).save(directory + "/x.npz"))
                .hasStackTraceContaining("'x' and 'X' differ in case only");
        assertThat(SavedFiles.names(directory)).isEmpty();
    }

    @Test
    void sqlCreatesButDoesNotChangeThem() {
        session.sql("CREATE TABLE memmap.`@/x.npz` AS SELECT id, array(id, id + 1) AS v FROM range(4)");
        assertThat(session.sql("SELECT sum(id), sum(v[1]) FROM memmap.`@/x.npz`")
                        .toString())
                .isEqualTo("[[6,10]]");
        assertThat(session.sql("SHOW TABLES IN memmap.`@/x.npz`").toString())
                .contains("id,")
                .contains("v,");
        session.sql("CREATE OR REPLACE TABLE memmap.`@/x.npz` AS SELECT id AS k, id AS m FROM range(2)");
        assertThat(session.sql("SELECT k, m FROM memmap.`@/x.npz`").toString()).isEqualTo("[[0,0], [1,1]]");
        for (String statement : List.of(
                "INSERT INTO memmap.`@/x.npz` SELECT id, id FROM range(2)",
                "INSERT OVERWRITE memmap.`@/x.npz` SELECT id, id FROM range(2)",
                "UPDATE memmap.`@/x.npz` SET m = 3",
                "MERGE INTO memmap.`@/x.npz` t USING (SELECT 1L AS s) ON k = s WHEN MATCHED THEN UPDATE SET m = s")) {
            assertThatThrownBy(() -> session.sql(statement))
                    .as(statement)
                    .hasStackTraceContaining("x.npz#k: files of container=npz are written as a whole")
                    .hasStackTraceContaining(
                            "CREATE OR REPLACE TABLE ... AS SELECT or mode(\"overwrite\") of save(path)");
        }
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/x.npz` PURGE"))
                .hasStackTraceContaining("x.npz: it is no array that can be written (")
                .hasStackTraceContaining("; remove it as a file");
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/y.npz` (a INT, b INT)"))
                .hasStackTraceContaining(
                        "y.npz without rows: files of container=npz are written as a whole, expected CREATE"
                                + " TABLE ... AS SELECT");
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/y.npz` AS SELECT id FROM range(2)"))
                .hasStackTraceContaining("the only member of a container is read as that array alone");
        assertThat(session.sql("SELECT k, m FROM memmap.`@/x.npz`").toString()).isEqualTo("[[0,0], [1,1]]");
    }

    @Test
    void layoutSideBySideNeedsSeveralArrays() {
        Dataset<Row> rows = spark.range(3).selectExpr("id AS a", "id AS b");
        assertThatThrownBy(() -> writer(rows, "layout=sideBySide").save(directory + "/x.npy"))
                .hasStackTraceContaining("with layout=sideBySide: it is one array, expected ");
    }

    /** A file of another container is not made a .npy file by the way. */
    @Test
    void outputFileLeavesOtherContainersAlone() throws IOException {
        Dataset<Row> rows = spark.range(3).selectExpr("id AS a", "id AS b");
        byte[] idx = {0, 0, 8, 1, 0, 0, 0, 2, 5, 6};
        Path images = Files.write(directory.resolve("images"), idx);
        writer(rows).save(directory + "/x.npz");
        Path archive = Files.move(directory.resolve("x.npz"), directory.resolve("archive"));
        byte[] npz = Files.readAllBytes(archive);
        for (String name : List.of("x.safetensors", "x.fbin", "images", "archive")) {
            for (SaveMode mode : List.of(SaveMode.Overwrite, SaveMode.Append)) {
                assertThatThrownBy(() -> writer(rows, "output=file").mode(mode).save(directory + "/" + name))
                        .as(name)
                        .hasStackTraceContaining("Cannot write to " + directory + "/" + name + ": files of container=");
            }
        }
        assertThat(Files.readAllBytes(images)).isEqualTo(idx);
        assertThat(Files.readAllBytes(archive)).isEqualTo(npz);
        writer(rows, "output=file", "container=npz").mode(SaveMode.Overwrite).save(archive.toString());
        assertThat(read(archive).count()).isEqualTo(3);
    }

    @Test
    void otherFileSystemsAreRefused() {
        SparkSession other = session.spark();
        assertThatThrownBy(() -> other.range(3)
                        .selectExpr("id AS a", "id AS b")
                        .write()
                        .format("memmap")
                        .option("fs.wrapped.impl", WrappedFileSystem.class.getName())
                        .option("fs.wrapped.impl.disable.cache", true)
                        .option(WrappedFileSystem.KEY, "open")
                        .save("wrapped://" + directory + "/x.npz"))
                .hasStackTraceContaining("its members are put together on a local disk only, expected a local path");
    }
}
