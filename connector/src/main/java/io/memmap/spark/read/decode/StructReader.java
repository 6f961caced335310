package io.memmap.spark.read.decode;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.read.vector.StructVector;
import io.memmap.spark.schema.ColumnMatch;
import io.memmap.spark.schema.TypeOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** A record, or a complex number, as a STRUCT of those fields that are needed. */
final class StructReader extends ItemReader {
    private final int itemsize;
    private final int[] offsets;
    private final ItemReader[] fields;
    private final StructVector vector;

    private StructReader(int itemsize, int[] offsets, ItemReader[] fields, StructType type) {
        this.itemsize = itemsize;
        this.offsets = offsets;
        this.fields = fields;
        this.vector =
                new StructVector(type, Stream.of(fields).map(ItemReader::vector).toArray(ColumnVector[]::new));
    }

    static StructReader ofRecord(RecordDType record, StructType type, TypeOptions options) {
        StructField[] wanted = type.fields();
        ColumnMatch match = ColumnMatch.of(record.names(), true, List.of(type.fieldNames()), options.caseSensitive());
        if (!match.unknown().isEmpty()) {
            throw new IllegalArgumentException(
                    "its record has no field '" + match.unknown().get(0) + "', expected one of " + record.names());
        }
        int[] offsets = new int[wanted.length];
        ItemReader[] readers = new ItemReader[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            RecordDType.Field field = record.fields().get(match.positions().get(i));
            offsets[i] = field.offset();
            readers[i] = of(field.dtype(), wanted[i].dataType(), options);
        }
        return new StructReader(record.itemsize(), offsets, readers, type);
    }

    /** Two floats side by side; the schema may ask for either or both. */
    static StructReader ofComplex(ScalarDType dtype, StructType type, TypeOptions options) {
        if (dtype.byteOrder() == ByteOrder.NONE) {
            throw new IllegalArgumentException("its dtype is " + dtype + ", expected a byte order");
        }
        return ofRecord(dtype.parts(), type, options);
    }

    @Override
    void reserve(int slots) {
        for (ItemReader field : fields) {
            field.reserve(slots);
        }
    }

    @Override
    void decode(ByteBuffer source, int position, int stride, int items, int run, int at, int step) {
        if (run > 1 && step == run && (items == 1 || stride == (long) run * itemsize)) {
            decodeItems(source, position, itemsize, items * run, at, 1);
            return;
        }
        for (int k = 0; k < run; k++) {
            decodeItems(source, position + k * itemsize, stride, items, at + k, step);
        }
    }

    private void decodeItems(ByteBuffer source, int position, int stride, int items, int at, int step) {
        for (int i = 0; i < fields.length; i++) {
            fields[i].decode(source, position + offsets[i], stride, items, 1, at, step);
        }
    }

    @Override
    void finish(int slots) {
        for (ItemReader field : fields) {
            field.finish(slots);
        }
    }

    @Override
    ColumnVector vector() {
        return vector;
    }

    @Override
    long slotNbytes() {
        return Stream.of(fields).mapToLong(ItemReader::slotNbytes).sum();
    }
}
