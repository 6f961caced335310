package io.memmap.spark.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.RowLayout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Redaction;
import io.memmap.spark.schema.WrittenArray.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WrittenSchemaTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
            BOOLEAN ; |b1
            TINYINT ; |i1
            SMALLINT ; <i2
            INT ; <i4
            BIGINT ; <i8
            FLOAT ; <f4
            DOUBLE ; <f8
            DECIMAL(20,0) ; <u8
            DATE ; <M8[D]
            TIMESTAMP ; <M8[us]
            TIMESTAMP_NTZ ; <M8[us]
            INTERVAL DAY TO SECOND ; <m8[us]
            INTERVAL YEAR TO MONTH ; <m8[M]
            STRUCT<re: FLOAT, im: FLOAT> ; <c8
            STRUCT<re: DOUBLE, im: DOUBLE> ; <c16
            """)
    void makesOneColumnOneDimensional(String type, String dtype) {
        WrittenArray array = resolved("a " + type);
        assertThat(array.dtype()).hasToString(dtype);
        assertThat(array.trailing()).isEqualTo(Shape.of());
        assertThat(array.columnNames()).containsExactly("a");
        assertThat(array.layout()).isNull();
        assertThat(array.spans()).containsExactly(new Span(0, array.rowNbytes()));
    }

    @Test
    void leavesOutTheNamesThatAReaderGivesAnyway() {
        assertThat(resolved("value INT").columnNames()).isEmpty();
        assertThat(resolved("c0 INT, c1 INT", "layout", "array").columnNames()).isEmpty();
        assertThat(resolved("value ARRAY<INT>", "shape", "-1,2").columnNames()).isEmpty();
    }

    @Test
    void packsSeveralColumnsIntoARecord() {
        WrittenArray array = resolved("a INT, b STRUCT<x: TINYINT, z: STRUCT<re: FLOAT, im: FLOAT>>, c TIMESTAMP");
        assertThat(array.dtype()).hasToString("[('a', '<i4'), ('b', [('x', '|i1'), ('z', '<c8')]), ('c', '<M8[us]')]");
        assertThat(array.columns()).extracting(WrittenColumn::offset).containsExactly(0, 4, 13);
        assertThat(array.columnNames()).isEmpty();
        assertThat(array.layout()).isNull();
        assertThat(WrittenArray.gaps(array.columns(), array.rowNbytes())).isEmpty();
    }

    @Test
    void packsOneStructIntoARecordOfOneField() {
        assertThat(resolved("s STRUCT<x: INT>").dtype()).hasToString("[('s', [('x', '<i4')])]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            dtype | <f4 | <f4
            layout | array | <f8
            shape | -1,3 | <f8
            """)
    void makesSeveralColumnsTwoDimensional(String option, String value, String dtype) {
        WrittenArray array = resolved("a DOUBLE, b DOUBLE, c DOUBLE", option, value, "order", "F");
        assertThat(array.dtype()).hasToString(dtype);
        assertThat(array.trailing()).isEqualTo(Shape.of(3));
        assertThat(array.order()).isEqualTo(Order.F);
        assertThat(array.columnNames()).containsExactly("a", "b", "c");
        assertThat(array.layout()).isEqualTo(RowLayout.COLUMNS);
        int itemsize = array.dtype().itemsize();
        assertThat(array.columns()).extracting(WrittenColumn::offset).containsExactly(0, itemsize, 2 * itemsize);
    }

    @Test
    void makesOneColumnTwoDimensionalWhenTheShapeSaysSo() {
        WrittenArray array = resolved("a DOUBLE", "shape", "-1,1");
        assertThat(array.trailing()).isEqualTo(Shape.of(1));
        assertThat(array.layout()).isEqualTo(RowLayout.COLUMNS);
    }

    @Test
    void takesTheDtypesOfColumnsFromTheOption() {
        WrittenArray array =
                resolved("Name STRING, id BIGINT, v ARRAY<DOUBLE>", "columnDtypes", "name U3, v ('<f2', (2,)), ID >u4");
        assertThat(array.dtype()).hasToString("[('Name', '<U3'), ('id', '>u4'), ('v', '<f2', (2,))]");
    }

    @Test
    void matchesARecordByName() {
        WrittenArray array = resolved(
                "b DOUBLE, A INT",
                "dtype",
                "{'names': ['a', 'b'], 'formats': ['<i2', '>f4'], 'offsets': [1, 6], 'itemsize': 12}");
        assertThat(array.columns()).extracting(WrittenColumn::name).containsExactly("b", "A");
        assertThat(array.columns()).extracting(WrittenColumn::ordinal).containsExactly(0, 1);
        assertThat(array.columns()).extracting(WrittenColumn::offset).containsExactly(6, 1);
        assertThat(array.rowNbytes()).isEqualTo(12);
        assertThat(array.spans()).containsExactly(new Span(1, 2), new Span(6, 4));
        assertThat(WrittenArray.gaps(array.columns(), array.rowNbytes()))
                .containsExactly(new Span(0, 1), new Span(3, 3), new Span(10, 2));
    }

    @Test
    void renamesColumnsBeforeTheyAreMatched() {
        WrittenArray array = resolved("x INT, y INT", "columnNames", "a,b", "dtype", "[('b', '<i4'), ('a', '<i8')]");
        assertThat(array.columns()).extracting(WrittenColumn::name).containsExactly("x", "y");
        assertThat(array.columns()).extracting(WrittenColumn::offset).containsExactly(4, 0);
        assertThat(resolved("x INT, y INT", "columnNames", "a,b").dtype()).hasToString("[('a', '<i4'), ('b', '<i4')]");
    }

    @Test
    void leavesTheLengthsOfArraysToTheData() throws Exception {
        WrittenSchema schema = copy(schema("value ARRAY<ARRAY<FLOAT>>", "dtype", "<f2"));
        assertThat(schema.resolved()).isEmpty();
        assertThat(schema.unknown()).extracting(WrittenSchema.Column::name).containsExactly("value");
        WrittenArray array = copy(schema.resolve(List.of(List.of(3, 2))));
        assertThat(array.dtype()).hasToString("<f2");
        assertThat(array.trailing()).isEqualTo(Shape.of(3, 2));
        assertThat(array.columns().get(0).dtype()).isEqualTo(DType.parse("('<f2', (3, 2))"));
        assertThat(array.layout()).isEqualTo(RowLayout.ARRAY);
        assertThat(array.rowNbytes()).isEqualTo(12);
        assertThat(schema.withAnyLengths().trailing()).isEqualTo(Shape.of(1, 1));
    }

    @Test
    void findsTheLengthsOfArraysInRecords() {
        WrittenSchema schema = schema("id BIGINT, v ARRAY<FLOAT>, w ARRAY<ARRAY<BOOLEAN>>");
        assertThat(schema.resolve(List.of(List.of(3), List.of(1, 2))).dtype())
                .hasToString("[('id', '<i8'), ('v', '<f4', (3,)), ('w', '|b1', (1, 2))]");
    }

    @Test
    void takesTheLengthsOfArraysFromTheShape() {
        WrittenArray array = resolved("v ARRAY<DOUBLE>", "dtype", "<f4", "shape", "-1,768");
        assertThat(array.trailing()).isEqualTo(Shape.of(768));
        assertThat(array.columnNames()).containsExactly("v");
        assertThat(resolved("v ARRAY<DOUBLE>", "dtype", "('<f4', (768,))").trailing())
                .isEqualTo(Shape.of(768));
        assertThat(resolved("v ARRAY<STRUCT<a: INT>>", "dtype", "[('a', '<i2')]", "shape", "-1,2")
                        .dtype())
                .hasToString("[('a', '<i2')]");
    }

    @Test
    void keepsTheRowColumnOut() {
        WrittenArray array = resolved("i INT, a DOUBLE", "rowColumn", "I", "shape", "100");
        assertThat(array.columns()).extracting(WrittenColumn::name).containsExactly("a");
        assertThat(array.columns().get(0).ordinal()).isEqualTo(1);
        assertThat(array.indexColumn().orElseThrow().ordinal()).isZero();
        assertThat(array.dtype()).hasToString("<f8");
    }

    @Test
    void namesAllColumnsWithoutADtypeAtOnce() {
        assertThatThrownBy(() -> schema(
                        "id INT, name STRING, `my blob` BINARY, d DECIMAL(10,2), n DECIMAL(10,0), tags ARRAY<STRING>, "
                                + "m MAP<INT, INT>, s STRUCT<a: STRING, v: ARRAY<FLOAT>>"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot write columns name STRING, my blob BINARY, d DECIMAL(10,2), n DECIMAL(10,0), tags"
                                + " ARRAY<STRING>, m MAP<INT, INT>, s STRUCT<a: STRING, v: ARRAY<FLOAT>>: their types"
                                + " have no fixed width, expected a dtype for each; set columnDtypes=\"name U32, `my"
                                + " blob` V16, d <f8, n <i8, tags U32, s [('a', 'U32'), ('v', '<f4', (3,))]\" with"
                                + " lengths that fit, and leave out m; CREATE TABLE takes it as TBLPROPERTIES ('columnDtypes' ="
                                + " \"name U32, `my blob` V16, d <f8, n <i8, tags U32, s [('a', 'U32'), ('v', '<f4', (3,))]\")");
    }

    @Test
    void makesAnOptionThatCanBePasted() {
        assertThatThrownBy(() -> schema("d DECIMAL(10,2)"))
                .hasMessageEndingWith("expected a dtype for each; set columnDtypes='d <f8'; CREATE TABLE takes it as"
                        + " TBLPROPERTIES ('columnDtypes' = 'd <f8')");
        assertThatThrownBy(() -> schema("name STRING, city STRING"))
                .hasMessageContaining(
                        "; set columnDtypes='name U32, city U32' with lengths that fit; CREATE TABLE takes it as"
                                + " TBLPROPERTIES ('columnDtypes' = 'name U32, city U32')");
        assertThat(resolved("name STRING, city STRING", "columnDtypes", "name U32, city U32")
                        .dtype())
                .hasToString("[('name', '<U32'), ('city', '<U32')]");
        String nested = "s [('a', 'U32'), ('v', '<f4', (3,))]";
        assertThat(resolved("s STRUCT<a: STRING, v: ARRAY<FLOAT>>", "columnDtypes", nested)
                        .dtype())
                .hasToString("[('s', [('a', '<U32'), ('v', '<f4', (3,))])]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            textBlock =
                    """
            a INT | dtype=<f4; columnDtypes=a <f8 | Cannot write with dtype=<f4 and columnDtypes: found both, expected one; give columnDtypes for single columns
            a INT, b ARRAY<INT> | dtype=<f4 | Cannot write a INT, b ARRAY<INT> as <f4: several columns and a dtype without names, expected no ARRAY among them and a scalar dtype; give each its own with columnDtypes
            a INT, b INT | dtype=[('a', '<i4'), ('c', '<i4')] | Cannot write columns [a, b] as a record of fields [a, c]: no field for [b], no column for [c], expected the same names; rename the columns with columnNames
            a INT, b DOUBLE | layout=array | Cannot write several columns as a 2-D array: found a <i4, b <f8, expected one scalar dtype for all; set dtype='<f8', or which fits
            a INT | layout=elements | Cannot write with layout=elements: it is for reading only, expected auto, columns, array or sideBySide; leave the option out here and set it where the array is read, and write no column of indices, or name one as rowColumn
            a INT, b INT | columnNames=x | Cannot name the columns of an array: columnNames has 1 names, expected 2, one for each of [a, b]
            a INT, a INT | - | Cannot write columns [a, a]: 'a' is given twice, expected distinct names; rename them with columnNames
            name INT | columnDtypes=nmae <i2 | Cannot use option columnDtypes: there is no column 'nmae', expected one of [name]; did you mean 'name'?
            a INT | nullValue=b=0 | Cannot use option nullValue: there is no column 'b', expected one of [a]; did you mean 'a'?
            a INT | rowColumn=i | Cannot use option rowColumn: there is no column 'i', expected one of [a]; did you mean 'a'?
            i STRING, a INT | rowColumn=i | Cannot write by rowColumn=i: it is STRING, expected an integer, such as BIGINT
            i INT | rowColumn=i | Cannot write an array of no columns: the DataFrame has only i, which rowColumn names, expected at least one with values
            a INT | shape=-1,2 | Cannot write with shape=(-1, 2): its rows have the shape (2,), expected an element per column as the columns are a INT, so rows of shape (1,)
            a INT, b DOUBLE | dtype=<f8; shape=-1 | Cannot write with shape=(-1,): its rows have the shape (), expected an element per column as the columns are a INT, b DOUBLE, so rows of shape (2,)
            v ARRAY<INT> | shape=-1 | Cannot write with shape=(-1,): its rows have the shape (), expected as many lengths after the rows as v ARRAY<INT> has ARRAYs, 1
            v ARRAY<INT> | shape=-1,3; dtype=('<i4', (2,)) | Cannot write with shape=(-1, 3): its rows have the shape (3,), expected rows of ('<i4', (2,))
            v ARRAY<INT> | shape=5,0 | Cannot write with shape=(5, 0): its rows have the shape (0,), expected lengths of 1 to 2147483647 after the rows
            v ARRAY<INT> | shape=-1,2147483647 | Cannot write rows of shape (2147483647,) of <i4: a row has 8589934588 bytes, expected 1 to 2147483647
            a INT | shape=() | Cannot write with shape=(): it has no axis, expected one for the rows, as in -1 or -1,8
            v ARRAY<INT> | dtype=[('v', '<i4')] | Cannot write column 'v' as <i4: it is ARRAY<INT>, expected a field with lengths, as in ('v', '<f4', (3,))
            v ARRAY<INT> | dtype=('<i4', (2, 3)) | Cannot write column 'v' as ('<i4', (2, 3)): it is ARRAY<INT>, expected as many ARRAYs inside each other as the dtype has axes, 2
            """)
    void refusesWhatDoesNotFit(String columns, String options, String message) {
        String[] given = options == null ? new String[0] : options(options);
        assertThatThrownBy(() -> resolved(columns, given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /** Named as those of Spark's ML and of pyspark are, which the connector does not have. */
    private static final class VectorUDT extends UserDefinedType<double[]> {
        @Override
        public DataType sqlType() {
            return DataType.fromDDL("type TINYINT, size INT, indices ARRAY<INT>, values ARRAY<DOUBLE>");
        }

        @Override
        public Object serialize(double[] vector) {
            throw new UnsupportedOperationException();
        }

        @Override
        public double[] deserialize(Object row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Class<double[]> userClass() {
            return double[].class;
        }
    }

    static Stream<DataType> vectors() {
        DataType vector = new VectorUDT();
        StructType struct = new StructType().add("id", "int").add("v", vector);
        return Stream.of(
                vector,
                DataTypes.createArrayType(vector),
                struct,
                DataTypes.createArrayType(DataTypes.createArrayType(struct)),
                new StructType().add("s", struct));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void sendsAVectorOfSparkMlToItsFunction(DataType type) {
        StructType columns = new StructType().add("id", "int").add("features", type);
        for (String[] options : List.of(new String[0], new String[] {"columnDtypes", "features ('<f8', (3,))"})) {
            assertThatThrownBy(() -> WrittenSchema.of(columns, parse(options), false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot write column 'features': found a vector of Spark ML, expected an array; convert"
                            + " it with vector_to_array(features, 'float32') of pyspark.ml.functions or"
                            + " org.apache.spark.ml.functions");
        }
    }

    static String[] options(String text) {
        return Arrays.stream(text.split("; "))
                .flatMap(option -> Arrays.stream(option.split("=", 2)))
                .toArray(String[]::new);
    }

    static WrittenArray resolved(String columns, String... options) {
        return schema(columns, options).resolved().orElseThrow();
    }

    static WrittenSchema schema(String columns, String... options) {
        return WrittenSchema.of((StructType) DataType.fromDDL(columns), parse(options), false);
    }

    static MemmapOptions parse(String... namesAndValues) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return MemmapOptions.parse(new CaseInsensitiveStringMap(options), Redaction.DEFAULT);
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
