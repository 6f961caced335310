package io.memmap.spark.write.encode;

import io.memmap.dtype.DType;
import io.memmap.dtype.SubArrayDType;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;

/**
 * An ARRAY of constant length, nested ones by nested encoders.
 *
 * @param bulk null where each element needs its encoder
 */
record ListEncoder(ItemEncoder element, BulkEncoder bulk, boolean nullable, int length, int stride)
        implements ItemEncoder {
    static ListEncoder of(SubArrayDType array, ArrayType type, Context context) {
        DType inner = array.row();
        ItemEncoder element = ItemEncoder.of(inner, type.elementType(), type.containsNull(), context);
        BulkEncoder bulk = BulkEncoder.of(inner, type.elementType());
        return new ListEncoder(element, bulk, type.containsNull(), array.shape().get(0), inner.itemsize());
    }

    @Override
    public void encode(SpecializedGetters from, int ordinal, ByteBuffer target, int position) {
        ArrayData list = from.getArray(ordinal);
        if (list.numElements() != length) {
            throw new BadValueException("found an ARRAY of " + list.numElements() + " elements, expected " + length
                    + " as in all rows; pad or cut the arrays to one length");
        }
        if (bulk != null && !(nullable && BulkEncoder.anyNull(list, 0, length))) {
            bulk.encode(list, 0, length, target, position);
            return;
        }
        int i = 0;
        try {
            for (; i < length; i++) {
                element.encode(list, i, target, position + i * stride);
            }
        } catch (BadValueException e) {
            throw e.inElement(i);
        }
    }
}
