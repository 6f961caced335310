package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/** ARRAY of one length in every row: row {@code r} is {@code length} rows of the child, from {@code r * length} on. */
public final class FixedListVector extends DenseVector {
    private final ColumnVector child;
    private final int length;

    /**
     * A vector of arrays.
     *
     * @param child the elements of all rows; a batch has at most 2^31-1 of them
     * @param length elements of a row; may be 0
     */
    public FixedListVector(ArrayType type, ColumnVector child, int length) {
        super(type);
        this.child = child;
        this.length = length;
    }

    @Override
    public ColumnarArray getArray(int rowId) {
        return new ColumnarArray(child, rowId * length, length);
    }

    /** The elements, whatever the ordinal. */
    @Override
    public ColumnVector getChild(int ordinal) {
        return child;
    }
}
