package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Some rows of another vector, whatever its type: row {@code r} is row {@code rows[r]} of it. Executor side, one task
 * thread; {@link #close} does nothing, as for the vectors that it selects from.
 */
public final class SelectedVector extends ColumnVector {
    private final ColumnVector all;
    private final SelectedVector[] children;
    private int[] rows;

    public SelectedVector(ColumnVector all) {
        super(all.dataType());
        this.all = all;
        this.children = new SelectedVector[all.dataType() instanceof StructType struct ? struct.length() : 0];
        for (int i = 0; i < children.length; i++) {
            children[i] = new SelectedVector(all.getChild(i));
        }
    }

    /** Has these rows from now on. */
    public void reset(int[] selected) {
        rows = selected;
        for (SelectedVector child : children) {
            child.reset(selected);
        }
    }

    @Override
    public void close() {}

    @Override
    public boolean hasNull() {
        return all.hasNull();
    }

    /** An upper bound: of all rows that the selection is made from. */
    @Override
    public int numNulls() {
        return all.numNulls();
    }

    @Override
    public boolean isNullAt(int rowId) {
        return all.isNullAt(rows[rowId]);
    }

    @Override
    public boolean getBoolean(int rowId) {
        return all.getBoolean(rows[rowId]);
    }

    @Override
    public byte getByte(int rowId) {
        return all.getByte(rows[rowId]);
    }

    @Override
    public short getShort(int rowId) {
        return all.getShort(rows[rowId]);
    }

    @Override
    public int getInt(int rowId) {
        return all.getInt(rows[rowId]);
    }

    @Override
    public long getLong(int rowId) {
        return all.getLong(rows[rowId]);
    }

    @Override
    public float getFloat(int rowId) {
        return all.getFloat(rows[rowId]);
    }

    @Override
    public double getDouble(int rowId) {
        return all.getDouble(rows[rowId]);
    }

    @Override
    public ColumnarArray getArray(int rowId) {
        return all.getArray(rows[rowId]);
    }

    @Override
    public ColumnarMap getMap(int rowId) {
        return all.getMap(rows[rowId]);
    }

    @Override
    public Decimal getDecimal(int rowId, int precision, int scale) {
        return all.getDecimal(rows[rowId], precision, scale);
    }

    @Override
    public UTF8String getUTF8String(int rowId) {
        return all.getUTF8String(rows[rowId]);
    }

    @Override
    public byte[] getBinary(int rowId) {
        return all.getBinary(rows[rowId]);
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        return children[ordinal];
    }
}
