package io.memmap.spark.read.decode;

import io.memmap.dtype.ScalarDType;
import io.memmap.layout.Decoder;
import io.memmap.spark.read.vector.PrimitiveVector;
import java.nio.ByteBuffer;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Numbers and times: an array as decoded, and a second one where Spark's values differ from NumPy's. */
final class PrimitiveReader extends ItemReader {
    private final DecodedNumbers numbers;
    private final PrimitiveVector vector;
    private final int itemsize;

    PrimitiveReader(ScalarDType dtype, Conversion conversion, DataType type) {
        this.numbers = new DecodedNumbers(Decoder.of(dtype), conversion);
        this.vector = PrimitiveVector.of(type);
        this.itemsize = dtype.itemsize();
    }

    @Override
    void reserve(int slots) {
        if (numbers.reserve(slots)) {
            vector.reset(numbers.values());
        }
    }

    @Override
    void decode(ByteBuffer source, int position, int stride, int items, int run, int at, int step) {
        numbers.decode(source, position, stride, items, run, at, step);
    }

    @Override
    void finish(int slots) {
        vector.resetNulls(numbers.nulls(), numbers.convert(slots));
    }

    @Override
    ColumnVector vector() {
        return vector;
    }

    @Override
    long slotNbytes() {
        return numbers.slotNbytes(itemsize);
    }
}
