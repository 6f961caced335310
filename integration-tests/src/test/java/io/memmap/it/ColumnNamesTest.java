package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which columns of an array that is there the columns of a write go to. */
class ColumnNamesTest {

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private static DataFrameWriter<Row> writer(Dataset<Row> rows, String options) {
        DataFrameWriter<Row> writer = rows.write().format("memmap").mode("append");
        for (String option : options.split("; ")) {
            String[] pair = option.split("=", 2);
            writer.option(pair[0], pair[1]);
        }
        return writer;
    }

    /** A 2-D array of one row. */
    private Path matrix(String name, String columns) {
        Path target = directory.resolve(name);
        writer(spark.sql("SELECT " + columns), "layout=array").save(target.toString());
        return target;
    }

    private void append(String columns, Path target) {
        writer(spark.sql("SELECT " + columns), "maxRecordsPerFile=0").save(target.toString());
    }

    private void update(String columns, Path target) {
        writer(spark.sql("SELECT 0 AS row, " + columns), "rowColumn=row; update=true")
                .save(target.toString());
    }

    private List<Row> rows(Path target) {
        return SavedFiles.read(spark, target).orderBy("_row").collectAsList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x.dat"})
    void recordedNamesMatchByName(String name) {
        Path target = matrix(name, "1D AS x, 2D AS y");
        append("20D AS y, 10D AS x", target);
        append("200D AS Y, 100D AS x", target);
        assertThat(rows(target))
                .containsExactly(
                        RowFactory.create(1.0, 2.0), RowFactory.create(10.0, 20.0), RowFactory.create(100.0, 200.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x.dat", "x.npy"})
    void naturalNamesMatchByName(String name) {
        Path target = matrix(name, "1D AS c0, 2D AS c1");
        append("20D AS c1, 10D AS c0", target);
        assertThat(rows(target)).containsExactly(RowFactory.create(1.0, 2.0), RowFactory.create(10.0, 20.0));
    }

    /** A .npy file does not keep them. */
    @Test
    void otherNamesMatchByPositionWhereNoneAreRecorded() {
        Path file = matrix("x.npy", "1D AS x, 2D AS y");
        append("10D AS x, 20D AS y", file);
        update("-1D AS x, -2D AS y", file);
        assertThat(rows(file)).containsExactly(RowFactory.create(-1.0, -2.0), RowFactory.create(10.0, 20.0));
        Path numbers = directory.resolve("numbers.npy");
        append("1D AS x", numbers);
        append("2D AS y", numbers);
        assertThat(rows(numbers)).containsExactly(RowFactory.create(1.0), RowFactory.create(2.0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            x     | 1D AS x, 2D AS y           | 3D AS x, 4D AS z           | its columns are [x, y], the array has no [z], nothing is given for [y]
            x     | 1D AS x, 2D AS y           | 3D AS x                    | its columns are [x, y], nothing is given for [y]
            x     | 1D AS x, 2D AS y           | 3D AS x, 4D AS y, 5D AS z  | its columns are [x, y], the array has no [z]
            x     | 1D AS x, 2D AS y           | 3D AS c0, 4D AS c1         | its columns are [x, y], the array has no [c0, c1], nothing is given for [x, y]
            x.dat | 1D AS x, 2D AS y           | 3D AS a, 4D AS b           | its columns are [x, y], the array has no [a, b], nothing is given for [x, y]
            x.npy | 1D AS x, 2D AS y           | 3D AS c1, 4D AS y          | its columns are [c0, c1], the array has no [y], nothing is given for [c0]
            x.npy | 1D AS x, 2D AS y, 3D AS z  | 3D AS c1, 4D AS c0         | its columns are [c0, c1, c2], nothing is given for [c2]
            x     | array(1D, 2D) AS v         | array(3D, 4D) AS w         | its columns are [v], the array has no [w], nothing is given for [v]
            x     | array(1D, 2D) AS v         | 3D AS c0, 4D AS y          | its columns are [c0, c1], the array has no [y], nothing is given for [c1]
            x.dat | 1D AS x                    | 3D AS y                    | its columns are [x], the array has no [y], nothing is given for [x]
            x.npy | 1D AS x                    | 3D AS value, 4D AS y       | its columns are [value], the array has no [y]
            """)
    void refusesNamesThatAreOnlyPartlyTheArrays(String name, String before, String after, String cause)
            throws IOException {
        Path target = directory.resolve(name);
        writer(spark.sql("SELECT " + before), before.contains(",") ? "layout=array" : "layout=auto")
                .save(target.toString());
        Map<String, List<Byte>> all = everything(directory);
        assertThatThrownBy(() -> append(after, target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot write columns "
                        + List.of(spark.sql("SELECT " + after).columns()) + " to " + target + ": " + cause
                        + "; rename the columns with columnNames");
        assertThat(everything(directory)).isEqualTo(all);
    }

    /** A sidecar may rename the fields of a record. */
    @Test
    void namesOfASidecarAreThoseOfTheFields() throws IOException {
        Path file = Files.write(directory.resolve("x.dat"), Npy.i4(1, 2));
        Files.writeString(
                directory.resolve("x.dat.memmap.json"),
                "{\"dtype\": [[\"a\", \"<i4\"], [\"b\", \"<i4\"]], \"shape\": [1], \"columnNames\": [\"x\", \"y\"]}");
        append("20 AS y, 10 AS x", file);
        update("3 AS y", file);
        assertThat(rows(file)).containsExactly(RowFactory.create(1, 3), RowFactory.create(10, 20));
        assertThatThrownBy(() -> append("1 AS a, 2 AS b", file))
                .hasMessage(
                        "Cannot write columns [a, b] as a record of fields [x, y]: no field for [a, b], no column for"
                                + " [x, y], expected the same names; rename the columns with columnNames");
    }

    /** A layout that is said is no other than the one that is recorded, or that the shape suggests. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "x.dat"})
    void recordedNamesStayWhereTheirLayoutIsSaid(String name) {
        Path target = matrix(name, "1D AS x, 2D AS y");
        Dataset<Row> columns =
                spark.read().format("memmap").option("layout", "columns").load(target.toString());
        assertThat(columns.columns()).containsExactly("x", "y");
        assertThat(spark.read()
                        .format("memmap")
                        .option("layout", "array")
                        .load(target.toString())
                        .columns())
                .containsExactly("value");
        SparkSession said = spark.newSession();
        said.conf().set("spark.sql.catalog.said", "io.memmap.spark.MemmapCatalog");
        said.conf().set("spark.sql.catalog.said.layout", "columns");
        said.sql("INSERT INTO said.`" + target + "` (y, x) VALUES (20, 10)");
        assertThat(rows(target)).containsExactly(RowFactory.create(1.0, 2.0), RowFactory.create(10.0, 20.0));
    }

    @Test
    void columnNamesRenamesTheColumnsOfTheDataFrame() {
        Path target = matrix("x", "1D AS x, 2D AS y");
        writer(spark.sql("SELECT 20D AS a, 10D AS b"), "columnNames=y,x").save(target.toString());
        assertThat(rows(target)).containsExactly(RowFactory.create(1.0, 2.0), RowFactory.create(10.0, 20.0));
    }

    @Test
    void anUpdateMatchesByNameAndLeavesTheOthers() {
        Path target = matrix("x.dat", "1D AS x, 2D AS y, 3D AS z");
        update("30D AS z, 10D AS x", target);
        assertThat(rows(target)).containsExactly(RowFactory.create(10.0, 2.0, 30.0));
        for (String columns : List.of("5D AS a", "5D AS c0", "5D AS x, 6D AS a", "5D AS a, 6D AS b, 7D AS c")) {
            assertThatThrownBy(() -> update(columns, target))
                    .hasMessageContaining("to " + target + ": its columns are [x, y, z], the array has no [")
                    .hasMessageEndingWith("; rename the columns with columnNames");
        }
        Path unnamed = matrix("x.npy", "1D AS x, 2D AS y");
        assertThatThrownBy(() -> update("5D AS y", unnamed))
                .hasMessage(
                        "Cannot write columns [y] to " + unnamed + ": its columns are [c0, c1], the array has no [y],"
                                + " nothing is given for [c0, c1]; rename the columns with columnNames");
        assertThat(rows(target)).containsExactly(RowFactory.create(10.0, 2.0, 30.0));
    }

    @Test
    void aFieldOfARecordIsMatchedByTheLetterFirst() {
        SparkSession sensitive = spark.newSession();
        sensitive.conf().set("spark.sql.caseSensitive", "true");
        Path target = directory.resolve("x.npy");
        writer(sensitive.sql("SELECT 1 AS a, 2 AS A, 3 AS b"), "layout=auto").save(target.toString());
        update("20 AS A", target);
        writer(sensitive.sql("SELECT 3 AS b, 2 AS A, 1 AS a"), "layout=auto").save(target.toString());
        assertThat(spark.read()
                        .format("memmap")
                        .option("columnNames", "first,second,third")
                        .load(target.toString())
                        .orderBy("_row")
                        .collectAsList())
                .containsExactly(RowFactory.create(1, 20, 3), RowFactory.create(1, 2, 3));
    }

    @Test
    void aFieldOfAStructIsMatchedByTheLetterFirst() {
        SparkSession sensitive = spark.newSession();
        sensitive.conf().set("spark.sql.caseSensitive", "true");
        Path target = directory.resolve("x.npy");
        writer(sensitive.sql("SELECT named_struct('a', 1, 'A', 2) AS s, 3 AS b"), "layout=auto")
                .save(target.toString());
        assertThatThrownBy(() -> append("named_struct('a', 10, 'b', 20) AS s, 30 AS b", target))
                .hasMessageContaining("its STRUCT has the fields [a, b], and its dtype");
        append("named_struct('A', 20, 'a', 10) AS s, 30 AS b", target);
        assertThat(SavedFiles.read(sensitive, target)
                        .orderBy("_row")
                        .selectExpr("s.a", "s.A")
                        .collectAsList())
                .containsExactly(RowFactory.create(1, 2), RowFactory.create(10, 20));
    }

    /** In a session that tells no case they could not be read. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "x.npy", "x.dat", "x parquet"})
    void refusesNamesThatDifferInCaseOnly(String name) throws IOException {
        String format = name.endsWith("parquet") ? "parquet" : "memmap";
        Path target = directory.resolve(name);
        Dataset<Row> rows =
                spark.range(1).selectExpr("1D AS a").withColumnRenamed("a", "x").selectExpr("x AS a", "x");
        Dataset<Row> twice = rows.toDF("a", "A");
        for (String layout : List.of("auto", "array")) {
            if (format.equals("parquet")) {
                assertThatThrownBy(() -> twice.write().save(target.toString()))
                        .hasMessageContaining("COLUMN_ALREADY_EXISTS");
            } else {
                assertThatThrownBy(() -> writer(twice, "layout=" + layout).save(target.toString()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "Cannot write columns [a, A]: 'a' and 'A' differ in case only, and could not be read;"
                                        + " rename them with columnNames, or set spark.sql.caseSensitive=true");
            }
        }
        assertThat(directory).isEmptyDirectory();
        if (format.equals("memmap")) {
            writer(twice, "columnNames=a,b").save(target.toString());
            assertThat(rows(target)).containsExactly(RowFactory.create(1.0, 1.0));
        }
    }

    /** The fields of structs, also of those in arrays and in other structs, have to be told apart as columns have. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "named_struct('a', 1, 'A', 2)                              | s",
                "named_struct('p', named_struct('b', 1, 'B', 2))           | s.p",
                "array(named_struct('p', array(named_struct('b', 1, 'B', 2)))) | s.p",
            })
    void refusesFieldsThatDifferInCaseOnly(String value, String path) {
        Dataset<Row> rows = spark.sql("SELECT " + value + " AS s, 1 AS v");
        char field = path.equals("s") ? 'a' : 'b';
        for (String name : List.of("x", "x.npy", "x.dat")) {
            assertThatThrownBy(() -> writer(rows, "layout=auto")
                            .save(directory.resolve(name).toString()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot write column 's': the fields '" + field + "' and '"
                            + Character.toUpperCase(field) + "' of '" + path
                            + "' differ in case only, and could not be read; rename one of them, or set"
                            + " spark.sql.caseSensitive=true");
        }
        assertThat(directory).isEmptyDirectory();
        SparkSession caseSensitive = spark.newSession();
        caseSensitive.conf().set("spark.sql.caseSensitive", "true");
        SparkSession.setActiveSession(caseSensitive);
        try {
            Path file = directory.resolve("x.npy");
            caseSensitive
                    .sql("SELECT named_struct('a', 1, 'A', 2) AS s, 1 AS v")
                    .write()
                    .format("memmap")
                    .save(file.toString());
            assertThat(caseSensitive
                            .read()
                            .format("memmap")
                            .load(file.toString())
                            .select("s.A")
                            .collectAsList())
                    .containsExactly(RowFactory.create(2));
        } finally {
            SparkSession.clearActiveSession();
        }
    }

    @Test
    void aDeclaredSchemaMatchesByTheSameRule() {
        Path target = matrix("x", "1D AS x, 2D AS y");
        Path unnamed = matrix("x.npy", "1D AS x, 2D AS y");
        assertThat(read("y DOUBLE, X DOUBLE", target).collectAsList()).containsExactly(RowFactory.create(2.0, 1.0));
        assertThat(read("c1 DOUBLE, c0 DOUBLE", unnamed).collectAsList()).containsExactly(RowFactory.create(2.0, 1.0));
        assertThat(read("b DOUBLE, a DOUBLE", unnamed).collectAsList()).containsExactly(RowFactory.create(1.0, 2.0));
        assertThatThrownBy(() -> read("a DOUBLE, x DOUBLE", target).collectAsList())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "Cannot read file:" + target + "/part-.*: the schema has columns \\[a, x], the array has"
                                + " columns \\[x, y], the array has no \\[a], nothing is given for \\[y]; rename the array's"
                                + " columns with columnNames");
    }

    private Dataset<Row> read(String schema, Path target) {
        return spark.read().format("memmap").schema(schema).load(target.toString());
    }

    /** A DataFrame is planned by the names that it found. */
    @Test
    void aDataFrameIsNotReadByOtherNamesThanItFound() {
        Path target = matrix("x", "1D AS x, 2D AS y");
        Dataset<Row> before = SavedFiles.read(spark, target);
        Dataset<Row> sum = SavedFiles.read(spark, target).selectExpr("sum(x)");
        writer(spark.sql("SELECT 20D AS y, 10D AS x"), "layout=array")
                .mode("overwrite")
                .save(target.toString());
        assertThat(before.selectExpr("x", "y").collectAsList()).containsExactly(RowFactory.create(10.0, 20.0));
        assertThat(sum.collectAsList()).containsExactly(RowFactory.create(10.0));
        writer(spark.sql("SELECT 1D AS p, 2D AS q"), "layout=array")
                .mode("overwrite")
                .save(target.toString());
        assertThatThrownBy(() -> before.selectExpr("x + 1").collectAsList())
                .hasMessageContaining("the schema has columns [x, y], the array has columns [p, q]");
    }
}
