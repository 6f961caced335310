package io.memmap.spark.schema;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/** A column whose values are in the names of directories. Immutable; crosses the wire. */
public record PartitionColumn(String name, DataType type) implements Serializable {

    /** The position of its name among others; -1 if it is none of them. */
    int position(List<String> names, boolean caseSensitive) {
        for (int i = 0; i < names.size(); i++) {
            if (ColumnMatch.same(names.get(i), name, caseSensitive)) {
                return i;
            }
        }
        return -1;
    }
}
