package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * Files that {@code save("x.npz")} writes: to NumPy, to zip programs and to this reader.
 *
 * <p>{@code -Dmemmap.npz.rows=640000000} writes a member of 5 GiB. It needs 15 GB of disk.
 */
class NpzWriteTest extends NpzWrites {
    private List<String> seenByPython(Path file) throws IOException, InterruptedException {
        Python.assumeNumpy(directory);
        Python.Outcome seen =
                Python.run(directory, ResourceFile.of("containers/saved_npz.py").toString(), file.toString());
        assertThat(seen.succeeded()).as(seen.output()).isTrue();
        return seen.output().lines().toList();
    }

    /** What {@code unzip -t} says in the end. */
    private String unzipped(Path file) throws IOException, InterruptedException {
        Process unzip;
        try {
            unzip = new ProcessBuilder("unzip", "-t", file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Python.assumeFound(false, "no unzip here: " + e);
            throw e;
        }
        String output = new String(unzip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(unzip.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(unzip.exitValue()).as(output).isZero();
        return output.lines().reduce((first, last) -> last).orElse("");
    }

    @Test
    void eachColumnIsAMember() throws IOException, InterruptedException {
        Path file = directory.resolve("x.npz");
        writer(rows(40_000, 3)).save(file.toString());
        Dataset<Row> back = read(file);
        Dataset<Row> written = rows(40_000, 3);
        assertThat(back.schema().simpleString()).isEqualTo(written.schema().simpleString());
        assertThat(back.selectExpr("count(*)", "count_if(id = _row)").first().toString())
                .isEqualTo("[40000,40000]");
        assertThat(back.exceptAll(written).count()).isZero();
        assertThat(seenByPython(file))
                .containsExactly(
                        "id|<i4|(40000,)|0",
                        "x|<f8|(40000,)|0.0",
                        "emb|<f4|(40000, 3)|[0.0, 0.0, 0.25]",
                        "name|<U3|(40000,)|n0",
                        "s|[('a', '<i2'), ('b', '|b1')]|(40000,)|(0, True)",
                        "day|<M8[D]|(40000,)|2026-01-01",
                        "flag||b1|(40000,)|True",
                        "testzip None True");
        assertThat(unzipped(file)).startsWith("No errors detected in compressed data of ");
    }

    @Test
    void noRowsAreArraysOfNoRows() throws IOException, InterruptedException {
        Path file = directory.resolve("x.npz");
        Dataset<Row> none = spark.range(0).selectExpr("id", "CAST(id AS DOUBLE) AS x");
        writer(none).save(file.toString());
        assertThat(seenByPython(file)).containsExactly("id|<i8|(0,)|-", "x|<f8|(0,)|-", "testzip None True");
        assertThat(read(file).count()).isZero();
        assertThatThrownBy(() -> writer(spark.range(0).selectExpr("id", "array(id) AS v"))
                        .save(directory + "/y.npz"))
                .hasStackTraceContaining("the DataFrame has no rows that tell the lengths of its ARRAYs, expected"
                        + " columnDtypes with them, as in columnDtypes=\"v ('<i8', (3,))\"");
        writer(spark.range(0).selectExpr("id", "array(id) AS v"), "columnDtypes=v ('<i8', (2,))")
                .save(directory + "/y.npz");
        assertThat(seenByPython(directory.resolve("y.npz")))
                .containsExactly("id|<i8|(0,)|-", "v|<i8|(0, 2)|-", "testzip None True");
    }

    @Test
    void saveModesAreThoseOfASingleFile() throws IOException {
        Path file = directory.resolve("x.npz");
        Dataset<Row> few = spark.range(3).selectExpr("id AS a", "id AS b");
        writer(few).save(file.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        byte[] before = Files.readAllBytes(file);
        writer(few).mode(SaveMode.Ignore).save(file.toString());
        assertThatThrownBy(() -> writer(few).save(file.toString()))
                .hasStackTraceContaining("it exists, expected nothing");
        assertThatThrownBy(() -> writer(few).mode(SaveMode.Append).save(file.toString()))
                .hasStackTraceContaining("Cannot write to ")
                .hasStackTraceContaining("files of container=npz are written as a whole")
                .hasStackTraceContaining("mode(\"overwrite\") of save(path) replaces the file");
        assertThatThrownBy(() -> writer(few, "rowColumn=a", "update=true")
                        .mode(SaveMode.Append)
                        .save(file.toString()))
                .hasStackTraceContaining("files of container=npz are written as a whole");
        assertThatThrownBy(() -> writer(
                                few.selectExpr("a", "if(a < 2, 'x', raise_error('in a task')) AS b"),
                                "columnDtypes=b S1")
                        .mode(SaveMode.Overwrite)
                        .save(file.toString()))
                .hasStackTraceContaining("in a task");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        writer(spark.range(5).selectExpr("id AS c", "id AS d"))
                .mode(SaveMode.Overwrite)
                .save(file.toString());
        assertThat(read(file).collectAsList().toString()).isEqualTo("[[0,0], [1,1], [2,2], [3,3], [4,4]]");
        assertThat(read(file).columns()).containsExactly("c", "d");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void optionsOfColumnsReachTheMembers() throws IOException, InterruptedException {
        Path file = directory.resolve("x.file");
        writer(
                        spark.range(2).selectExpr("id AS a", "'ä' AS b", "array(id, 7L) AS v"),
                        "container=npz",
                        "output=file",
                        "layout=sideBySide",
                        "columnDtypes={'a': '>f4', 'b': 'S2', 'v': ('<i2', (2,))}",
                        "columnNames=p/q, x.npy, größe")
                .save(file.toString());
        assertThat(seenByPython(file))
                .containsExactly(
                        "p/q|>f4|(2,)|0.0",
                        "x.npy||S2|(2,)|b'\\xc3\\xa4'",
                        "größe|<i2|(2, 2)|[0, 7]",
                        "testzip None True");
        assertThat(read(file).collectAsList().toString()).contains("[1.0,").contains("7");
        assertThat(read(file).columns()).containsExactly("p/q", "x.npy", "größe");
    }

    @Test
    void namesMayDifferInCaseWhereTheSessionDoes() throws IOException, InterruptedException {
        Path file = directory.resolve("x.npz");
        SparkSession cased = session.spark();
        cased.conf().set("spark.sql.caseSensitive", true);
        SparkSession.setActiveSession(cased);
        try {
            cased.range(3)
                    .selectExpr("id AS x", "-id AS X")
                    .write()
                    .format("memmap")
                    .save(file.toString());
            assertThat(cased.read()
                            .format("memmap")
                            .load(file.toString())
                            .selectExpr("sum(x)", "sum(X)")
                            .first()
                            .toString())
                    .isEqualTo("[3,-3]");
        } finally {
            SparkSession.setActiveSession(spark);
        }
        assertThat(seenByPython(file)).containsExactly("x|<i8|(3,)|0", "X|<i8|(3,)|0", "testzip None True");
    }

    /** As the reader has it: an array alone is not a column of that name. */
    @Test
    void oneColumnIsReadAsTheArrayThatItIs() {
        Path file = directory.resolve("x.npz");
        writer(spark.range(3).selectExpr("id AS a")).save(file.toString());
        assertThat(read(file).columns()).containsExactly("value");
        writer(spark.range(3).selectExpr("array(id, id) AS a"))
                .mode(SaveMode.Overwrite)
                .save(file.toString());
        assertThat(read(file).columns()).containsExactly("c0", "c1");
    }

    /** On demand, with a member above 4 GiB. */
    @Test
    void largeMembersPassNumpyAndUnzip() throws IOException, InterruptedException {
        long rows = Long.getLong("memmap.npz.rows", 100_000);
        Path file = directory.resolve("large.npz");
        writer(spark.range(0, rows, 1, 4).selectExpr("id AS k", "CAST(id % 7 AS TINYINT) AS v"))
                .save(file.toString());
        assertThat(seenByPython(file))
                .containsExactly("k|<i8|(" + rows + ",)|0", "v||i1|(" + rows + ",)|0", "testzip None True");
        assertThat(unzipped(file)).startsWith("No errors detected");
        assertThat(read(file).where("k != _row OR v != k % 7").count()).isZero();
        assertThat(Arrays.asList(read(file).columns())).containsExactly("k", "v");
    }
}
