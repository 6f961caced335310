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
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that {@code save("x.npz")} writes: to NumPy, to zip programs and to this reader.
 *
 * <p>{@code -Dmemmap.npz.rows=640000000} writes a member of 5 GiB. It needs 15 GB of disk.
 */
class NpzWriteTest {
    private static final String COLUMNS =
            """
            CAST(id AS INT) AS id,
            id * 0.5D AS x,
            array(CAST(id AS FLOAT), CAST(-id AS FLOAT), 0.25F) AS emb,
            concat('n', CAST(id % 100 AS STRING)) AS name,
            named_struct('a', CAST(id % 1000 AS SMALLINT), 'b', id % 2 = 0) AS s,
            DATE'2026-01-01' + CAST(id % 365 AS INT) AS day,
            id % 3 = 0 AS flag""";

    @TempDir
    private Path directory;

    private SqlSession session;
    private final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void open() {
        session = new SqlSession(directory);
    }

    @AfterEach
    void nothingIsLeftOver() throws IOException {
        OpenFiles.assertNoneBelow(directory);
        assertThat(SavedFiles.names(directory)).noneMatch(name -> name.startsWith("."));
    }

    private Dataset<Row> rows(long count, int partitions) {
        return spark.range(0, count, 1, partitions).selectExpr(COLUMNS.split(",\n"));
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows, String... options) {
        DataFrameWriter<Row> writer = rows.write().format("memmap");
        for (String option : options) {
            String[] pair = option.split("=", 2);
            writer.option(pair[0], pair[1]);
        }
        return writer;
    }

    private Dataset<Row> read(Path file) {
        return spark.read().format("memmap").load(file.toString());
    }

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
                .hasStackTraceContaining("expected no partitionBy");
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
                "UPDATE memmap.`@/x.npz` SET m = 3")) {
            assertThatThrownBy(() -> session.sql(statement)).as(statement).hasStackTraceContaining("Cannot ");
        }
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
