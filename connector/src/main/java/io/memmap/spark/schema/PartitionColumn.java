package io.memmap.spark.schema;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataType;

/** A column whose values are in the names of directories. Immutable; crosses the wire. */
public record PartitionColumn(String name, DataType type) implements Serializable {

    /** The position of its name among others; -1 if it is none of them. */
    int position(List<String> names, boolean caseSensitive) {
        return IntStream.range(0, names.size())
                .filter(i -> ColumnMatch.same(names.get(i), name, caseSensitive))
                .findFirst()
                .orElse(-1);
    }
}
