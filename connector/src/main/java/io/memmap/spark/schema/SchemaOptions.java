package io.memmap.spark.schema;

import io.memmap.spark.options.LayoutMode;
import java.io.Serializable;
import java.util.List;

/**
 * The options that decide how an array looks as a table. Crosses the wire.
 *
 * @param layout never AUTO once it was held against an array
 * @param columnNames names by position, or empty for the natural ones
 */
public record SchemaOptions(LayoutMode layout, List<String> columnNames, TypeOptions types) implements Serializable {

    /** The usual table of the same array, whose rows are the array's. */
    public SchemaOptions byRow() {
        return new SchemaOptions(LayoutMode.AUTO, List.of(), types);
    }

    boolean caseSensitive() {
        return types.caseSensitive();
    }
}
