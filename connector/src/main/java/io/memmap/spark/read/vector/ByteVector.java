package io.memmap.spark.read.vector;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;

/** BYTE over {@code byte[]}. */
public final class ByteVector extends PrimitiveVector {
    private byte[] values;

    public ByteVector(DataType type) {
        super(type);
    }

    @Override
    public void reset(Object array) {
        values = (byte[]) array;
    }

    @Override
    public byte getByte(int rowId) {
        return values[rowId];
    }

    @Override
    public byte[] getBytes(int rowId, int count) {
        return Arrays.copyOfRange(values, rowId, rowId + count);
    }
}
