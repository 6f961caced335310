package io.memmap.spark.schema;

import io.memmap.format.PartitionPath;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Reads the values of partition columns, as Spark holds them internally and null for NULL. Two directories that spell the
 * same values differently have equal lists. Immutable; driver only.
 *
 * @param columns of which each directory has all
 * @param caseSensitive whether the names of two columns may differ in case only
 * @param zone of the session, in which a TIMESTAMP is spelt
 */
public record PartitionValues(List<PartitionColumn> columns, boolean caseSensitive, ZoneId zone) {
    private static final String ROOT = "/root";

    /**
     * Returns the values that all rows of a directory have.
     *
     * @param directory its path from the table's, with a slash after each name
     */
    public List<Object> of(String directory) {
        PartitionPath path = PartitionPath.of(
                ROOT + "/" + directory.substring(0, Math.max(0, directory.length() - 1)), Set.of(ROOT));
        List<Object> values = new ArrayList<>();
        for (PartitionColumn column : columns) {
            String text = path.values().get(column.position(path.names(), caseSensitive));
            values.add(comparable(PartitionValue.of(text, column.type(), zone)));
        }
        return values;
    }

    /** Returns the values of a row that has the columns in this order. */
    public List<Object> of(InternalRow row) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(comparable(row.get(i, columns.get(i).type())));
        }
        return values;
    }

    /** The value, or 0.0 for -0.0, which SQL takes for the same. */
    private static Object comparable(Object value) {
        if (value instanceof Double number) {
            return number + 0.0;
        }
        return value instanceof Float number ? (Object) (number + 0.0f) : value;
    }
}
