package io.memmap.spark.read.vector;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;

/** INT, DATE (days) or year-month interval (months) over {@code int[]}. */
public final class IntVector extends PrimitiveVector {
    private int[] values;

    public IntVector(DataType type) {
        super(type);
    }

    @Override
    public void reset(Object array) {
        values = (int[]) array;
    }

    @Override
    public int getInt(int rowId) {
        return values[rowId];
    }

    @Override
    public int[] getInts(int rowId, int count) {
        return Arrays.copyOfRange(values, rowId, rowId + count);
    }
}
