package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A column of a batch over arrays on the heap that belong to the reader.
 *
 * <p>The reader resets a vector to its arrays, once or whenever it replaces them, and fills them anew for each
 * batch; a row is valid until the next batch, as for Spark's own file formats. Executor side, one task thread.
 *
 * <p>{@link #close} does nothing, and so does {@code closeIfFreeable}, which calls it: Spark closes the vectors of
 * every batch that it has consumed, and the next one is in the same vectors (SPARK-50235, SPARK-50463). Only the
 * reader's {@code close} releases anything.
 *
 * <p>A getter that does not fit the column's type throws {@link UnsupportedOperationException}.
 */
public abstract class DenseVector extends ColumnVector {
    private boolean[] nulls;
    private int numNulls;

    DenseVector(DataType type) {
        super(type);
    }

    /**
     * Says which rows of the current batch are null; needed for each batch, once there have been nulls.
     *
     * @param nulls true where a row is null; may be null itself when {@code numNulls} is 0
     * @param numNulls how many of the batch's rows are
     */
    public final void resetNulls(boolean[] nulls, int numNulls) {
        this.nulls = numNulls == 0 ? null : nulls;
        this.numNulls = numNulls;
    }

    @Override
    public final void close() {}

    @Override
    public boolean hasNull() {
        return nulls != null;
    }

    @Override
    public int numNulls() {
        return numNulls;
    }

    @Override
    public boolean isNullAt(int rowId) {
        return nulls != null && nulls[rowId];
    }

    @Override
    public boolean getBoolean(int rowId) {
        throw unsupported("getBoolean");
    }

    @Override
    public byte getByte(int rowId) {
        throw unsupported("getByte");
    }

    @Override
    public short getShort(int rowId) {
        throw unsupported("getShort");
    }

    @Override
    public int getInt(int rowId) {
        throw unsupported("getInt");
    }

    @Override
    public long getLong(int rowId) {
        throw unsupported("getLong");
    }

    @Override
    public float getFloat(int rowId) {
        throw unsupported("getFloat");
    }

    @Override
    public double getDouble(int rowId) {
        throw unsupported("getDouble");
    }

    @Override
    public ColumnarArray getArray(int rowId) {
        throw unsupported("getArray");
    }

    @Override
    public ColumnarMap getMap(int rowId) {
        throw unsupported("getMap");
    }

    @Override
    public Decimal getDecimal(int rowId, int precision, int scale) {
        throw unsupported("getDecimal");
    }

    @Override
    public UTF8String getUTF8String(int rowId) {
        throw unsupported("getUTF8String");
    }

    @Override
    public byte[] getBinary(int rowId) {
        throw unsupported("getBinary");
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        throw unsupported("getChild");
    }

    private UnsupportedOperationException unsupported(String getter) {
        return new UnsupportedOperationException(
                "Cannot read a column: " + getter + " on " + getClass().getSimpleName() + ", expected the getter of "
                        + dataType().catalogString());
    }
}
