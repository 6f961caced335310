package io.memmap.spark.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.RowLayout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.schema.WrittenArray.Span;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExistingArrayTest {

    @Test
    void takesFieldsByName() {
        WrittenArray array = into("[('a', '<f8'), ('b', '<f8')]", Shape.of(), "b DOUBLE, a DOUBLE");
        assertThat(array.columns()).extracting(WrittenColumn::name).containsExactly("b", "a");
        assertThat(array.columns()).extracting(WrittenColumn::offset).containsExactly(8, 0);
    }

    @Test
    void takesColumnsByTheirRecordedNames() {
        WrittenArray array = into("<f8", Shape.of(2), "b DOUBLE, A DOUBLE");
        assertThat(array.columns()).extracting(WrittenColumn::name).containsExactly("b", "A");
        assertThat(array.columns()).extracting(WrittenColumn::offset).containsExactly(8, 0);
        assertThat(array.trailing()).isEqualTo(Shape.of(2));
        assertThat(array.order()).isEqualTo(Order.F);
        assertThat(array.columnNames()).as("the array's own").containsExactly("a", "b");
    }

    @Test
    void takesColumnsByTheirNaturalNames() {
        WrittenArray array = into("<f8", Shape.of(3), "c1 DOUBLE, c2 DOUBLE, c0 DOUBLE");
        assertThat(array.columns()).extracting(WrittenColumn::offset).containsExactly(8, 16, 0);
    }

    @Test
    void takesOtherNamesByPositionIfNoneAreRecorded() {
        WrittenArray array = into("<f8", Shape.of(3), "b DOUBLE, a DOUBLE, c DOUBLE");
        assertThat(array.columns()).extracting(WrittenColumn::offset).containsExactly(0, 8, 16);
        assertThat(into("<f8", Shape.of(), "b DOUBLE").columns().get(0).offset())
                .isZero();
        assertThat(into("<f8", Shape.of(1), "b DOUBLE").trailing()).isEqualTo(Shape.of(1));
    }

    @Test
    void takesAnArrayForARow() {
        assertThat(into(">f4", Shape.of(2, 3), "v ARRAY<ARRAY<FLOAT>>")
                        .columns()
                        .get(0)
                        .dtype())
                .isEqualTo(DType.parse("('>f4', (2, 3))"));
        assertThat(into("[('a', '<i4')]", Shape.of(2), "v ARRAY<STRUCT<a: INT>>")
                        .rowNbytes())
                .isEqualTo(8);
    }

    @Test
    void updatesSomeFields() {
        WrittenArray array = into(
                "[('a', '<i4'), ('b', '<f8'), ('c', '<i2')]",
                Shape.of(),
                "i INT, c SMALLINT",
                "update",
                "true",
                "rowColumn",
                "i");
        assertThat(array.spans()).containsExactly(new Span(12, 2));
        assertThat(array.rowNbytes()).isEqualTo(14);
    }

    @Test
    void updatesSomeElementsOfARow() {
        WrittenArray array =
                into("<f8", Shape.of(3), "c2 DOUBLE, i INT, c0 DOUBLE", "update", "true", "rowColumn", "i");
        assertThat(array.spans()).containsExactly(new Span(0, 8), new Span(16, 8));
        assertThat(array.trailing()).isEqualTo(Shape.of(3));
        assertThat(into("<f8", Shape.of(2), "b DOUBLE, i INT", "update", "true", "rowColumn", "i")
                        .spans())
                .containsExactly(new Span(8, 8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            textBlock =
                    """
            [('a', '<i4'), ('b', '<i4')] | - | a INT | - | Cannot write columns [a] as a record of fields [a, b]: no column for [b], expected the same names; rename the columns with columnNames
            <f8 | 3 | a DOUBLE, b DOUBLE | - | Cannot write columns a DOUBLE, b DOUBLE into rows of shape (3,) of <f8: expected 3 columns, or one of ARRAYs, 1 inside each other
            <f8 | - | a DOUBLE, b DOUBLE | - | Cannot write columns a DOUBLE, b DOUBLE into rows of shape () of <f8: expected one column
            <f8 | 2 | a DOUBLE | - | Cannot write columns [a] to file:/d/x: its columns are [a, b], nothing is given for [b]; rename the columns with columnNames
            <f8 | 2 | a DOUBLE, c DOUBLE | - | Cannot write columns [a, c] to file:/d/x: its columns are [a, b], the array has no [c], nothing is given for [b]; rename the columns with columnNames
            <f8 | 2 | c0 DOUBLE, c1 DOUBLE | - | Cannot write columns [c0, c1] to file:/d/x: its columns are [a, b], the array has no [c0, c1], nothing is given for [a, b]; rename the columns with columnNames
            <f8 | 2 | p DOUBLE, q DOUBLE | columnNames=b,c | Cannot write columns [b, c] to file:/d/x: its columns are [a, b], the array has no [c], nothing is given for [a]; rename the columns with columnNames
            <f8 | 2 | a DOUBLE, b DOUBLE, c DOUBLE | - | Cannot write columns [a, b, c] to file:/d/x: its columns are [a, b], the array has no [c]; rename the columns with columnNames
            <f8 | 3 | c0 DOUBLE, b DOUBLE, c DOUBLE | - | Cannot write columns [c0, b, c] to file:/d/x: its columns are [c0, c1, c2], the array has no [b, c], nothing is given for [c1, c2]; rename the columns with columnNames
            <f8 | - | value DOUBLE, b DOUBLE | - | Cannot write columns [value, b] to file:/d/x: its columns are [value], the array has no [b]; rename the columns with columnNames
            <f8 | - | a DOUBLE | columnDtypes=a <f4 | Cannot write with columnDtypes='a <f4' into the array that is there: found <f8, expected the same; leave the option out, or overwrite the array
            """)
    void refusesWhatDoesNotFit(String dtype, Integer length, String columns, String option, String message) {
        Shape trailing = length == null ? Shape.of() : Shape.of(length);
        String[] options = option == null ? new String[0] : option.split("=", 2);
        assertThatThrownBy(() -> into(dtype, trailing, columns, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static WrittenArray into(String dtype, Shape trailing, String columns, String... options) {
        ExistingArray array = new ExistingArray(
                "file:/d/x", DType.parse(dtype), trailing, Order.F, List.of("a", "b"), RowLayout.COLUMNS, List.of());
        return WrittenSchema.into(
                        array, (StructType) DataType.fromDDL(columns), WrittenSchemaTest.parse(options), false)
                .resolved()
                .orElseThrow();
    }
}
