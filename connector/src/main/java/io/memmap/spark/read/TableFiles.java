package io.memmap.spark.read;

import io.memmap.format.ArrayFormats;
import io.memmap.format.Claims;
import io.memmap.format.Reading;
import io.memmap.format.Sequences;
import io.memmap.format.ShardedArray;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.SidecarUse;
import io.memmap.spark.schema.PartitionColumns;
import io.memmap.spark.schema.PartitionRules;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.storage.ArrayFinder;
import io.memmap.storage.FoundFiles;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.HeaderBytes;
import io.memmap.table.Filter;
import io.memmap.table.TableArrays;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructType;

/**
 * The files of a table as they are listed now, and the columns that the names of their directories say. Driver only.
 *
 * @param sideBySide the whole table, if it is of files side by side; else null
 */
public record TableFiles(
        MemmapOptions options,
        HadoopSettings settings,
        boolean caseSensitive,
        FoundFiles found,
        PartitionColumns partitions,
        Reading reading,
        DescribedTable sideBySide) {
    /**
     * Finds the files; reads no header, unless the files are side by side.
     *
     * @param table the schema that the user gave, or null
     * @param headers what was read before
     * @throws IllegalArgumentException when the options name no path, or the directories do not make one table
     * @throws IOException naming the path, when there is nothing to read
     */
    public static TableFiles of(
            MemmapOptions options, HadoopSettings settings, PartitionRules rules, StructType table, HeaderBytes headers)
            throws IOException {
        return of(options, settings, rules, table, headers, ArrayFormats.known());
    }

    /** The same for one of many tables, which share the formats: to load them takes longer than to read a header. */
    public static TableFiles of(
            MemmapOptions options,
            HadoopSettings settings,
            PartitionRules rules,
            StructType table,
            HeaderBytes headers,
            ArrayFormats formats)
            throws IOException {
        if (!options.columnPaths().isEmpty()) {
            return ofColumns(options, settings, rules.caseSensitive(), headers, formats);
        }
        if (options.paths().isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot read memmap: no path was given, expected load(\"/data/x.npy\") or the option path");
        }
        FoundFiles found;
        try {
            found = finder(options, settings, reading(options, null, formats), headers)
                    .search(options.paths());
        } catch (FileNotFoundException e) {
            MemmapOptions described = ColumnFiles.describedBeside(options, settings);
            if (described.columnPaths().isEmpty()) {
                throw e;
            }
            return ofColumns(described, settings, rules.caseSensitive(), headers, formats);
        }
        PartitionColumns partitions = PartitionColumns.of(found.partitions(), table, found.partitionTypes(), rules);
        StructType declared = table == null ? null : partitions.without(table, rules.caseSensitive());
        return new TableFiles(
                options, settings, rules.caseSensitive(), found, partitions, reading(options, declared, formats), null);
    }

    private static TableFiles ofColumns(
            MemmapOptions options,
            HadoopSettings settings,
            boolean caseSensitive,
            HeaderBytes headers,
            ArrayFormats formats)
            throws IOException {
        TableArrays arrays = ColumnFiles.find(
                options,
                settings,
                (column, member) -> finder(
                        options,
                        settings,
                        reading(
                                options,
                                column.claims(options.get(OptionKey.CONTAINER).orElse(null)),
                                member,
                                null,
                                formats),
                        headers));
        return new TableFiles(
                options,
                settings,
                caseSensitive,
                null,
                PartitionColumns.NONE,
                null,
                DescribedTable.sideBySide(arrays, options, settings, caseSensitive));
    }

    private static ArrayFinder finder(
            MemmapOptions options, HadoopSettings settings, Reading reading, HeaderBytes headers) {
        try {
            return new ArrayFinder(
                    settings,
                    reading,
                    options.given(OptionKey.PATH_GLOB_FILTER).orElse(null),
                    options.get(OptionKey.RECURSIVE_FILE_LOOKUP),
                    options.given(OptionKey.BASE_PATH).orElse(null),
                    headers);
        } catch (IllegalArgumentException e) {
            throw options.refusal(OptionKey.PATH_GLOB_FILTER, "a glob pattern", e);
        }
    }

    private static Reading reading(MemmapOptions options, StructType declared, ArrayFormats formats) {
        return reading(
                options, options.claims(), options.given(OptionKey.MEMBER).orElse(null), declared, formats);
    }

    private static Reading reading(
            MemmapOptions options, Claims claims, String member, StructType declared, ArrayFormats formats) {
        return new Reading(
                claims.withColumnNames(options.columnNames()),
                declared == null ? null : SparkTypes.packedRecord(declared),
                options.get(OptionKey.TRAILING_BYTES),
                options.get(OptionKey.SIDECAR) != SidecarUse.IGNORE,
                options.get(OptionKey.MAX_HEADER_NBYTES),
                member,
                options.layout().isRagged()
                        ? Sequences.Rows.valueOf(options.layout().name())
                        : Sequences.Rows.ELEMENTS,
                formats);
    }

    /** Returns true if the columns are arrays with files of their own. */
    public boolean isSideBySide() {
        return sideBySide != null ? sideBySide.isSideBySide() : found.columns().size() > 1;
    }

    /** Returns true if the names of directories say values. */
    public boolean isPartitioned() {
        return !partitions.columns().isEmpty();
    }

    /** The number of directories. */
    public int directoryCount() {
        return found.partitions().size();
    }

    /**
     * Reads the headers of all files.
     *
     * @throws IllegalArgumentException when the options do not fit the files
     * @throws IOException naming the file, when one cannot be read
     */
    public DescribedTable describeAll() throws IOException {
        if (sideBySide != null) {
            return sideBySide;
        } else if (!found.columns().isEmpty()) {
            ColumnFiles.checkOfManifest(options);
            TableArrays arrays = new TableArrays(found.describeAll(reading), found.columns());
            return DescribedTable.sideBySide(arrays, options, settings, caseSensitive);
        }
        return describe(IntStream.range(0, directoryCount()).boxed().toList());
    }

    /** Reads the headers of the files that decide the columns: those of the first partition, or of all files. */
    public DescribedTable describeColumns() throws IOException {
        return isPartitioned() ? describe(List.of(0)) : describeAll();
    }

    /**
     * Reads the headers of those files that may hold rows that pass a filter, and of the first partition, with
     * whose columns theirs are compared.
     */
    DescribedTable describe(Filter filter) throws IOException {
        return describe(IntStream.range(0, directoryCount())
                .filter(directory ->
                        directory == 0 || filter.mayPass(partitions.constants().get(directory)))
                .boxed()
                .toList());
    }

    private DescribedTable describe(List<Integer> directories) throws IOException {
        List<ShardedArray> arrays = found.describe(reading, directories, partitions.constants()::get);
        if (arrays.size() == 1) {
            return DescribedTable.alone(
                    arrays.get(0),
                    options,
                    settings,
                    caseSensitive,
                    partitions.columns(),
                    isPartitioned() ? directoryCount() : 0);
        }
        if (isPartitioned()) {
            throw new IllegalArgumentException(
                    "Cannot read " + arrays.get(0).first().path()
                            + " in a partition directory: it has several members, expected one; choose one by the option member");
        }
        return DescribedTable.sideBySide(ColumnFiles.ofMembers(options, arrays), options, settings, caseSensitive);
    }
}
