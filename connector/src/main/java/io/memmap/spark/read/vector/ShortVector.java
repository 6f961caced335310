package io.memmap.spark.read.vector;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;

/** SHORT over {@code short[]}. */
public final class ShortVector extends PrimitiveVector {
    private short[] values;

    public ShortVector(DataType type) {
        super(type);
    }

    @Override
    public void reset(Object array) {
        values = (short[]) array;
    }

    @Override
    public short getShort(int rowId) {
        return values[rowId];
    }

    @Override
    public short[] getShorts(int rowId, int count) {
        return Arrays.copyOfRange(values, rowId, rowId + count);
    }
}
