package io.memmap.spark.read.vector;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;

/** FLOAT over {@code float[]}. */
public final class FloatVector extends PrimitiveVector {
    private float[] values;

    public FloatVector(DataType type) {
        super(type);
    }

    @Override
    public void reset(Object array) {
        values = (float[]) array;
    }

    @Override
    public float getFloat(int rowId) {
        return values[rowId];
    }

    @Override
    public float[] getFloats(int rowId, int count) {
        return Arrays.copyOfRange(values, rowId, rowId + count);
    }
}
