package io.memmap.spark.schema;

import static io.memmap.spark.schema.WrittenSchemaTest.options;
import static io.memmap.spark.schema.WrittenSchemaTest.resolved;
import static io.memmap.spark.schema.WrittenSchemaTest.schema;
import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.format.RowLayout;
import io.memmap.layout.Shape;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns named {@code c0 …}: a 2-D array where all are numbers of one type, else a record. */
class WrittenMatrixTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            nullValues = "-",
            textBlock =
                    """
            c0 DOUBLE, c1 DOUBLE ! - ! <f8
            c0 TINYINT, c1 TINYINT, c2 TINYINT ! - ! |i1
            c0 DECIMAL(20,0), c1 DECIMAL(20,0) ! - ! <u8
            c0 STRUCT<re: FLOAT, im: FLOAT>, c1 STRUCT<re: FLOAT, im: FLOAT> ! - ! <c8
            a INT, b INT ! columnNames=c0,c1 ! <i4
            c0 INT, i INT, c1 INT ! rowColumn=i ! <i4
            """)
    void makesNumbersNamedAsAReaderNamesThemTwoDimensional(String columns, String options, String dtype) {
        String[] given = options == null ? new String[0] : options(options);
        WrittenArray array = resolved(columns, given);
        assertThat(array.dtype()).hasToString(dtype);
        assertThat(array.trailing()).isEqualTo(Shape.of(array.columns().size()));
        assertThat(array.columnNames()).isEmpty();
        assertThat(array.layout()).isEqualTo(RowLayout.COLUMNS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            nullValues = "-",
            textBlock =
                    """
            c0 DOUBLE, c1 DOUBLE ! layout=columns ! ('c0', '<f8'), ('c1', '<f8')
            a INT, b INT ! layout=columns ! ('a', '<i4'), ('b', '<i4')
            c0 DOUBLE, c1 DOUBLE ! columnDtypes=c1 <f4 ! ('c0', '<f8'), ('c1', '<f4')
            c0 DOUBLE, c1 DOUBLE ! columnDtypes=c1 <f8 ! ('c0', '<f8'), ('c1', '<f8')
            c0 INT, c1 INT ! dtype=[('c0', '<i4'), ('c1', '<i4')] ! ('c0', '<i4'), ('c1', '<i4')
            c0 INT, c1 INT ! shape=5 ! ('c0', '<i4'), ('c1', '<i4')
            c0 INT, c1 DOUBLE ! - ! ('c0', '<i4'), ('c1', '<f8')
            c1 INT, c0 INT ! - ! ('c1', '<i4'), ('c0', '<i4')
            c1 INT, c2 INT ! - ! ('c1', '<i4'), ('c2', '<i4')
            c0 INT, c1 INT, label INT ! - ! ('c0', '<i4'), ('c1', '<i4'), ('label', '<i4')
            C0 INT, C1 INT ! - ! ('C0', '<i4'), ('C1', '<i4')
            c0 INT, c1 INT ! columnNames=a,b ! ('a', '<i4'), ('b', '<i4')
            c0 BOOLEAN, c1 BOOLEAN ! - ! ('c0', '|b1'), ('c1', '|b1')
            c0 DATE, c1 DATE ! - ! ('c0', '<M8[D]'), ('c1', '<M8[D]')
            """)
    void makesARecordOfOtherColumns(String columns, String options, String fields) {
        String[] given = options == null ? new String[0] : options(options);
        WrittenArray array = resolved(columns, given);
        assertThat(array.dtype()).hasToString("[" + fields + "]");
        assertThat(array.trailing()).isEqualTo(Shape.of());
        assertThat(array.layout()).isNull();
    }

    @Test
    void makesARecordOfNumberedArrays() {
        assertThat(resolved("c0 ARRAY<INT>, c1 ARRAY<INT>", "columnDtypes", "c0 ('<i4', (2,)), c1 ('<i4', (2,))")
                        .dtype())
                .hasToString("[('c0', '<i4', (2,)), ('c1', '<i4', (2,))]");
        assertThat(schema("c0 ARRAY<INT>, c1 ARRAY<INT>")
                        .resolve(List.of(List.of(2), List.of(2)))
                        .dtype())
                .hasToString("[('c0', '<i4', (2,)), ('c1', '<i4', (2,))]");
    }

    @Test
    void makesOneNumberedColumnOneDimensional() {
        assertThat(resolved("c0 DOUBLE").trailing()).isEqualTo(Shape.of());
        assertThat(resolved("c0 DOUBLE").dtype()).hasToString("<f8");
    }

    @Test
    void makesARecordOfMoreColumnsThanAReaderTakes() {
        String columns =
                IntStream.range(0, 10_000).mapToObj(i -> "c" + i + " INT").collect(Collectors.joining(","));
        assertThat(resolved(columns).trailing()).isEqualTo(Shape.of(10_000));
        assertThat(resolved(columns + ", c10000 INT").trailing()).isEqualTo(Shape.of());
    }
}
