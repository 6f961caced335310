package io.memmap.spark.write.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowEncoderTest {

    @Test
    void encodesARecord() {
        WrittenArray array = Encoding.array(
                "a TINYINT, s STRING, v ARRAY<SMALLINT>, z STRUCT<re: FLOAT, im: FLOAT>",
                "columnDtypes",
                "s S3, v ('>i2', (2,))");
        InternalRow row = Encoding.row((byte) 1, "xy", List.of((short) 2, (short) 3), Encoding.row(1f, -1f));
        assertThat(hex(array, row)).isEqualTo("01" + "787900" + "00020003" + "0000803f000080bf");
    }

    @Test
    void encodesTheRowsThatSparkItselfMakes() {
        String columns = "a BOOLEAN, b BIGINT, c DECIMAL(20,0), s STRING, x BINARY, v ARRAY<ARRAY<DOUBLE>>,"
                + " r STRUCT<p: INT, q: STRING>, d DATE, t TIMESTAMP, n INT";
        WrittenArray array = Encoding.array(
                columns,
                "columnDtypes",
                "s U2, x V2, v ('<f4', (2, 1)), r [('q', 'S2'), ('p', '>i2')]",
                "nullValue",
                "n=-1");
        InternalRow row = Encoding.row(
                true,
                -2L,
                new BigDecimal("18446744073709551615"),
                "é",
                new byte[] {7, 8},
                List.of(List.of(1.0), List.of(2.0)),
                Encoding.row(258, "k"),
                3,
                4L,
                null);
        String expected = "01" + "feffffffffffffff" + "ffffffffffffffff" + "e900000000000000" + "0708"
                + "0000803f00000040" + "6b00" + "0102" + "0300000000000000" + "0400000000000000" + "ffffffff";
        assertThat(hex(array, row)).isEqualTo(expected);
        UnsafeProjection projection = UnsafeProjection.create((StructType) DataType.fromDDL(columns));
        assertThat(hex(array, projection.apply(row))).isEqualTo(expected);
    }

    @Test
    void encodesNeighboursOfOneTypeTogetherAndTheirNullsToo() {
        String columns = "x SMALLINT, a INT, b INT, c INT, d BIGINT, e DOUBLE, f DOUBLE, g FLOAT, h FLOAT";
        WrittenArray array = Encoding.array(columns, "nullValue", "b=-1, f=0.5", "columnDtypes", "c >i4");
        UnsafeProjection projection = UnsafeProjection.create((StructType) DataType.fromDDL(columns));
        InternalRow full = Encoding.row((short) 1, 2, 3, 4, 5L, 1.0, 2.0, 1f, -1f);
        InternalRow holes = Encoding.row((short) 1, 2, null, 4, 5L, 1.0, null, 1f, -1f);
        String start = "0100" + "02000000";
        String middle = "00000004" + "0500000000000000" + "000000000000f03f";
        String end = "0000803f" + "000080bf";
        for (InternalRow row : List.of(full, projection.apply(full))) {
            assertThat(hex(array, row)).isEqualTo(start + "03000000" + middle + "0000000000000040" + end);
        }
        for (InternalRow row : List.of(holes, projection.apply(holes))) {
            assertThat(hex(array, row)).isEqualTo(start + "ffffffff" + middle + "000000000000e03f" + end);
        }
        assertThatThrownBy(() -> hex(array, Encoding.row((short) 1, 2, 3, 4, 5L, null, 2.0, 1f, -1f)))
                .isInstanceOf(BadValueException.class)
                .hasMessageStartingWith("column 'e': found NULL, expected a value as its dtype");
    }

    @Test
    void writesPaddingAsZeros() {
        WrittenArray array = Encoding.array(
                "a TINYINT, r STRUCT<x: TINYINT, y: TINYINT>",
                "dtype",
                "[('', 'V1'), ('a', 'i1'), ('', 'V2'), ('r', [('x', 'i1'), ('', 'V1'), ('y', 'i1'), ('', 'V1')])]");
        assertThat(hex(array, Encoding.row((byte) 1, Encoding.row((byte) 2, (byte) 3))))
                .isEqualTo("00" + "01" + "0000" + "02" + "00" + "03" + "00");
    }

    @Test
    void findsTheLengthsOfArraysInTheFirstRow() {
        WrittenSchema schema = Encoding.schema("value ARRAY<ARRAY<TINYINT>>");
        InternalRow row =
                Encoding.row(List.of(List.of((byte) 1, (byte) 2, (byte) 3), List.of((byte) 4, (byte) 5, (byte) 6)));
        List<List<Integer>> lengths = ArrayLengths.of(schema, row);
        assertThat(lengths).containsExactly(List.of(2, 3));
        assertThat(hex(schema.resolve(lengths), row)).isEqualTo("010203040506");
    }

    @Test
    void refusesToGuessTheLengthsOfArrays() {
        WrittenSchema schema = Encoding.schema("v ARRAY<ARRAY<DOUBLE>>", "dtype", "<f4");
        assertThatThrownBy(() -> ArrayLengths.of(schema, Encoding.row((Object) null)))
                .isInstanceOf(BadValueException.class)
                .hasMessage(
                        "column 'v': found NULL in the first row, expected an ARRAY to take the length from; set it,"
                                + " as in shape=-1,3 or columnDtypes=\"v ('<f4', (3,))\"");
        assertThatThrownBy(() -> ArrayLengths.of(schema, Encoding.row(List.of(List.of()))))
                .hasMessageStartingWith("column 'v': found an empty ARRAY in the first row, expected an ARRAY");
    }

    @Test
    void refusesRaggedArrays() {
        WrittenArray array = Encoding.array("v ARRAY<ARRAY<TINYINT>>", "shape", "-1,2,1");
        assertThatThrownBy(() -> hex(array, Encoding.row(List.of(List.of((byte) 1)))))
                .isInstanceOf(BadValueException.class)
                .hasMessage(
                        "column 'v': found an ARRAY of 1 elements, expected 2 as in all rows; pad or cut the arrays to"
                                + " one length");
        assertThatThrownBy(() -> hex(array, Encoding.row(List.of(List.of((byte) 1), List.of()))))
                .hasMessageStartingWith("column 'v[1]': found an ARRAY of 0 elements, expected 1");
    }

    @Test
    void saysWhereABadValueStands() {
        WrittenArray array = Encoding.array(
                "a INT, s STRUCT<b: ARRAY<STRUCT<c: INT>>>", "columnDtypes", "s [('b', [('c', 'i1')], (2,))]");
        InternalRow bad = Encoding.row(1, Encoding.row(List.of(Encoding.row(1), Encoding.row(128))));
        assertThatThrownBy(() -> hex(array, bad))
                .isInstanceOf(BadValueException.class)
                .hasMessageStartingWith("column 's.b[1].c': found 128, expected -128 to 127");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            nullValues = "-",
            textBlock =
                    """
            - ! column 'a': found NULL, expected a value as its dtype |u1 has none for it; set the value to store, as in nullValue='a=0'; SQL can do so by COALESCE
            -1 ! column 'a': found NULL, and nullValue=-1 does not do: found '-1', expected an integer that |u1 holds; set the value to store, as in nullValue='a=0'; SQL can do so by COALESCE
            b=1 ! column 'a': found NULL, expected a value as its dtype |u1 has none for it; set the value to store, as in nullValue='a=0'; SQL can do so by COALESCE
            """)
    void refusesNullUnlessTheUserSaysWhatItIs(String nullValue, String message) {
        String[] options = nullValue == null
                ? new String[] {"columnDtypes", "a u1"}
                : new String[] {"columnDtypes", "a u1", "nullValue", nullValue};
        WrittenArray array = Encoding.array("a INT, b INT", options);
        assertThat(hex(array, Encoding.row(1, 2))).as("no NULL").isEqualTo("0102000000");
        assertThatThrownBy(() -> hex(array, Encoding.row(null, 2)))
                .isInstanceOf(BadValueException.class)
                .hasMessage(message);
    }

    @Test
    void storesNullAsTheUserSays() {
        WrittenArray array = Encoding.array(
                "a INT, f FLOAT, d DATE, v ARRAY<TINYINT>, s STRUCT<x: TINYINT, t: DATE>",
                "columnDtypes",
                "v ('i1', (2,))",
                "nullValue",
                "7");
        assertThat(hex(array, Encoding.row(null, null, null, null, null)))
                .isEqualTo("07000000" + "0000e040" + "0700000000000000" + "0707" + "07" + "0700000000000000");
        assertThat(hex(array, Encoding.row(1, 0f, 1, Encoding.list(null, (byte) 2), Encoding.row(null, 1))))
                .isEqualTo("01000000" + "00000000" + "0100000000000000" + "0702" + "07" + "0100000000000000");
    }

    @Test
    void checksNullValuesOfColumnsBeforeTheJob() {
        assertThatThrownBy(() -> RowEncoder.check(Encoding.schema("a INT", "dtype", "u1", "nullValue", "a=-1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot write column 'a': its nullValue is '-1': found '-1', expected an integer that |u1"
                        + " holds; cast the column, or give it another dtype");
    }

    /** A nullValue by name is a mistake, whether or not the column can be NULL. */
    @Test
    void checksNullValuesOfColumnsThatAreNotNull() {
        assertThatThrownBy(
                        () -> RowEncoder.check(Encoding.schema("a INT NOT NULL", "nullValue", "{\"a\": \"banana\"}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot write column 'a': its nullValue is 'banana': found 'banana', expected an integer that"
                                + " <i4 holds; cast the column, or give it another dtype");
        RowEncoder.check(Encoding.schema("a INT NOT NULL, d DATE NOT NULL", "nullValue", "7"));
        RowEncoder.check(Encoding.schema("a INT NOT NULL", "nullValue", "banana"));
        RowEncoder.check(Encoding.schema(
                "s STRUCT<x: STRING, n: INT NOT NULL> NOT NULL, b INT",
                "columnDtypes",
                "s [('x', 'S3'), ('n', '<i4')]",
                "nullValue",
                "s=abc"));
    }

    @Test
    void checksTypesBeforeTheJob() {
        assertThatThrownBy(() -> RowEncoder.check(Encoding.schema("a INT, v ARRAY<DATE>", "columnDtypes", "v <f4")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot write column 'v': its type is DATE, and its dtype <f4, expected a number or BOOLEAN;"
                                + " cast the column, or give it another dtype");
        assertThatThrownBy(() -> RowEncoder.check(
                        Encoding.schema("s STRUCT<a: INT, b: DATE>", "columnDtypes", "s [('a', '<i4'), ('b', '<i4')]")))
                .hasMessageStartingWith("Cannot write column 's': in field 'b', its type is DATE, and its dtype <i4,");
        assertThatThrownBy(
                        () -> RowEncoder.check(Encoding.schema("s STRUCT<a: INT>", "columnDtypes", "s [('b', '<i4')]")))
                .hasMessage("Cannot write column 's': its STRUCT has the fields [a], and its dtype [('b', '<i4')],"
                        + " expected the same names; cast the column, or give it another dtype");
    }

    @Test
    void readsTheRowIndex() {
        RowEncoder encoder = RowEncoder.of(Encoding.array("a INT, i INT", "rowColumn", "i"));
        assertThat(encoder.rowNbytes()).isEqualTo(4);
        assertThat(encoder.rowIndex(Encoding.row(1, 7))).isEqualTo(7);
        assertThatThrownBy(() -> encoder.rowIndex(Encoding.row(1, -7)))
                .isInstanceOf(BadValueException.class)
                .hasMessage("column 'i': found -7, expected a row index of 0 or more as rowColumn is i");
        assertThatThrownBy(() -> encoder.rowIndex(Encoding.row(1, null)))
                .hasMessage("column 'i': found NULL, expected a row index of 0 or more as rowColumn is i");
    }

    @Test
    void fillsRowsThatNobodyNames() {
        String columns = "i INT, a SMALLINT, f FLOAT, d DATE";
        assertThat(fill(columns)).isEqualTo("0000" + "00000000" + "0000000000000000");
        assertThat(fill(columns, "fillValue", "1")).isEqualTo("0100" + "0000803f" + "0100000000000000");
        assertThat(fill(columns, "fillValue", "d=NaT, f=nan")).isEqualTo("0000" + "0000c07f" + "0000000000000080");
        assertThatThrownBy(() -> fill(columns, "fillValue", "nan"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot fill column 'a': found 'nan', expected an integer that <i2 holds; give one value per"
                                + " column, as in fillValue='a=0'");
    }

    @Test
    void refusesABufferInAnotherOrder() {
        RowEncoder encoder = RowEncoder.of(Encoding.array("a INT"));
        assertThatThrownBy(() -> encoder.encode(Encoding.row(1), ByteBuffer.allocate(4), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot encode into a buffer in BIG_ENDIAN order, expected LITTLE_ENDIAN");
    }

    private static String fill(String columns, String... options) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "rowColumn";
        all[options.length + 1] = "i";
        return HexFormat.of().formatHex(RowEncoder.fill(Encoding.array(columns, all)));
    }

    private static String hex(WrittenArray array, InternalRow row) {
        return HexFormat.of().formatHex(Encoding.bytes(array, row));
    }
}
