package io.memmap.spark.write.encode;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;

/** Gets a FLOAT or DOUBLE. Stateless. */
@FunctionalInterface
interface DoubleSource {
    double get(SpecializedGetters from, int ordinal);

    /** Null for any other type. */
    static DoubleSource of(DataType type) {
        return switch (type.typeName()) {
            case "float" -> SpecializedGetters::getFloat;
            case "double" -> SpecializedGetters::getDouble;
            default -> null;
        };
    }
}
