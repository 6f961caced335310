package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.format.Claims;
import io.memmap.format.Reading;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.spark.options.Access;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.SidecarUse;
import io.memmap.spark.schema.ArraySchema;
import io.memmap.spark.schema.BoundTable;
import io.memmap.spark.schema.SchemaOptions;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.storage.ArrayFinder;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import io.memmap.table.TableArrays;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * The arrays of a table as they are now: their files, and the columns that these are. Driver only.
 *
 * @param options resolved: the layout is never AUTO
 */
public record DescribedTable(TableArrays arrays, SchemaOptions options, ArraySchema schema) {

    /**
     * Finds the files and reads their headers.
     *
     * @param table the schema that the user gave, or null
     * @throws IllegalArgumentException when the options name no path or do not fit the files
     * @throws IOException naming the file, when something cannot be read
     */
    public static DescribedTable of(
            MemmapOptions options, HadoopSettings settings, boolean caseSensitive, StructType table)
            throws IOException {
        if (!options.columnPaths().isEmpty()) {
            TableArrays arrays = ColumnFiles.find(
                    options,
                    settings,
                    (column, member) -> finder(
                            options,
                            settings,
                            reading(options, column.claims(options.container().orElse(null)), member, null)));
            return sideBySide(arrays, options, settings, caseSensitive);
        }
        if (options.paths().isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot read memmap: no path was given, expected load(\"/data/x.npy\") or the option path");
        }
        Reading reading = reading(options, options.claims(), options.member().orElse(null), table);
        List<ShardedArray> found;
        try {
            found = finder(options, settings, reading).findMembers(options.paths());
        } catch (FileNotFoundException e) {
            MemmapOptions described = ColumnFiles.describedBeside(options, settings);
            if (described.columnPaths().isEmpty()) {
                throw e;
            }
            return of(described, settings, caseSensitive, table);
        }
        if (found.size() > 1) {
            return sideBySide(ColumnFiles.ofMembers(options, found), options, settings, caseSensitive);
        }
        ShardedArray array = options.transpose() ? found.get(0).transpose() : found.get(0);
        SchemaOptions schemaOptions = SchemaOptions.of(options, array, caseSensitive);
        ArraySchema schema = ArraySchema.of(array, schemaOptions);
        return new DescribedTable(TableArrays.alone(array), schemaOptions, schema).checked(options, settings);
    }

    private DescribedTable checked(MemmapOptions options, HadoopSettings settings) throws IOException {
        for (ShardedArray array : arrays.arrays()) {
            if (options.access() == Access.MAP) {
                checkMappable(array, settings);
            }
            checkRows(array, this.options);
        }
        return this;
    }

    private static DescribedTable sideBySide(
            TableArrays arrays, MemmapOptions options, HadoopSettings settings, boolean caseSensitive)
            throws IOException {
        SchemaOptions schemaOptions = SchemaOptions.ofColumns(options, caseSensitive);
        ArraySchema schema = ArraySchema.sideBySide(arrays, schemaOptions.types());
        return new DescribedTable(arrays, schemaOptions, schema).checked(options, settings);
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

    private static ArrayFinder finder(MemmapOptions options, HadoopSettings settings, Reading reading) {
        String filter = options.pathGlobFilter().orElse(null);
        try {
            return new ArrayFinder(settings, reading, filter, options.recursiveFileLookup());
        } catch (IllegalArgumentException e) {
            throw options.refusal(OptionKey.PATH_GLOB_FILTER, "a glob pattern", e);
        }
    }

    private static Reading reading(MemmapOptions options, Claims claims, String member, StructType table) {
        return new Reading(
                claims.withColumnNames(options.columnNames()),
                table == null ? null : SparkTypes.packedRecord(table),
                options.trailingBytes(),
                options.sidecar() != SidecarUse.IGNORE,
                options.maxHeaderNbytes(),
                member);
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
        }
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
