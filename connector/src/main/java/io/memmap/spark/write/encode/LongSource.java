package io.memmap.spark.write.encode;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;

/** Gets a value whose Spark representation is an integer. Stateless. */
@FunctionalInterface
interface LongSource {
    long get(SpecializedGetters from, int ordinal);

    /** A BOOLEAN as 0 or 1, or an integer; null for any other type. */
    static LongSource ofInteger(DataType type) {
        return switch (type.typeName()) {
            case "boolean" -> (from, ordinal) -> from.getBoolean(ordinal) ? 1 : 0;
            case "byte" -> SpecializedGetters::getByte;
            case "short" -> SpecializedGetters::getShort;
            case "integer" -> SpecializedGetters::getInt;
            case "long" -> SpecializedGetters::getLong;
            default -> null;
        };
    }

    /** The number of bits of such a type besides the sign. */
    static int bits(DataType type) {
        return switch (type.typeName()) {
            case "boolean" -> 1;
            case "byte" -> 7;
            case "short" -> 15;
            case "integer" -> 31;
            default -> 63;
        };
    }
}
