package io.memmap.spark.read.vector;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * STRING (already UTF-8) or BINARY: row {@code r} is {@code lengths[r]} bytes of {@code data}, from {@code offsets[r]}
 * on.
 */
public final class BytesVector extends DenseVector {
    private byte[] data;
    private int[] offsets;
    private int[] lengths;

    public BytesVector(DataType type) {
        super(type);
    }

    /** Reads these arrays from now on. */
    public void reset(byte[] data, int[] offsets, int[] lengths) {
        this.data = data;
        this.offsets = offsets;
        this.lengths = lengths;
    }

    /**
     * A view of {@code data}, valid until the next batch. Spark clones what it keeps longer, but its clone of a view of all
     * bytes has the same bytes, so that is a copy.
     */
    @Override
    public UTF8String getUTF8String(int rowId) {
        int nbytes = lengths[rowId];
        return nbytes == data.length
                ? UTF8String.fromBytes(data.clone())
                : UTF8String.fromBytes(data, offsets[rowId], nbytes);
    }

    /** A copy. */
    @Override
    public byte[] getBinary(int rowId) {
        return Arrays.copyOfRange(data, offsets[rowId], offsets[rowId] + lengths[rowId]);
    }
}
