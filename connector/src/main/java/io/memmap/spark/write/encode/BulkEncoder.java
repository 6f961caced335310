package io.memmap.spark.write.encode;

import io.memmap.dtype.DType;
import io.memmap.dtype.ScalarDType;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;

/** Stores numbers that lie side by side, in a row or an ARRAY, as they are: one call for all of them. Stateless. */
@FunctionalInterface
interface BulkEncoder {

    /** Encodes the values from {@code ordinal} on, none of which is NULL, into adjacent items from {@code position} on. */
    void encode(SpecializedGetters from, int ordinal, int count, ByteBuffer target, int position);

    /** Null where values are checked, converted or swapped on their way. */
    static BulkEncoder of(DType dtype, DataType type) {
        if (!(dtype instanceof ScalarDType scalar) || !ItemEncoder.isInOrder(scalar)) {
            return null;
        }
        return switch (type.typeName() + " as " + scalar.kind() + scalar.itemsize()) {
            case "double as FLOAT8" -> BulkEncoder::putDoubles;
            case "float as FLOAT4" -> BulkEncoder::putFloats;
            case "long as INT8" -> BulkEncoder::putLongs;
            case "integer as INT4" -> BulkEncoder::putInts;
            default -> null;
        };
    }

    /** Returns true if one of these values is NULL: then it is for the {@link ItemEncoder}s to say what becomes of it. */
    static boolean anyNull(SpecializedGetters from, int ordinal, int count) {
        for (int i = 0; i < count; i++) {
            if (from.isNullAt(ordinal + i)) {
                return true;
            }
        }
        return false;
    }

    private static void putDoubles(SpecializedGetters from, int ordinal, int count, ByteBuffer target, int position) {
        for (int i = 0; i < count; i++) {
            target.putDouble(position + i * Double.BYTES, from.getDouble(ordinal + i));
        }
    }

    private static void putFloats(SpecializedGetters from, int ordinal, int count, ByteBuffer target, int position) {
        for (int i = 0; i < count; i++) {
            target.putFloat(position + i * Float.BYTES, from.getFloat(ordinal + i));
        }
    }

    private static void putLongs(SpecializedGetters from, int ordinal, int count, ByteBuffer target, int position) {
        for (int i = 0; i < count; i++) {
            target.putLong(position + i * Long.BYTES, from.getLong(ordinal + i));
        }
    }

    private static void putInts(SpecializedGetters from, int ordinal, int count, ByteBuffer target, int position) {
        for (int i = 0; i < count; i++) {
            target.putInt(position + i * Integer.BYTES, from.getInt(ordinal + i));
        }
    }
}
