package io.memmap.spark.read.vector;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;

/** DOUBLE over {@code double[]}. */
public final class DoubleVector extends PrimitiveVector {
    private double[] values;

    public DoubleVector(DataType type) {
        super(type);
    }

    @Override
    public void reset(Object array) {
        values = (double[]) array;
    }

    @Override
    public double getDouble(int rowId) {
        return values[rowId];
    }

    @Override
    public double[] getDoubles(int rowId, int count) {
        return Arrays.copyOfRange(values, rowId, rowId + count);
    }
}
