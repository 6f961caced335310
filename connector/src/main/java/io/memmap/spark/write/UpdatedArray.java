package io.memmap.spark.write;

import io.memmap.format.ArrayFile;
import io.memmap.format.ShardedArray;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.spark.schema.ArraySchema;
import io.memmap.spark.schema.SchemaOptions;
import io.memmap.spark.schema.ValueOptions;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.table.TableArrays;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;

/**
 * A file whose elements are changed one by one, and the table that it is. Crosses the wire.
 *
 * @param cells the positions of the table's columns in a row, or in an element
 * @param axes the ordinals of the columns that hold an element's position, axis by axis; empty where a row of the table is
 *     a row of the array
 * @param missing the array's columns that the table leaves out; with any, no row can be added
 * @param rows how rows are added
 * @param stored the rows as they are now
 */
public record UpdatedArray(
        ArrayFile file,
        WrittenArray cells,
        List<Integer> axes,
        List<String> missing,
        WrittenSchema rows,
        StoredRows stored)
        implements Serializable {
    public UpdatedArray {
        axes = List.copyOf(axes);
        missing = List.copyOf(missing);
    }

    /**
     * Refuses arrays side by side of which one is in a container that takes no rows.
     *
     * @throws IOException naming the container
     */
    public static void checkWritable(TableArrays arrays) throws IOException {
        for (ShardedArray array : arrays.arrays()) {
            ExistingTarget.checkWritable(array);
        }
    }

    /**
     * The one file of an array, as it is seen as a table.
     *
     * @throws IllegalArgumentException when the table's columns cannot be written to it
     * @throws IOException when it is in a container that is only read
     */
    public static UpdatedArray of(
            ShardedArray array,
            ArraySchema schema,
            SchemaOptions reading,
            StructType table,
            MemmapOptions options,
            StoredRows stored)
            throws IOException {
        ExistingTarget.checkWritable(array);
        ArrayFile file = array.first();
        List<ArrayColumn> columns = schema.match(table, reading, file.path());
        boolean caseSensitive = reading.types().caseSensitive();
        List<String> missing = schema.columns().stream()
                .filter(column -> !columns.contains(column))
                .map(ArrayColumn::name)
                .toList();
        List<String> names =
                Stream.concat(Stream.of(table.fieldNames()), missing.stream()).toList();
        ValueOptions values = ValueOptions.of(options, names, caseSensitive);
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).extent() == Extent.INDEX) {
                axes.add(i);
            }
        }
        WrittenArray cells = WrittenArray.ofTable(file.layout(), columns, table, values);
        MemmapOptions writing = options.without(OptionKey.SHAPE);
        StructType rows = table;
        boolean byElement = reading.layout() == LayoutMode.ELEMENTS;
        if (byElement || !missing.isEmpty()) {
            // Nothing can be added: neither rows of some columns, nor elements.
            writing = writing.without(OptionKey.COLUMN_DTYPES)
                    .without(OptionKey.NULL_VALUE)
                    .without(OptionKey.FILL_VALUE)
                    .with(OptionKey.UPDATE, true);
        }
        if (byElement) {
            // The array has rows nonetheless.
            writing = writing.without(OptionKey.LAYOUT).without(OptionKey.COLUMN_NAMES);
            rows = ArraySchema.of(file, reading.byRow()).structType();
        }
        // Recorded names are those of the columns of a row as it is stored.
        boolean asStored = !byElement && !options.get(OptionKey.TRANSPOSE);
        ShardedArray named = asStored ? array : new ShardedArray(array.shards(), List.of(), null, array.ignoredFiles());
        WrittenSchema added = WrittenSchema.intoTable(named, file.path(), rows, writing, caseSensitive);
        return new UpdatedArray(file, cells, axes, missing, added, stored);
    }
}
