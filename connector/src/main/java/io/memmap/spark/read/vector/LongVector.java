package io.memmap.spark.read.vector;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;

/** LONG, or TIMESTAMP, TIMESTAMP_NTZ or day-time interval (microseconds), over {@code long[]}. */
public final class LongVector extends PrimitiveVector {
    private long[] values;

    public LongVector(DataType type) {
        super(type);
    }

    @Override
    public void reset(Object array) {
        values = (long[]) array;
    }

    @Override
    public long getLong(int rowId) {
        return values[rowId];
    }

    @Override
    public long[] getLongs(int rowId, int count) {
        return Arrays.copyOfRange(values, rowId, rowId + count);
    }
}
