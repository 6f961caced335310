package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.header;
import static io.memmap.it.SavedFiles.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.Level;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** STRINGs, and ARRAYs in STRUCTs, that are saved to a path without a width or length: it is measured. */
class SavedTextTest {
    /** Rows that the function {@code counted} saw. */
    private static final AtomicInteger SEEN = new AtomicInteger();

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    @BeforeEach
    void setUp() {
        SEEN.set(0);
        UDF1<String, String> counted = text -> {
            SEEN.incrementAndGet();
            return text;
        };
        UDF1<String, String> growing = text -> text + "x".repeat(SEEN.incrementAndGet());
        spark.udf().register("counted", counted, DataTypes.StringType);
        spark.udf().register("growing", growing, DataTypes.StringType);
        spark.conf().set("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog");
    }

    private DataFrameWriter<Row> writer(String query, String... options) {
        DataFrameWriter<Row> writer = spark.sql(query).write().format("memmap");
        for (String option : options) {
            String[] pair = option.split("=", 2);
            writer.option(pair[0], pair[1]);
        }
        return writer;
    }

    private List<String> rows(Path path) {
        return SavedFiles.read(spark, path).orderBy("_row").collectAsList().stream()
                .map(Row::toString)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            VALUES (1, 'ab'), (2, 'abcd'), (3, '') AS t(id, name) ! - ! [('id', '<i4'), ('name', '<U4')] ! [1,ab] [2,abcd] [3,]
            VALUES ('a', '€😀é'), ('bcd', 'x') AS t(a, b) ! - ! [('a', '<U3'), ('b', '<U3')] ! [a,€😀é] [bcd,x]
            VALUES (1, 'ab') AS t(id, name) WHERE id > 1 ! - ! [('id', '<i4'), ('name', '<U1')] ! -
            VALUES (1, '') AS t(id, name) ! - ! [('id', '<i4'), ('name', '<U1')] ! [1,]
            VALUES (1, 'ab'), (2, NULL) AS t(id, name) ! nullValue=name=n/a ! [('id', '<i4'), ('name', '<U3')] ! [1,ab] [2,n/a]
            VALUES (1, 'abcd'), (2, NULL) AS t(id, name) ! nullValue=-1 ! [('id', '<i4'), ('name', '<U4')] ! [1,abcd] [2,-1]
            VALUES (1, 'a'), (2, NULL) AS t(id, name) ! nullValue=-1 ! [('id', '<i4'), ('name', '<U2')] ! [1,a] [2,-1]
            VALUES (1, 'a'), (2, 'b') AS t(id, name) ! nullValue=none ! [('id', '<i4'), ('name', '<U1')] ! [1,a] [2,b]
            VALUES (1, 'a'), (2, NULL) AS t(id, name) ! nullValue=name=b'n/a' ! [('id', '<i4'), ('name', '<U3')] ! [1,a] [2,n/a]
            VALUES (1, 'abc', 'x') AS t(id, a, b) ! columnDtypes=A S5 ! [('id', '<i4'), ('a', '|S5'), ('b', '<U1')] ! [1,abc,x]
            VALUES (1, 'abc', 'x') AS t(id, `a.b`, `c``d"`) ! columnDtypes={'id': '<i8'} ! [('id', '<i8'), ('a.b', '<U3'), ('c`d"', '<U1')] ! [1,abc,x]
            SELECT 1 AS id, named_struct('a', 'xyz', 'n', 5, 'b.c', 'é') AS s ! - ! [('id', '<i4'), ('s', [('a', '<U3'), ('n', '<i4'), ('b.c', '<U1')])] ! [1,[xyz,5,é]]
            SELECT 1 AS id, array('a', 'bcd') AS tags ! - ! [('id', '<i4'), ('tags', '<U3', (2,))] ! [1,ArraySeq(a, bcd)]
            SELECT array(array(named_struct('k', 'ab')), array(named_struct('k', 'a'))) AS v, 'abc' AS s ! - ! [('v', [('k', '<U2')], (2, 1)), ('s', '<U3')] ! *
            SELECT 1 AS id, named_struct('a', array(1, 2), 's', 'é') AS s ! - ! [('id', '<i4'), ('s', [('a', '<i4', (2,)), ('s', '<U1')])] ! [1,[ArraySeq(1, 2),é]]
            SELECT array(named_struct('v', array(array(1D), array(2D)), 't', array('ab', 'c'))) AS v, 1 AS n ! - ! [('v', [('v', '<f8', (2, 1)), ('t', '<U2', (2,))], (1,)), ('n', '<i4')] ! *
            VALUES (1, named_struct('a', array(1), 's', CAST(NULL AS STRING))) AS t(id, s) ! nullValue=s=n/a ! [('id', '<i4'), ('s', [('a', '<i4', (1,)), ('s', '<U3')])] ! *
            VALUES (1, named_struct('a', array(1, 2))) AS t(id, s) WHERE id > 1 ! - ! [('id', '<i4'), ('s', [('a', '<i4', (1,))])] ! -
            SELECT 1L AS row, 'ab' AS name ! rowColumn=row;shape=3;fillValue=none ! <U4 ! [none] [ab] [none]
            """)
    void theWidthIsTheLongestValues(String query, String options, String dtype, String rows) throws IOException {
        Path target = directory.resolve("x.npy");
        String text = query.startsWith("VALUES") ? "SELECT * FROM " + query : query;
        writer(text, options.equals("-") ? new String[0] : options.split(";")).save(target.toString());
        String descr = dtype.startsWith("[") ? dtype : "'" + dtype + "'";
        assertThat(header(target)).contains("'descr': " + descr);
        if (!rows.equals("*")) {
            assertThat(String.join(" ", rows(target)).replace("WrappedArray", "ArraySeq"))
                    .isEqualTo(rows.equals("-") ? "" : rows);
        }
    }

    @Test
    void arraysInStructsHaveOneLength() throws IOException {
        String lengths = "VALUES (1, named_struct('a', array(1, 2))), (2, named_struct('a', array(3))) AS t(id, s)";
        assertThatThrownBy(() -> writer("SELECT * FROM " + lengths).save(directory + "/x.npy"))
                .hasStackTraceContaining("column 's.a': found an ARRAY of 1 elements, expected 2 as in all rows;");
        assertThat(SavedFiles.names(directory)).isEmpty();
    }

    @Test
    void onePassMeasuresAllColumnsAndOneLineSaysIt() throws IOException {
        Path target = directory.resolve("x");
        List<String> lines = LogLines.of(Level.INFO, () -> spark.range(0, 12, 1, 3)
                .selectExpr("counted('n' || id) AS name", "'abc' AS kind", "id")
                .write()
                .format("memmap")
                .save(target.toString()));
        assertThat(lines.stream().filter(line -> line.contains("pass")))
                .containsExactly(target + ": measured its columns in a pass of its own, which columnDtypes skips:"
                        + " name <U3, kind <U3");
        assertThat(SEEN).hasValue(24);
        assertThat(shards(target)).hasSize(3);
        assertThat(rows(target))
                .hasSize(12)
                .startsWith("[n0,abc,0]", "[n1,abc,1]")
                .endsWith("[n11,abc,11]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"columnDtypes=name U8", "dtype=[('name', 'U8')]", "columnDtypes={'NAME': 'S8'}"})
    void noPassIsMadeWhereTheDtypeIsSaid(String option) {
        writer("SELECT counted('abc') AS name FROM range(5)", option).save(directory + "/x.npy");
        assertThat(SEEN).hasValue(5);
        writer("SELECT counted('abc') AS name FROM range(5)").mode("append").save(directory + "/x.npy");
        assertThat(SEEN).hasValue(10);
        assertThat(rows(directory.resolve("x.npy"))).hasSize(10).containsOnly("[abc]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void anAppendKeepsTheWidthAndAnOverwriteMeasuresAnew(String name) throws IOException {
        Path target = directory.resolve(name);
        writer("SELECT 1 AS id, 'abc' AS name").mode("append").save(target.toString());
        writer("SELECT 2 AS id, 'de' AS name").mode("append").save(target.toString());
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() ->
                        writer("SELECT 3 AS id, 'abcd' AS name").mode("append").save(target.toString()))
                .hasStackTraceContaining(
                        "column 'name': found 'abcd' of 4 characters, expected at most 3 as its dtype is"
                                + " <U3; give it a wider one by columnDtypes when the array is made, such as U4");
        assertThat(everything(directory)).isEqualTo(before);
        assertThat(rows(target)).containsExactly("[1,abc]", "[2,de]");
        writer("SELECT 3 AS id, 'abcd' AS name").mode("overwrite").save(target.toString());
        assertThat(rows(target)).containsExactly("[3,abcd]");
    }

    @ParameterizedTest
    @EnumSource(SaveMode.class)
    void anEmptyDirectoryIsANewTarget(SaveMode mode) throws IOException {
        Path target = Files.createDirectory(directory.resolve("x"));
        if (mode == SaveMode.Append || mode == SaveMode.Overwrite) {
            writer("SELECT 'abc' AS name").mode(mode).save(target.toString());
            assertThat(rows(target)).containsExactly("[abc]");
        }
    }

    @Test
    void nothingIsMeasuredWhereNothingIsWritten() {
        String target = directory + "/x.npy";
        writer("SELECT 'abc' AS name").save(target);
        writer("SELECT counted('a') AS name").mode("ignore").save(target);
        assertThatThrownBy(() -> writer("SELECT counted('a') AS name").save(target))
                .hasMessageContaining("it exists");
        assertThat(SEEN).hasValue(0);
    }

    @Test
    void whatCanBeKnownBeforeIsRefusedBefore() throws IOException {
        Files.createDirectory(directory.resolve("taken.npy"));
        assertThatThrownBy(() ->
                        writer("SELECT counted('a') AS name").mode("overwrite").save(directory + "/taken.npy"))
                .hasMessageContaining("it is a directory, expected the same kind");
        assertThatThrownBy(() -> writer("SELECT counted('a') AS name, X'01' AS b, map(1, 2) AS m")
                        .save(directory + "/x"))
                .hasMessageStartingWith(
                        "Cannot write columns b BINARY, m MAP<INT, INT>: their types have no fixed width");
        assertThatThrownBy(() ->
                        writer("SELECT counted('a') AS name, map(1, 2) AS m").save(directory + "/x"))
                .hasMessage(
                        "Cannot write columns m MAP<INT, INT>: no array holds values of their types, expected numbers,"
                                + " BOOLEAN, dates, times, texts, and ARRAYs and STRUCTs of them; leave out m");
        assertThatThrownBy(() -> writer("SELECT counted('a') AS name", "nullValue=nmae=-")
                        .save(directory + "/x"))
                .hasMessageContaining("did you mean 'name'?");
        assertThatThrownBy(() -> writer("SELECT counted('a') AS name", "measuredDtypes={'name': 'U2'}")
                        .save(directory + "/x"))
                .hasMessageContaining("'measureddtypes': unknown, expected one of the memmap options");
        assertThat(SEEN).hasValue(0);
        assertThat(SavedFiles.names(directory)).containsExactly("taken.npy");
    }

    @Test
    void aValueThatIsTooLongForAllRowsIsRefused() throws IOException {
        Path target = directory.resolve("x.npy");
        writer("SELECT repeat('é', 1024) AS name").save(target.toString());
        assertThat(header(target)).contains("'<U1024'");
        assertThatThrownBy(() -> writer("SELECT 'x' AS `my kind`, repeat('é', 1025) AS name")
                        .save(directory + "/y"))
                .hasMessage("Cannot write " + directory + "/y: the longest STRING has 1025 characters, expected at most"
                        + " 1024 without columnDtypes, as each row takes the longest one's room; shorten the values, or"
                        + " set columnDtypes='`my kind` <U1, name <U1025'");
        assertThat(SavedFiles.names(directory)).containsExactly("x.npy");
        writer("SELECT 'x' AS `my kind`, repeat('é', 1025) AS name", "columnDtypes=`my kind` <U1, name <U1025")
                .save(directory + "/y");
        assertThat(shards(directory.resolve("y"))).hasSize(1);
    }

    @Test
    void aNulAtTheEndIsRefused() throws IOException {
        assertThatThrownBy(() -> writer("SELECT concat('ab', char(0)) AS name").save(directory + "/x.npy"))
                .hasStackTraceContaining(
                        "column 'name': found 'ab\\x00' with a NUL at the end, expected none as its dtype"
                                + " is <U3, from which NumPy cuts it; use another character in its place, or BINARY and by"
                                + " columnDtypes a V dtype");
        assertThat(SavedFiles.names(directory)).isEmpty();
        writer("SELECT concat('a', char(0), 'b') AS name").save(directory + "/x.npy");
        assertThat(rows(directory.resolve("x.npy"))).containsExactly("[a\0b]");
    }

    @Test
    void rowsThatAreOthersTheSecondTimeAreRefused() throws IOException {
        assertThatThrownBy(() -> writer("SELECT growing('a') AS name").save(directory + "/x.npy"))
                .hasStackTraceContaining(
                        "column 'name': found 'axx' of 3 characters, expected at most 2 as its dtype is"
                                + " <U2; give it a wider one by columnDtypes");
        assertThat(SavedFiles.names(directory)).isEmpty();
    }

    @Test
    void aNullIsRefusedAsWithAWidth() {
        assertThatThrownBy(() ->
                        writer("SELECT * FROM VALUES ('a'), (NULL) AS t(name)").save(directory + "/x.npy"))
                .hasStackTraceContaining("column 'name': found NULL, expected a value as its dtype <U1 has none for it;"
                        + " set the value to store, as in nullValue='name=0'; SQL can do so by COALESCE");
    }

    @Test
    void namesThatDifferInCaseOnlyAreMeasuredApart() throws IOException {
        spark.conf().set("spark.sql.caseSensitive", "true");
        writer("SELECT 'abc' AS a, 'x' AS A, named_struct('f', 'x', 'F', 'xy') AS s")
                .save(directory + "/x.npy");
        assertThat(header(directory.resolve("x.npy")))
                .contains("[('a', '<U3'), ('A', '<U1'), ('s', [('f', '<U1'), ('F', '<U2')])]");
    }

    @Test
    void statementsAndTablesKeepTheirError() throws Exception {
        String expected = "value STRING: their types have no fixed width, expected a dtype for each; set"
                + " columnDtypes='value U32'";
        assertThatThrownBy(() ->
                        spark.sql("CREATE TABLE memmap.`" + directory + "/x.npy` AS SELECT counted('a') AS value"))
                .hasMessageContaining(expected);
        Dataset<Row> rows = spark.sql("SELECT counted('a') AS value");
        assertThatThrownBy(
                        () -> rows.writeTo("memmap.`" + directory + "/x.npy`").create())
                .hasMessageContaining(expected);
        assertThat(SavedFiles.names(directory)).isEmpty();
        writer("SELECT 'ab' AS value").save(directory + "/x.npy");
        assertThatThrownBy(
                        () -> rows.writeTo("memmap.`" + directory + "/x.npy`").createOrReplace())
                .hasMessageContaining(expected);
        rows.writeTo("memmap.`" + directory + "/x.npy`").append();
        spark.sql("INSERT INTO memmap.`" + directory + "/x.npy` VALUES ('b')");
        assertThatThrownBy(() -> spark.sql("INSERT INTO memmap.`" + directory + "/x.npy` VALUES ('abc')"))
                .hasStackTraceContaining("expected at most 2 as its dtype is <U2");
        assertThat(rows(directory.resolve("x.npy"))).containsExactly("[ab]", "[a]", "[b]");
        assertThat(SEEN).hasValue(1);
    }
}
