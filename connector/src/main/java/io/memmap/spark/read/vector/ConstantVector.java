package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A column of any simple type with one value in all rows, such as {@code _file} or the value of a partition directory.
 * Executor side; {@link #close} does nothing, as for {@link DenseVector}.
 */
public final class ConstantVector extends ColumnVector {
    private final Object value;
    private int count;

    /** @param value as Spark holds it internally; may be null */
    public ConstantVector(DataType type, Object value) {
        super(type);
        this.value = value;
    }

    /** Has this many rows from now on. */
    public void reset(int rows) {
        count = rows;
    }

    @Override
    public void close() {}

    @Override
    public boolean hasNull() {
        return value == null;
    }

    @Override
    public int numNulls() {
        return value == null ? count : 0;
    }

    @Override
    public boolean isNullAt(int rowId) {
        return value == null;
    }

    @Override
    public boolean getBoolean(int rowId) {
        return (Boolean) value;
    }

    @Override
    public byte getByte(int rowId) {
        return (Byte) value;
    }

    @Override
    public short getShort(int rowId) {
        return (Short) value;
    }

    @Override
    public int getInt(int rowId) {
        return (Integer) value;
    }

    @Override
    public long getLong(int rowId) {
        return (Long) value;
    }

    @Override
    public float getFloat(int rowId) {
        return (Float) value;
    }

    @Override
    public double getDouble(int rowId) {
        return (Double) value;
    }

    @Override
    public Decimal getDecimal(int rowId, int precision, int scale) {
        return (Decimal) value;
    }

    @Override
    public UTF8String getUTF8String(int rowId) {
        return (UTF8String) value;
    }

    @Override
    public byte[] getBinary(int rowId) {
        return (byte[]) value;
    }

    @Override
    public ColumnarArray getArray(int rowId) {
        throw notSimple();
    }

    @Override
    public ColumnarMap getMap(int rowId) {
        throw notSimple();
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        throw notSimple();
    }

    private UnsupportedOperationException notSimple() {
        return new UnsupportedOperationException("Cannot read a constant column as nested values: its type is "
                + dataType().catalogString());
    }
}
