package io.memmap.spark.schema;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * A column of a DataFrame whose values name the directories of the rows. Crosses the wire.
 *
 * @param name as the directories spell it
 * @param ordinal its place in the DataFrame's rows
 */
public record WrittenPartition(String name, int ordinal, DataType type) implements Serializable {
    private static final Set<String> TYPES = Set.of(
            "boolean", "byte", "short", "integer", "long", "float", "double", "date", "timestamp", "timestamp_ntz");

    /** SQL's name of the type. */
    public String typeName() {
        return type.catalogString();
    }

    /** SQL's names of the types, by the columns' names. */
    public static Map<String, String> types(List<WrittenPartition> partitions) {
        return partitions.stream().collect(Collectors.toMap(WrittenPartition::name, WrittenPartition::typeName));
    }

    /** @throws IllegalArgumentException for a type whose values have no text that reading takes for the same value */
    static WrittenPartition of(String name, StructField field, int ordinal) {
        DataType type = field.dataType();
        // Values that a collation takes for equal would have a directory each, and would not be in the order of these.
        if (!isNameable(type) || SparkTypes.isCollated(type)) {
            throw new IllegalArgumentException("Cannot write with partitionBy(" + field.name() + "): it is "
                    + type.sql() + ", expected a number, BOOLEAN, DATE, TIMESTAMP or STRING"
                    + (SparkTypes.isCollated(type) ? " without a collation" : "") + "; cast the column");
        }
        return new WrittenPartition(name, ordinal, type);
    }

    /** Returns true if values of the type have a text that reading takes for the same value. */
    static boolean isNameable(DataType type) {
        return type instanceof StringType || type instanceof DecimalType || TYPES.contains(type.typeName());
    }
}
