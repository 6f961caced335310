package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** A few values of any one type, as Spark holds them internally: what a scan answers without handing out rows. */
public final class ValuesVector extends DenseVector {
    private final Object[] values;

    /** @param values null where a row is null */
    public ValuesVector(DataType type, Object... values) {
        super(type);
        this.values = values.clone();
        boolean[] nulls = new boolean[values.length];
        int numNulls = 0;
        for (int i = 0; i < values.length; i++) {
            nulls[i] = values[i] == null;
            numNulls += nulls[i] ? 1 : 0;
        }
        resetNulls(nulls, numNulls);
    }

    @Override
    public byte getByte(int rowId) {
        return (Byte) values[rowId];
    }

    @Override
    public short getShort(int rowId) {
        return (Short) values[rowId];
    }

    @Override
    public int getInt(int rowId) {
        return (Integer) values[rowId];
    }

    @Override
    public long getLong(int rowId) {
        return (Long) values[rowId];
    }

    @Override
    public float getFloat(int rowId) {
        return (Float) values[rowId];
    }

    @Override
    public double getDouble(int rowId) {
        return (Double) values[rowId];
    }

    @Override
    public Decimal getDecimal(int rowId, int precision, int scale) {
        return (Decimal) values[rowId];
    }

    @Override
    public UTF8String getUTF8String(int rowId) {
        return (UTF8String) values[rowId];
    }
}
