package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an array looks as a table: layouts, names, and the schemas that users ask for. */
class SchemaTest {

    @TempDir
    Path directory;

    private SparkSession spark = SharedSpark.session();

    private Dataset<Row> read(Path file, String... options) {
        return spark.read().format("memmap").options(pairs(options)).load(file.toString());
    }

    private Dataset<Row> readAs(String schema, Path file, String... options) {
        return spark.read()
                .format("memmap")
                .schema(schema)
                .options(pairs(options))
                .load(file.toString());
    }

    private static Map<String, String> pairs(String... options) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            pairs.put(options[i], options[i + 1]);
        }
        return pairs;
    }

    private static String schema(Dataset<Row> table) {
        return table.schema().catalogString();
    }

    /** Counts from 0 on, in C order. */
    private Path counting(String shape, int size) throws IOException {
        return Npy.of("'<i4'", shape)
                .write(
                        directory.resolve("counting.npy"),
                        Npy.i4(IntStream.range(0, size).toArray()));
    }

    private Path record(String descr, byte[]... data) throws IOException {
        return Npy.of(descr, "(1,)").write(directory.resolve("record.npy"), Npy.join(data));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ()           | 1   | struct<value:int>
                    (2,)         | 2   | struct<value:int>
                    (2, 3)       | 6   | struct<c0:int,c1:int,c2:int>
                    (2, 0)       | 0   | struct<>
                    (1, 101)     | 101 | struct<value:array<int>>
                    (2, 1, 3)    | 6   | struct<value:array<array<int>>>
                    (1, 2, 1, 3) | 6   | struct<value:array<array<array<int>>>>
                    """)
    void choosesColumnsForFewAndAnArrayForMany(String shape, int size, String schema) throws IOException {
        assertThat(schema(read(counting(shape, size)))).isEqualTo(schema);
    }

    @Test
    void drawsTheLineAtAHundredColumns() throws IOException {
        Dataset<Row> hundred = read(counting("(2, 100)", 200));
        assertThat(hundred.columns()).hasSize(100).startsWith("c0").endsWith("c99");
        assertThat(hundred.collectAsList().get(1).getInt(99)).isEqualTo(199);
        Path file = counting("(2, 101)", 202);
        assertThat(read(file).collectAsList().get(1).getList(0)).hasSize(101).endsWith(201);
        assertThat(read(file, "layout", "columns").columns()).hasSize(101).endsWith("c100");
    }

    @Test
    void readsARowAsAnArray() throws IOException {
        Dataset<Row> rows = read(counting("(2, 3)", 6), "layout", "array");
        assertThat(schema(rows)).isEqualTo("struct<value:array<int>>");
        assertThat(rows.collectAsList().get(1).getList(0)).isEqualTo(List.of(3, 4, 5));
        assertThat(rows.selectExpr("value[2]").collectAsList())
                .containsExactly(RowFactory.create(2), RowFactory.create(5));
    }

    @Test
    void readsEachElementAsARow() throws IOException {
        Dataset<Row> rows = read(counting("(2, 1, 2)", 4), "layout", "elements");
        assertThat(schema(rows)).isEqualTo("struct<i0:bigint,i1:bigint,i2:bigint,value:int>");
        assertThat(rows.collectAsList())
                .containsExactly(
                        RowFactory.create(0L, 0L, 0L, 0),
                        RowFactory.create(0L, 0L, 1L, 1),
                        RowFactory.create(1L, 0L, 0L, 2),
                        RowFactory.create(1L, 0L, 1L, 3));
        Path records = record("[('a', '<i4'), ('b', '<i2')]", Npy.i4(7), Npy.i2(8));
        assertThat(read(records, "layout", "elements").collectAsList())
                .containsExactly(RowFactory.create(0L, 7, (short) 8));
    }

    @Test
    void refusesALayoutThatDoesNotFit() throws IOException {
        Path cube = counting("(2, 1, 2)", 4);
        assertThatThrownBy(() -> read(cube, "layout", "columns"))
                .hasMessage(
                        "Cannot read file:" + cube + " with layout=columns: its shape is (2, 1, 2), expected at most "
                                + "two axes; use layout=array or layout=elements");
        Path clash = record("[('i0', '<i4')]", Npy.i4(7));
        assertThatThrownBy(() -> read(clash, "layout", "elements"))
                .hasMessage("Cannot read file:" + clash + ": its columns 'i0' and 'i0' have the same name, expected "
                        + "distinct ones; rename them with columnNames");
        assertThat(read(clash, "layout", "elements", "columnNames", "at,i0").collectAsList())
                .containsExactly(RowFactory.create(0L, 7));
    }

    @Test
    void readsRecords() throws IOException {
        Path file = record(
                "[('id', '<i4'), ('p', [('x', '<f4'), ('n', '>i2', (2,))])]",
                Npy.i4(7),
                Npy.f4(0.5),
                Npy.swapped(2, Npy.i2(1, -2)));
        assertThat(schema(read(file))).isEqualTo("struct<id:int,p:struct<x:float,n:array<smallint>>>");
        assertThat(read(file).select("p.n", "id").collectAsList().get(0).getList(0))
                .isEqualTo(List.of((short) 1, (short) -2));
        Path grid = Npy.of("[('x', '<i2')]", "(1, 2)").write(directory.resolve("grid.npy"), Npy.i2(1, 2));
        assertThat(schema(read(grid))).isEqualTo("struct<value:array<struct<x:smallint>>>");
        assertThat(read(grid).collectAsList().get(0).getList(0))
                .isEqualTo(List.of(RowFactory.create((short) 1), RowFactory.create((short) 2)));
    }

    @Test
    void transposes() throws IOException {
        Path file = counting("(2, 3)", 6);
        assertThat(read(file, "transpose", "true").collectAsList())
                .containsExactly(RowFactory.create(0, 3), RowFactory.create(1, 4), RowFactory.create(2, 5));
        assertThat(read(file, "transpose", "true").where("_row = 2").collectAsList())
                .containsExactly(RowFactory.create(2, 5));
        Dataset<Row> elements = read(file, "transpose", "true", "layout", "elements");
        assertThat(elements.where("i0 = 1").collectAsList())
                .containsExactly(RowFactory.create(1L, 0L, 1), RowFactory.create(1L, 1L, 4));
    }

    @Test
    void renamesColumnsByPosition() throws IOException {
        Path file = counting("(2, 3)", 6);
        assertThat(read(file, "columnNames", "r, `g,1`, b").select("`g,1`").collectAsList())
                .containsExactly(RowFactory.create(1), RowFactory.create(4));
        assertThatThrownBy(() -> read(file, "columnNames", "r,g"))
                .hasMessage("Cannot name the columns of file:" + file
                        + ": columnNames has 2 names, expected 3, one for each of [c0, c1, c2]");
    }

    @Test
    void matchesTheFieldsOfRecordsByName() throws IOException {
        Path file =
                record("[('a', '<i4'), ('b', '<i2'), ('p', [('x', '<i2'), ('y', '<i2')])]", Npy.i4(1), Npy.i2(2, 3, 4));
        assertThat(readAs("b SMALLINT, a INT", file).collectAsList()).containsExactly(RowFactory.create((short) 2, 1));
        assertThat(readAs("A INT", file).collectAsList()).containsExactly(RowFactory.create(1));
        assertThat(readAs("p STRUCT<y: SMALLINT>", file).select("p.y").collectAsList())
                .containsExactly(RowFactory.create((short) 4));
        assertThatThrownBy(() -> readAs("a INT, z INT", file).collectAsList())
                .hasMessage("Cannot read file:" + file + ": the schema asks for column 'z', expected one of [a, b, p];"
                        + " rename the array's columns with columnNames");
        assertThatThrownBy(() -> readAs("p STRUCT<z: SMALLINT>", file).collectAsList())
                .hasMessage("Cannot read column 'p' of file:" + file
                        + ": its record has no field 'z', expected one of [x, y]");
    }

    @Test
    void aNameThatTwoFieldsOfARecordHaveButForTheCaseMeansNeither() throws IOException {
        Path file = record("[('p', [('AB', '<i2'), ('ab', '<i2')])]", Npy.i2(1, 2));
        assertThat(readAs("p STRUCT<ab: SMALLINT>", file).select("p.ab").collectAsList())
                .containsExactly(RowFactory.create((short) 2));
        assertThatThrownBy(() -> readAs("p STRUCT<Ab: SMALLINT>", file).collectAsList())
                .hasMessage("Cannot read column 'p' of file:" + file
                        + ": its record has no field 'Ab', expected one of [AB, ab]");
    }

    @Test
    void aFieldWithoutNullsIsNotTakenForOneThatDiffersInCase() throws IOException {
        Path file = record("[('p', [('t', '<M8[D]'), ('T', '<i4')])]", Npy.i8(3), Npy.i4(5));
        assertThat(readAs("p STRUCT<t: DATE, T: INT NOT NULL>", file)
                        .selectExpr("CAST(p AS STRING)")
                        .collectAsList())
                .containsExactly(RowFactory.create("{1970-01-04, 5}"));
        assertThatThrownBy(() -> readAs("p STRUCT<t: DATE NOT NULL>", file).collectAsList())
                .hasMessage("Cannot read column 'p' of file:" + file
                        + ": the schema says that it has no nulls, but its dtype is [('t', '<M8[D]'), ('T', '<i4')],"
                        + " which has NaT, expected a nullable type; drop NOT NULL");
    }

    @Test
    void matchesNamelessArraysByPosition() throws IOException {
        Path file = counting("(2, 3)", 6);
        Dataset<Row> named = readAs("x INT, y BIGINT, z DOUBLE", file);
        assertThat(named.select("z", "y").collectAsList())
                .containsExactly(RowFactory.create(2.0, 1L), RowFactory.create(5.0, 4L));
        assertThatThrownBy(() -> readAs("x INT", file).collectAsList())
                .hasMessage("Cannot read file:" + file
                        + ": the schema has 1 columns, expected 3, one for each of [c0, c1, c2]");
        assertThat(readAs("v ARRAY<BIGINT>", file, "layout", "array")
                        .collectAsList()
                        .get(1)
                        .getList(0))
                .isEqualTo(List.of(3L, 4L, 5L));
    }

    @Test
    void widensNumbersOnRequest() throws IOException {
        Path file = record(
                "[('i1', 'i1'), ('u2', '<u2'), ('i4', '>i4'), ('f4', '<f4'), ('u1', 'u1')]",
                Npy.i1(-1),
                Npy.i2(0xffff),
                Npy.swapped(4, Npy.i4(-5)),
                Npy.f4(0.5),
                Npy.i1(255));
        assertThat(readAs("i1 SMALLINT, u2 BIGINT, i4 DOUBLE, f4 DOUBLE, u1 FLOAT", file)
                        .collectAsList())
                .containsExactly(RowFactory.create((short) -1, 65535L, -5.0, 0.5, 255f));
        assertThatThrownBy(() -> readAs("i4 SMALLINT", file).collectAsList())
                .hasMessage("Cannot read column 'i4' of file:" + file + ": its dtype is >i4, and the schema asks for "
                        + "smallint, expected int or a wider integer or float");
        assertThatThrownBy(() -> readAs("u2 SMALLINT", file).collectAsList())
                .hasMessageContaining("its dtype is <u2, and the schema asks for smallint, expected int or a wider");
        assertThatThrownBy(() -> readAs("i4 FLOAT", file).collectAsList())
                .hasMessageContaining("its dtype is >i4, and the schema asks for float, expected int or");
        assertThatThrownBy(() -> readAs("f4 INT", file).collectAsList())
                .hasMessageContaining("its dtype is <f4, and the schema asks for int, expected float or double");
        assertThatThrownBy(() -> readAs("i1 STRING", file).collectAsList())
                .hasMessageContaining("its dtype is |i1, and the schema asks for string, expected tinyint or");
    }

    @Test
    void checksEachUnsignedLongThatShallBeABigint() throws IOException {
        Path file = Npy.of("'<u8'", "(3,)").write(directory.resolve("u8.npy"), Npy.i8(1, Long.MAX_VALUE, -1));
        assertThat(read(file).collectAsList().get(2))
                .isEqualTo(RowFactory.create(new BigDecimal("18446744073709551615")));
        Dataset<Row> longs = readAs("n BIGINT", file);
        assertThat(longs.where("_row < 2").collectAsList())
                .containsExactly(RowFactory.create(1L), RowFactory.create(Long.MAX_VALUE));
        assertThatThrownBy(longs::collectAsList)
                .hasStackTraceContaining("Cannot read row 2 of file:" + file
                        + ", column 'n': found 18446744073709551615, expected at most 9223372036854775807 as the"
                        + " schema asks for bigint; ask for decimal(20,0)");
    }

    @Test
    void takesASchemaForTheRecordOfARawFile() throws IOException {
        Path file = Files.write(
                directory.resolve("x.dat"),
                Npy.join(Npy.i4(1), Npy.f8(0.5), Npy.i1(1), Npy.i4(-2), Npy.f8(1.5), Npy.i1(0)));
        assertThat(readAs("a INT, b DOUBLE, c BOOLEAN", file).collectAsList())
                .containsExactly(RowFactory.create(1, 0.5, true), RowFactory.create(-2, 1.5, false));
        assertThat(readAs("a INT, b DOUBLE, c BOOLEAN", file)
                        .where("_row = 1")
                        .select("b")
                        .collectAsList())
                .containsExactly(RowFactory.create(1.5));
        assertThatThrownBy(() -> readAs("a INT, b INT", file).collectAsList())
                .hasMessageContaining(": 26 bytes from offset 0 are no whole number of rows of 8 bytes");
        assertThatThrownBy(() -> readAs("a STRING", file).collectAsList())
                .hasMessageContaining("nothing says what it holds");
    }

    @Test
    void refusesNamesThatDifferOnlyInCase() throws IOException {
        Path file = record("[('id', '<i4'), ('ID', '<i4')]", Npy.i4(1, 2));
        assertThatThrownBy(() -> read(file))
                .hasMessage("Cannot read file:" + file + ": its columns 'id' and 'ID' have the same name but for the "
                        + "case, expected distinct ones; rename them with columnNames, or set "
                        + "spark.sql.caseSensitive=true");
        assertThat(read(file, "columnNames", "a,b").collectAsList()).containsExactly(RowFactory.create(1, 2));
        SparkSession shared = spark;
        spark = shared.newSession();
        spark.conf().set("spark.sql.caseSensitive", "true");
        // Spark 3.5 does not tell a source which session reads; its own look at the active one, too.
        SparkSession.setActiveSession(spark);
        try {
            assertThat(read(file).select("ID").collectAsList()).containsExactly(RowFactory.create(2));
            assertThat(read(file).where("ID = 2").select("id").collectAsList()).containsExactly(RowFactory.create(1));
        } finally {
            SparkSession.setActiveSession(shared);
        }
    }

    @Test
    void readsNamesWithDots() throws IOException {
        Path file = record("[('a.b', '<i4'), ('a', [('b', '<i4'), ('x.y', '<i4')])]", Npy.i4(1, 2, 3));
        Dataset<Row> dotted = read(file).select("`a.b`");
        assertThat(dotted.collectAsList()).containsExactly(RowFactory.create(1));
        assertThat(dotted.queryExecution().executedPlan().toString()).contains("columns [a.b],");
        assertThat(read(file).select("a.b", "a.`x.y`").collectAsList()).containsExactly(RowFactory.create(2, 3));
        assertThat(read(file).where("`a.b` = 1").select("a.`x.y`").collectAsList())
                .containsExactly(RowFactory.create(3));
    }

    @Test
    void refusesOptionsThatItDoesNotKnow() throws IOException {
        Path file = counting("(2,)", 2);
        assertThatThrownBy(() -> read(file, "dtpye", "<i4"))
                .hasMessageContaining("Cannot read option 'dtpye': unknown")
                .hasMessageContaining("did you mean 'dtype'?");
        for (String option : List.of("mergeSchema", "ignoreCorruptFiles", "ignoreMissingFiles")) {
            assertThatThrownBy(() -> read(file, option, "true"))
                    .hasMessageContaining("Cannot read option " + option + ": found 'true', expected false; ");
            assertThat(read(file, option, "false").count()).isEqualTo(2);
        }
        for (String option : List.of("modifiedAfter", "modifiedBefore")) {
            assertThatThrownBy(() -> read(file, option, "2020-01-01T00:00:00"))
                    .hasMessageContaining("Cannot read option " + option
                            + ": found '2020-01-01T00:00:00', expected no such option; the files make one array");
        }
        assertThatThrownBy(() -> spark.read().format("memmap").load())
                .hasMessageContaining("no path was given, expected load(\"/data/x.npy\")");
    }
}
