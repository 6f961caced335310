package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** A column of any simple type over values as Spark holds them internally: for a few values, or a value of many rows. */
abstract class BoxedVector extends DenseVector {
    BoxedVector(DataType type) {
        super(type);
    }

    /** The value of a row, of the Java type that Spark has for the column's type. Not called for rows that are null. */
    abstract Object value(int rowId);

    @Override
    public final boolean getBoolean(int rowId) {
        return (Boolean) value(rowId);
    }

    @Override
    public final byte getByte(int rowId) {
        return (Byte) value(rowId);
    }

    @Override
    public final short getShort(int rowId) {
        return (Short) value(rowId);
    }

    @Override
    public final int getInt(int rowId) {
        return (Integer) value(rowId);
    }

    @Override
    public final long getLong(int rowId) {
        return (Long) value(rowId);
    }

    @Override
    public final float getFloat(int rowId) {
        return (Float) value(rowId);
    }

    @Override
    public final double getDouble(int rowId) {
        return (Double) value(rowId);
    }

    @Override
    public final Decimal getDecimal(int rowId, int precision, int scale) {
        return (Decimal) value(rowId);
    }

    @Override
    public final UTF8String getUTF8String(int rowId) {
        return (UTF8String) value(rowId);
    }

    @Override
    public final byte[] getBinary(int rowId) {
        return (byte[]) value(rowId);
    }
}
