package io.memmap.spark.read.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrimitiveVectorTest {
    private static final DataType DECIMAL = DataTypes.createDecimalType(20, 0);

    @Test
    void rowsOfABatchHaveTheValuesOfTheArrays() {
        ColumnarBatch batch = new ColumnarBatch(
                new ColumnVector[] {
                    vector(DataTypes.BooleanType, new byte[] {0, 1, -128}),
                    vector(DataTypes.ByteType, new byte[] {1, -2, 127}),
                    vector(DataTypes.ShortType, new short[] {1, -2, 255}),
                    vector(DataTypes.IntegerType, new int[] {1, -2, 65535}),
                    vector(DataTypes.LongType, new long[] {1, -2, 4294967295L}),
                    vector(DataTypes.FloatType, new float[] {1, -0f, Float.NaN}),
                    vector(DataTypes.DoubleType, new double[] {1, -0.0, Double.NEGATIVE_INFINITY}),
                    vector(DataTypes.DateType, new int[] {0, -1, 19000}),
                    vector(DataTypes.TimestampType, new long[] {0, -1, 19000}),
                    vector(DataTypes.TimestampNTZType, new long[] {0, -1, 19000}),
                    vector(DataTypes.createYearMonthIntervalType(), new int[] {0, -1, 12}),
                    vector(DataTypes.createDayTimeIntervalType(), new long[] {0, -1, 86400000000L}),
                },
                3);
        Iterator<InternalRow> rows = batch.rowIterator();
        rows.next();
        InternalRow second = rows.next();
        assertThat(second.getBoolean(0)).isTrue();
        assertThat(second.getByte(1)).isEqualTo((byte) -2);
        assertThat(second.getInt(7)).isEqualTo(-1);
        InternalRow last = rows.next();
        assertThat(rows.hasNext()).isFalse();
        assertThat(last.getBoolean(0)).isTrue();
        assertThat(last.getByte(1)).isEqualTo((byte) 127);
        assertThat(last.getShort(2)).isEqualTo((short) 255);
        assertThat(last.getInt(3)).isEqualTo(65535);
        assertThat(last.getLong(4)).isEqualTo(4294967295L);
        assertThat(last.getFloat(5)).isNaN();
        assertThat(last.getDouble(6)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(last.getInt(7)).isEqualTo(19000);
        assertThat(last.getLong(8)).isEqualTo(19000);
        assertThat(last.getLong(9)).isEqualTo(19000);
        assertThat(last.getInt(10)).isEqualTo(12);
        assertThat(last.getLong(11)).isEqualTo(86400000000L);
        assertThat(batch.getRow(0).getBoolean(0)).isFalse();
        assertThat(batch.getRow(0).copy().getDouble(6)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "999999999999999999, 999999999999999999",
        "1000000000000000000, 1000000000000000000",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, 9223372036854775808",
        "-2, 18446744073709551614",
        "-1, 18446744073709551615"
    })
    void unsignedLongsAreDecimals(long bits, String decimal) {
        ColumnarBatch batch = new ColumnarBatch(new ColumnVector[] {vector(DECIMAL, new long[] {bits})}, 1);
        org.apache.spark.sql.types.Decimal value = batch.getRow(0).getDecimal(0, 20, 0);
        assertThat(value.toJavaBigDecimal()).isEqualTo(new BigDecimal(decimal));
        assertThat(value.precision()).isEqualTo(20);
        assertThat(value.scale()).isZero();
        assertThat(batch.getRow(0).copy().getDecimal(0, 20, 0)).isEqualTo(value);
    }

    @Test
    void bulkGettersCopyTheRangeOnly() {
        byte[] bytes = {1, 2, 3, 4};
        ColumnVector vector = vector(DataTypes.ByteType, bytes);
        byte[] copy = vector.getBytes(1, 2);
        assertThat(copy).containsExactly(2, 3);
        copy[0] = 9;
        assertThat(bytes).containsExactly(1, 2, 3, 4);
        assertThat(vector(DataTypes.BooleanType, bytes).getBooleans(3, 1)).containsExactly(true);
        assertThat(vector(DataTypes.ShortType, new short[] {1, 2, 3}).getShorts(1, 2))
                .containsExactly((short) 2, (short) 3);
        assertThat(vector(DataTypes.IntegerType, new int[] {1, 2, 3}).getInts(1, 2))
                .containsExactly(2, 3);
        assertThat(vector(DataTypes.LongType, new long[] {1, 2, 3}).getLongs(0, 2))
                .containsExactly(1, 2);
        assertThat(vector(DataTypes.FloatType, new float[] {1, 2, 3}).getFloats(2, 1))
                .containsExactly(3);
        assertThat(vector(DataTypes.DoubleType, new double[] {1, 2, 3}).getDoubles(0, 0))
                .isEmpty();
    }

    @Test
    void nullsHoldUntilTheNextBatchSaysOtherwise() {
        PrimitiveVector vector = vector(DataTypes.DateType, new int[] {1, 2, 3});
        assertThat(vector.hasNull()).isFalse();
        assertThat(vector.isNullAt(1)).isFalse();
        vector.resetNulls(new boolean[] {false, true, false}, 1);
        assertThat(vector.hasNull()).isTrue();
        assertThat(vector.numNulls()).isEqualTo(1);
        ColumnarBatch batch = new ColumnarBatch(new ColumnVector[] {vector}, 3);
        assertThat(batch.getRow(0).isNullAt(0)).isFalse();
        assertThat(batch.getRow(1).isNullAt(0)).isTrue();
        assertThat(batch.getRow(1).copy().isNullAt(0)).isTrue();
        vector.resetNulls(new boolean[] {true, true, true}, 0);
        assertThat(vector.hasNull()).isFalse();
        assertThat(vector.isNullAt(1)).isFalse();
        assertThat(vector.numNulls()).isZero();
    }

    @Test
    void closingKeepsTheVectorReadable() {
        PrimitiveVector vector = vector(DataTypes.LongType, new long[] {7, 8});
        ColumnarBatch batch = new ColumnarBatch(new ColumnVector[] {vector}, 2);
        batch.closeIfFreeable();
        batch.close();
        vector.closeIfFreeable();
        vector.close();
        assertThat(batch.getRow(1).getLong(0)).isEqualTo(8);
        vector.reset(new long[] {9});
        assertThat(batch.getRow(0).getLong(0)).isEqualTo(9);
    }

    @Test
    void refusesAnotherTypesGettersAndArrays() {
        PrimitiveVector vector = vector(DataTypes.IntegerType, new int[1]);
        assertThatThrownBy(() -> vector.getLong(0))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("Cannot read a column: getLong on IntVector, expected the getter of int");
        assertThatThrownBy(() -> vector.reset(new long[1])).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> PrimitiveVector.of(DataTypes.StringType))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a vector of numbers: type string, expected a number, a date, a timestamp or an"
                        + " interval");
        assertThatThrownBy(() -> PrimitiveVector.of(DataTypes.createDecimalType(20, 2)))
                .hasMessageContaining("type decimal(20,2)");
    }

    private static PrimitiveVector vector(DataType type, Object array) {
        PrimitiveVector vector = PrimitiveVector.of(type);
        assertThat(vector.dataType()).isEqualTo(type);
        vector.reset(array);
        return vector;
    }
}
