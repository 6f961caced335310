package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.options.Access;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.ArraySchema;
import io.memmap.spark.schema.BoundTable;
import io.memmap.spark.schema.PartitionColumn;
import io.memmap.spark.schema.SchemaOptions;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import io.memmap.table.TableArrays;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * The arrays of a table as they are now: their files, and the columns that these are. Driver only.
 *
 * @param options resolved: the layout is never AUTO
 * @param partitionCount the partition directories of the table, of which all or some are described; 0 if it has none
 */
public record DescribedTable(TableArrays arrays, SchemaOptions options, ArraySchema schema, int partitionCount) {
    private static final long MAX_EMPTY_ARRAYS = 1 << 20;

    /**
     * The table that one array is.
     *
     * @throws IllegalArgumentException when the options do not fit the files
     */
    static DescribedTable alone(
            ShardedArray found,
            MemmapOptions options,
            HadoopSettings settings,
            boolean caseSensitive,
            List<PartitionColumn> partitions,
            int partitionCount)
            throws IOException {
        ShardedArray array = options.get(OptionKey.TRANSPOSE) ? found.transpose() : found;
        SchemaOptions schemaOptions =
                SchemaOptions.of(options, array, caseSensitive).withPartitions(partitions);
        ArraySchema schema = ArraySchema.of(array, schemaOptions);
        return new DescribedTable(TableArrays.alone(array), schemaOptions, schema, partitionCount)
                .checked(options, settings);
    }

    private DescribedTable checked(MemmapOptions options, HadoopSettings settings) throws IOException {
        for (ShardedArray array : arrays.arrays()) {
            if (options.get(OptionKey.ACCESS) == Access.MAP) {
                checkMappable(array, settings);
            }
            checkRows(array, this.options);
        }
        return this;
    }

    /** The table of which each array is a column. */
    static DescribedTable sideBySide(
            TableArrays arrays, MemmapOptions options, HadoopSettings settings, boolean caseSensitive)
            throws IOException {
        SchemaOptions schemaOptions = SchemaOptions.ofColumns(options, caseSensitive);
        ArraySchema schema = ArraySchema.sideBySide(arrays, schemaOptions.types());
        return new DescribedTable(arrays, schemaOptions, schema, 0).checked(options, settings);
    }

    /** {@code access=map} must fail where mapping is impossible, not silently fall back to reads. */
    private static void checkMappable(ShardedArray array, HadoopSettings settings) throws IOException {
        for (ArrayFile file : array.shards()) {
            if (file.isSequential()) {
                throw new IllegalArgumentException("Cannot map " + file.shownName()
                        + ": it is deflated, expected stored bytes; use access=auto or access=read, or write it with"
                        + " np.savez, which stores arrays as they are");
            }
            if (!Storage.of(file.path(), settings).mapsFiles()) {
                throw new IllegalArgumentException("Cannot map " + file.path()
                        + ": only local files can be mapped, expected a path of file:; use access=auto or access=read");
            }
        }
    }

    /** A row is decoded in one piece, and so is addressed by ints. */
    private static void checkRows(ShardedArray array, SchemaOptions options) {
        if (options.layout() == LayoutMode.ELEMENTS) {
            return;
        }
        for (ArrayFile file : array.shards()) {
            Layout layout = file.layout();
            boolean oneByOne = layout.order() == Order.F && options.layout() == LayoutMode.COLUMNS;
            if (!oneByOne && layout.rowNbytes() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Cannot read " + file.path() + ": one row of shape " + layout.shape()
                        + " has " + layout.rowNbytes() + " bytes, expected less than 2 GiB; use layout=elements, or "
                        + "transpose=true if the last axis is the long one");
            }
            double empty = emptyArrays(layout.shape());
            if (empty > MAX_EMPTY_ARRAYS) {
                throw new IllegalArgumentException("Cannot read " + file.path() + ": one row of shape " + layout.shape()
                        + " is " + (long) empty + " arrays of no elements, expected at most " + MAX_EMPTY_ARRAYS
                        + "; use layout=elements, which has no rows of them");
            }
        }
    }

    /** The arrays of no elements that a row holds. They take no bytes of the file, and Spark makes an object of each. */
    private static double emptyArrays(Shape shape) {
        double arrays = 1;
        for (int axis = 1; axis < shape.ndim(); axis++) {
            if (shape.dim(axis) == 0) {
                return arrays;
            }
            arrays *= shape.dim(axis);
        }
        return 0;
    }

    /** Returns true if the columns are arrays with files of their own, so that no row is in one file. */
    public boolean isSideBySide() {
        return arrays.isSideBySide() && !arrays.sharesFiles();
    }

    /** The array of a table that is one array. */
    public ShardedArray array() {
        return arrays.arrays().get(0);
    }

    /**
     * Binds the columns of the table to the files.
     *
     * @param table natural, or as the user asked for them
     * @throws IllegalArgumentException when a file does not have these columns
     */
    public BoundTable bind(StructType table) {
        return arrays.isSideBySide() ? BoundTable.of(arrays, options, table) : BoundTable.of(array(), options, table);
    }

    /** Table rows of one row of an array: one, or its elements in {@code layout=elements}. */
    long tableRowsPerRow() {
        return options.layout() == LayoutMode.ELEMENTS ? arrays.first().layout().rowSize() : 1;
    }
}
