package io.memmap.spark.read.decode;

import io.memmap.dtype.ScalarDType;
import io.memmap.layout.Decoder;
import io.memmap.spark.read.vector.PrimitiveVector;
import java.nio.ByteBuffer;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Numbers and times: an array as decoded, and a second one where Spark's values differ from NumPy's. */
final class PrimitiveReader extends ItemReader {
    private final Decoder decoder;
    private final Conversion conversion;
    private final PrimitiveVector vector;
    private final int itemsize;
    private int capacity = -1;
    private Object decoded;
    private Object converted;
    private boolean[] nulls;

    PrimitiveReader(ScalarDType dtype, Conversion conversion, DataType type) {
        this.decoder = Decoder.of(dtype);
        this.conversion = conversion;
        this.vector = PrimitiveVector.of(type);
        this.itemsize = dtype.itemsize();
    }

    @Override
    void reserve(int slots) {
        if (slots <= capacity) {
            return;
        }
        capacity = slots;
        decoded = decoder.allocate(slots);
        if (conversion == Conversion.NONE) {
            vector.reset(decoded);
        } else {
            converted = conversion.allocate(slots);
            nulls = new boolean[slots];
            vector.reset(converted);
        }
    }

    @Override
    void decode(ByteBuffer source, int position, int stride, int items, int run, int at, int step) {
        decoder.decode(source, position, stride, items, run, decoded, at, step);
    }

    @Override
    void finish(int slots) {
        if (conversion != Conversion.NONE) {
            vector.resetNulls(nulls, conversion.convert(decoded, slots, converted, nulls));
        }
    }

    @Override
    ColumnVector vector() {
        return vector;
    }

    @Override
    long slotNbytes() {
        return conversion == Conversion.NONE ? itemsize : itemsize + 9;
    }
}
