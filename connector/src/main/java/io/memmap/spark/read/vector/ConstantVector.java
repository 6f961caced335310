package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataType;

/**
 * A column of any simple type with one value in all rows, such as {@code _file} or the value of a partition directory.
 * Executor side.
 */
public final class ConstantVector extends BoxedVector {
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
    Object value(int rowId) {
        return value;
    }

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
}
