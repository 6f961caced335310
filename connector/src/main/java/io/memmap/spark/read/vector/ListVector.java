package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/** ARRAY of any length in each row: row {@code r} is the rows of the child from one end up to the next. */
public final class ListVector extends DenseVector {
    private final ColumnVector child;
    private int[] starts;

    /** @param child the elements of all rows; a batch has at most 2^31-1 of them */
    public ListVector(ArrayType type, ColumnVector child) {
        super(type);
        this.child = child;
    }

    /** Has rows of the child from {@code starts[r]} up to {@code starts[r + 1]} from now on. */
    public void reset(int[] starts) {
        this.starts = starts;
    }

    @Override
    public ColumnarArray getArray(int rowId) {
        return new ColumnarArray(child, starts[rowId], starts[rowId + 1] - starts[rowId]);
    }

    /** The elements, whatever the ordinal. */
    @Override
    public ColumnVector getChild(int ordinal) {
        return child;
    }
}
