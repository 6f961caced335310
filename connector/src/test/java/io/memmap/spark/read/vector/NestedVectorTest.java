package io.memmap.spark.read.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;

class NestedVectorTest {
    private static final StructType PIXEL = new StructType()
            .add("weight", DataTypes.DoubleType)
            .add("rgb", DataTypes.createArrayType(DataTypes.ShortType, false));

    @Test
    void structsOfArraysOfStructsOfArraysAreReadInPlace() {
        // Two rows, each an id and three pixels of a weight and three colours.
        PrimitiveVector ids = resetTo(DataTypes.IntegerType, new int[] {10, 20});
        PrimitiveVector weights = resetTo(DataTypes.DoubleType, new double[] {0, 0.5, 1, 1.5, 2, 2.5});
        PrimitiveVector colours = resetTo(DataTypes.ShortType, shorts(18));
        FixedListVector rgb = new FixedListVector((ArrayType) PIXEL.fields()[1].dataType(), colours, 3);
        StructVector pixel = new StructVector(PIXEL, weights, rgb);
        ArrayType pixelsType = DataTypes.createArrayType(PIXEL, false);
        FixedListVector pixels = new FixedListVector(pixelsType, pixel, 3);
        StructType rowType = new StructType().add("id", DataTypes.IntegerType).add("pixels", pixelsType);
        StructVector value = new StructVector(rowType, ids, pixels);

        ColumnarBatch batch = new ColumnarBatch(new ColumnVector[] {value}, 2);
        InternalRow struct = batch.getRow(1).getStruct(0, 2);
        assertThat(struct.numFields()).isEqualTo(2);
        assertThat(struct.getInt(0)).isEqualTo(20);
        assertThat(struct.getArray(1).numElements()).isEqualTo(3);
        InternalRow last = struct.getArray(1).getStruct(2, 2);
        assertThat(last.getDouble(0)).isEqualTo(2.5);
        assertThat(last.getArray(1).toShortArray()).containsExactly((short) 15, (short) 16, (short) 17);
        assertThat(last.getArray(1).getShort(1)).isEqualTo((short) 16);
        assertThat(batch.getRow(0)
                        .getStruct(0, 2)
                        .getArray(1)
                        .getStruct(1, 2)
                        .getArray(1)
                        .getShort(0))
                .isEqualTo((short) 3);

        InternalRow copy = batch.getRow(1).copy();
        weights.reset(new double[6]);
        assertThat(copy.getStruct(0, 2).getInt(0)).isEqualTo(20);
        assertThat(last.getDouble(0)).isZero();
    }

    @Test
    void structsAndTheirFieldsMayBeNull() {
        PrimitiveVector weights = resetTo(DataTypes.DoubleType, new double[] {1, 2});
        weights.resetNulls(new boolean[] {true, false}, 1);
        FixedListVector rgb = new FixedListVector(
                (ArrayType) PIXEL.fields()[1].dataType(), resetTo(DataTypes.ShortType, shorts(4)), 2);
        StructVector pixel = new StructVector(PIXEL, weights, rgb);
        pixel.resetNulls(new boolean[] {false, true}, 1);
        InternalRow row = new ColumnarBatch(new ColumnVector[] {pixel}, 2).getRow(0);
        assertThat(row.isNullAt(0)).isFalse();
        assertThat(row.getStruct(0, 2).isNullAt(0)).isTrue();
        assertThat(row.getStruct(0, 2).getArray(1).toShortArray()).containsExactly((short) 0, (short) 1);
        assertThat(pixel.getStruct(1)).isNull();
    }

    @Test
    void arraysAreSlicesOfOneChild() {
        DataType doubles = DataTypes.createArrayType(DataTypes.DoubleType, false);
        FixedListVector list = new FixedListVector(
                (ArrayType) doubles, resetTo(DataTypes.DoubleType, new double[] {1, 2, 3, 4, 5, 6}), 2);
        ColumnarArray array = list.getArray(2);
        assertThat(array.toDoubleArray()).containsExactly(5, 6);
        assertThat(array.copy().toDoubleArray()).containsExactly(5, 6);
        assertThat(array.numElements()).isEqualTo(2);

        FixedListVector matrix = new FixedListVector(DataTypes.createArrayType(doubles, false), list, 3);
        assertThat(matrix.getArray(0).getArray(1).toDoubleArray()).containsExactly(3, 4);

        FixedListVector empty =
                new FixedListVector((ArrayType) doubles, resetTo(DataTypes.DoubleType, new double[0]), 0);
        assertThat(empty.getArray(5).numElements()).isZero();
        assertThat(empty.getArray(5).toDoubleArray()).isEmpty();
    }

    @Test
    void closingAParentKeepsItsChildrenReadable() {
        PrimitiveVector child = resetTo(DataTypes.DoubleType, new double[] {1});
        StructVector struct = new StructVector(new StructType().add("x", DataTypes.DoubleType), child);
        struct.close();
        assertThat(struct.getStruct(0).getDouble(0)).isEqualTo(1);
    }

    @Test
    void refusesAnotherNumberOfChildren() {
        assertThatThrownBy(() -> new StructVector(PIXEL, resetTo(DataTypes.DoubleType, new double[1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a struct vector: 1 children, expected one for each of the 2 fields of"
                        + " struct<weight:double,rgb:array<smallint>>");
    }

    private static PrimitiveVector resetTo(DataType type, Object array) {
        PrimitiveVector vector = PrimitiveVector.of(type);
        vector.reset(array);
        return vector;
    }

    private static short[] shorts(int count) {
        short[] shorts = new short[count];
        for (int i = 0; i < count; i++) {
            shorts[i] = (short) i;
        }
        return shorts;
    }
}
