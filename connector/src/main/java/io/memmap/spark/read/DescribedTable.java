package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
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
import java.io.IOException;
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
        if (options.paths().isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot read memmap: no path was given, expected load(\"/data/x.npy\") or the option path");
        }
        ShardedArray found = finder(options, settings, table).find(options.paths());
        if (options.access() == Access.MAP) {
            checkMappable(found, settings);
        }
        ShardedArray array = options.transpose() ? found.transpose() : found;
        SchemaOptions schemaOptions = SchemaOptions.of(options, array, caseSensitive);
        ArraySchema schema = ArraySchema.of(array, schemaOptions);
        checkRows(array, schemaOptions);
        return new DescribedTable(TableArrays.alone(array), schemaOptions, schema);
    }

    /** {@code access=map} must fail where mapping is impossible, not silently fall back to reads. */
    private static void checkMappable(ShardedArray array, HadoopSettings settings) throws IOException {
        for (ArrayFile file : array.shards()) {
            if (!Storage.of(file.path(), settings).mapsFiles()) {
                throw new IllegalArgumentException("Cannot map " + file.path()
                        + ": only local files can be mapped, expected a path of file:; use access=auto or access=read");
            }
        }
    }

    private static ArrayFinder finder(MemmapOptions options, HadoopSettings settings, StructType table) {
        String filter = options.pathGlobFilter().orElse(null);
        Reading reading = reading(options, table);
        try {
            return new ArrayFinder(settings, reading, filter, options.recursiveFileLookup());
        } catch (IllegalArgumentException e) {
            throw options.refusal(OptionKey.PATH_GLOB_FILTER, "a glob pattern", e);
        }
    }

    private static Reading reading(MemmapOptions options, StructType table) {
        return new Reading(
                options.claims().withColumnNames(options.columnNames()),
                table == null ? null : SparkTypes.packedRecord(table),
                options.trailingBytes(),
                options.sidecar() != SidecarUse.IGNORE,
                options.maxHeaderNbytes(),
                options.member().orElse(null));
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
        return BoundTable.of(array(), options, table);
    }

    /** Table rows of one row of an array: one, or its elements in {@code layout=elements}. */
    long tableRowsPerRow() {
        return options.layout() == LayoutMode.ELEMENTS ? arrays.first().layout().rowSize() : 1;
    }
}
