package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataType;

/** BOOLEAN over {@code byte[]}; any non-zero byte is true. */
public final class BooleanVector extends PrimitiveVector {
    private byte[] values;

    public BooleanVector(DataType type) {
        super(type);
    }

    @Override
    public void reset(Object array) {
        values = (byte[]) array;
    }

    @Override
    public boolean getBoolean(int rowId) {
        return values[rowId] != 0;
    }
}
