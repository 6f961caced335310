package io.memmap.spark.read.decode;

import io.memmap.dtype.DType;
import io.memmap.spark.read.vector.FixedListVector;
import io.memmap.spark.schema.TypeOptions;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** A fixed number of adjacent elements as an ARRAY, nested by shape. */
final class ListReader extends ItemReader {
    private final ItemReader elements;
    private final int size;
    private final ColumnVector vector;

    private ListReader(ItemReader elements, int size, ColumnVector vector) {
        this.elements = elements;
        this.size = size;
        this.vector = vector;
    }

    /** A reader of {@code shape} elements of {@code base} per item, in C order. */
    static ListReader of(DType base, List<Integer> shape, DataType type, TypeOptions options) {
        DataType element = type;
        for (int i = 0; i < shape.size(); i++) {
            if (!(element instanceof ArrayType array)) {
                throw mismatch(base, type, List.of(shape.size() + " nested arrays"));
            }
            element = array.elementType();
        }
        ItemReader elements = ItemReader.of(base, element, options);
        int size = shape.stream().reduce(1, Math::multiplyExact);
        return new ListReader(elements, size, nested(elements.vector(), shape, type));
    }

    private static ColumnVector nested(ColumnVector elements, List<Integer> shape, DataType type) {
        if (shape.isEmpty()) {
            return elements;
        }
        ArrayType array = (ArrayType) type;
        ColumnVector inner = nested(elements, shape.subList(1, shape.size()), array.elementType());
        return new FixedListVector(array, inner, shape.get(0));
    }

    @Override
    void reserve(int slots) {
        elements.reserve(Math.multiplyExact(slots, size));
    }

    @Override
    void decode(ByteBuffer source, int position, int stride, int items, int run, int at, int step) {
        elements.decode(source, position, stride, items, run * size, at * size, step * size);
    }

    /** Decodes one element of each item, the first into slot 0, for rows whose elements do not lie side by side. */
    void decodeElement(ByteBuffer source, int position, int stride, int items, int element) {
        elements.decode(source, position, stride, items, 1, element, size);
    }

    @Override
    void finish(int slots) {
        try {
            elements.finish(slots * size);
        } catch (BadValueException e) {
            throw e.inSlot(e.slot() / size);
        }
    }

    @Override
    ColumnVector vector() {
        return vector;
    }

    @Override
    long slotNbytes() {
        return elements.slotNbytes() * size;
    }
}
