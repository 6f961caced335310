package io.memmap.spark.schema;

import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import java.io.Serializable;
import java.util.List;

/**
 * The options that decide how an array looks as a table. Crosses the wire.
 *
 * @param layout never AUTO once it was held against an array
 * @param columnNames names by position, or empty for the natural ones
 * @param partitions the columns that the names of directories give to all files
 */
public record SchemaOptions(
        LayoutMode layout, List<String> columnNames, TypeOptions types, List<PartitionColumn> partitions)
        implements Serializable {

    public SchemaOptions {
        columnNames = List.copyOf(columnNames);
        partitions = List.copyOf(partitions);
    }

    /** The user's options first, then what was written beside the files, then what the array itself suggests. */
    public static SchemaOptions of(MemmapOptions options, ShardedArray array, boolean caseSensitive) {
        if (options.layout() == LayoutMode.SIDE_BY_SIDE) {
            throw new IllegalArgumentException("Cannot read " + array.first().path()
                    + " with layout=sideBySide: it is one array, expected auto, columns, array or elements; the option"
                    + " columnPaths puts arrays side by side");
        }
        LayoutMode recorded = array.layout() == null || options.get(OptionKey.TRANSPOSE)
                ? LayoutMode.AUTO
                : LayoutMode.valueOf(array.layout().name());
        Layout first = array.first().layout();
        LayoutMode layout =
                ArraySchema.resolve(options.layout() == LayoutMode.AUTO ? recorded : options.layout(), first);
        boolean namesFit = !options.get(OptionKey.TRANSPOSE) && layout == ArraySchema.resolve(recorded, first);
        List<String> names = options.columnNames().isEmpty() && namesFit ? array.columnNames() : options.columnNames();
        return new SchemaOptions(layout, names, TypeOptions.of(options, caseSensitive), List.of());
    }

    /** The options of arrays side by side, of which each is a column. */
    public static SchemaOptions ofColumns(MemmapOptions options, boolean caseSensitive) {
        return new SchemaOptions(LayoutMode.ARRAY, List.of(), TypeOptions.of(options, caseSensitive), List.of());
    }

    /** The same with columns of directories. */
    public SchemaOptions withPartitions(List<PartitionColumn> others) {
        return new SchemaOptions(layout, columnNames, types, others);
    }

    /** The usual table of the same array, whose rows are the array's. */
    public SchemaOptions byRow() {
        return new SchemaOptions(LayoutMode.AUTO, List.of(), types, List.of());
    }

    boolean caseSensitive() {
        return types.caseSensitive();
    }
}
