package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataTypes;

/** LONG that counts up by one from row to row, such as {@code _row}. */
public final class SequenceVector extends DenseVector {
    private long first;

    public SequenceVector() {
        super(DataTypes.LongType);
    }

    /** Has this value in row 0 from now on. */
    public void reset(long first) {
        this.first = first;
    }

    @Override
    public long getLong(int rowId) {
        return first + rowId;
    }
}
