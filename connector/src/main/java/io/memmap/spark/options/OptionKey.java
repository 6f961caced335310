package io.memmap.spark.options;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFormat;
import io.memmap.format.NpyHeader;
import io.memmap.format.Reading;
import io.memmap.layout.Order;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One option of the data source: its name, what values it takes, its default, and a sentence for the options page. The
 * constants are all the options that there are, and the reason for the length of this file.
 *
 * @param name in camelCase, as Spark's own options are written
 * @param use the operations that it is for
 * @param defaultText the default as a user would write it; empty where there is none
 * @param description the effect of the option, in one sentence
 */
public record OptionKey<T>(String name, OptionUse use, OptionType<T> type, String defaultText, String description) {

    private static final Map<String, OptionKey<?>> BY_NAME = new LinkedHashMap<>();

    public static final OptionKey<String> PATH = of(
            "path",
            OptionUse.BOTH,
            OptionType.TEXT,
            "",
            "File, directory or glob to read, or target to write; set by `load(path)` and `save(path)`.");
    public static final OptionKey<List<String>> PATHS = of(
            "paths",
            OptionUse.READ,
            OptionType.PATHS,
            "",
            "Several of them, in row order; set by `load([path1, path2])`.");
    public static final OptionKey<List<ColumnPath>> COLUMN_PATHS = of(
            "columnPaths",
            OptionUse.READ,
            OptionType.COLUMN_PATHS,
            "",
            "Arrays of equal row counts side by side, a column each, such as `{\"id\": \"ids.npy\", \"embedding\": \"emb/\"}`,"
                    + " below the loaded path; a value may be a dict of `path`, `dtype`,"
                    + " `shape`, `order`, `offset` and `member`.");
    public static final OptionKey<DType> DTYPE = of(
            "dtype",
            OptionUse.BOTH,
            OptionType.DTYPE,
            "",
            "The dtype of an element: a code (`<f4`), a name (`float32`), or a list of fields (`[('id', '<i4'), ('city', 'S8')]`);"
                    + " needed for raw files, checked against headers; when writing, a record with a field per column, or"
                    + " one dtype for all columns.");
    public static final OptionKey<ShapeOption> SHAPE = of(
            "shape",
            OptionUse.BOTH,
            OptionType.SHAPE,
            "",
            "The shape of a raw file's array; with a leading `-1`, or not given, the file's size tells the rows; when"
                    + " writing, `-1,768` gives the lengths of ARRAY columns, a number of rows must be met, and `rowColumn`"
                    + " needs it.");
    public static final OptionKey<Order> ORDER = of(
            "order",
            OptionUse.BOTH,
            OptionType.oneOf(Order.class),
            "",
            "The order of the axes of a raw file, or of the written array; C, the last axis varying fastest, unless"
                    + " given.");
    public static final OptionKey<Long> OFFSET = of(
            "offset",
            OptionUse.EXISTING,
            OptionType.POSITION,
            "",
            "Bytes from the start of a raw file to its first element; 0 unless given.");
    public static final OptionKey<LayoutMode> LAYOUT = of(
            "layout",
            OptionUse.BOTH,
            OptionType.oneOf(LayoutMode.class),
            "auto",
            "What a row is: a column per position, one array, a row per element, or a sequence or document of an indexed"
                    + " dataset; `auto` is columns up to 100;"
                    + " when writing, `array` makes several columns a 2-D array, `columns` a record, and `auto` a 2-D array of"
                    + " numbers of one type named `c0`, `c1`, …, else a record; `sideBySide` is for writing: an array per column;"
                    + " `elements`, `sequences` and `documents` are for reading.");
    public static final OptionKey<Boolean> TRANSPOSE = of(
            "transpose",
            OptionUse.READ,
            OptionType.FLAG,
            "false",
            "Reads NumPy's `.T`, axes in reverse; no bytes are moved.");
    public static final OptionKey<List<String>> COLUMN_NAMES = of(
            "columnNames",
            OptionUse.BOTH,
            OptionType.NAMES,
            "",
            "Names for the columns by position, such as `a,b`; when writing, for the columns of the DataFrame; backquotes or"
                    + " a JSON list allow commas in them.");
    public static final OptionKey<Optional<ArrayFormat>> CONTAINER = of(
            "container",
            OptionUse.BOTH,
            OptionType.CONTAINER,
            "auto",
            "The format of the files; `auto` goes by their first bytes, then by their names, takes `*.npy` from a"
                    + " directory, else the files of one other format, and refuses unknown ones by name; `raw` reads any"
                    + " bytes; when writing, `auto` goes by the path's suffix, and makes `.npy` in a directory.");
    public static final OptionKey<String> MEMBER = of(
            "member",
            OptionUse.READ,
            OptionType.TEXT,
            "",
            "The names of the arrays that are read of a container such as `.npz`, with commas between them or as a list; all"
                    + " readable ones unless given; several of equal row counts are side by side, a column each.");
    public static final OptionKey<Access> ACCESS = of(
            "access",
            OptionUse.READ,
            OptionType.oneOf(Access.class),
            "auto",
            "Memory maps or positioned reads; `auto` does either with local files of which more than 64 KiB are needed,"
                    + " whichever turns out to be faster, and reads others; `map` fails where mapping is impossible.");
    public static final OptionKey<ConcurrentWrites> CONCURRENT_WRITES = of(
            "concurrentWrites",
            OptionUse.READ,
            OptionType.oneOf(ConcurrentWrites.class),
            "error",
            "Whether a file that changed in place since it was planned fails the query, a `.npy` file with a new header"
                    + " included; a local raw file that only grew never does.");
    public static final OptionKey<Reading.TrailingBytes> TRAILING_BYTES = of(
            "trailingBytes",
            OptionUse.EXISTING,
            OptionType.oneOf(Reading.TrailingBytes.class),
            "auto",
            "What to do about bytes after the array; `auto` refuses them in raw files whose shape no"
                    + " sidecar gives, and ignores them elsewhere, where an append may be under way.");
    public static final OptionKey<SidecarUse> SIDECAR = of(
            "sidecar",
            OptionUse.EXISTING,
            OptionType.oneOf(SidecarUse.class),
            "auto",
            "Whether the description in `<name>.memmap.json` is used where there is one.");
    public static final OptionKey<Integer> MAX_HEADER_NBYTES = of(
            "maxHeaderNbytes",
            OptionUse.BOTH,
            OptionType.COUNT,
            String.valueOf(NpyHeader.MAX_TEXT_NBYTES),
            "The longest `.npy` header to read or write, in bytes; `np.load` takes the same number as"
                    + " `max_header_size`.");
    public static final OptionKey<StringEncoding> STRING_ENCODING = of(
            "stringEncoding",
            OptionUse.BOTH,
            OptionType.oneOf(StringEncoding.class),
            "utf-8",
            "How the bytes of an `S` dtype become STRING and back; `binary` gives BINARY, full width.");
    public static final OptionKey<Nanos> NANOS = of(
            "nanos",
            OptionUse.BOTH,
            OptionType.oneOf(Nanos.class),
            "error",
            "What a datetime finer than a microsecond becomes: an error, the microsecond before, or its BIGINT;"
                    + " when writing, `truncate` does the same for times finer than the unit of their dtype.");
    public static final OptionKey<TimestampType> TIMESTAMP_TYPE = of(
            "timestampType",
            OptionUse.READ,
            OptionType.oneOf(TimestampType.class),
            "ntz",
            "Whether a datetime becomes a TIMESTAMP_NTZ, or a TIMESTAMP, being the instant in UTC.");
    public static final OptionKey<Long> MAX_PARTITION_BYTES = of(
            "maxPartitionBytes",
            OptionUse.READ,
            OptionType.SIZE,
            "256m",
            "About how many bytes of the columns read make a partition; unless given, large aggregates take more, up to"
                    + " 8 GiB.");
    public static final OptionKey<Integer> MIN_PARTITIONS = of(
            "minPartitions",
            OptionUse.READ,
            OptionType.COUNT,
            "",
            "At least how many partitions a query gets, if it has as many rows; unless given, as many as cores, each of at"
                    + " least 1 MiB, and one for an aggregate of at most 256 MiB; in `local[n]`, unless `maxPartitionBytes`"
                    + " is given too, one of several threads for totals without `GROUP BY` of at most 8 GiB.");
    public static final OptionKey<Boolean> PUSH_FILTERS = of(
            "pushFilters",
            OptionUse.READ,
            OptionType.FLAG,
            "true",
            "Whether conditions on numbers, dates and times are evaluated here; those on positions always are.");
    public static final OptionKey<Boolean> PUSH_AGGREGATES = of(
            "pushAggregates",
            OptionUse.READ,
            OptionType.FLAG,
            "true",
            "Whether COUNT, MIN, MAX, SUM and AVG are answered here, instead of by Spark from the rows.");
    public static final OptionKey<String> PATH_GLOB_FILTER = of(
            "pathGlobFilter",
            OptionUse.READ,
            OptionType.TEXT,
            "",
            "Takes from directories only files whose names fit this glob.");
    public static final OptionKey<Boolean> RECURSIVE_FILE_LOOKUP = of(
            "recursiveFileLookup",
            OptionUse.READ,
            OptionType.FLAG,
            "false",
            "Takes files from subdirectories too, whatever these are called.");
    public static final OptionKey<String> BASE_PATH = of(
            "basePath",
            OptionUse.READ,
            OptionType.TEXT,
            "",
            "The directory below which `name=value` directories are columns; each path that is read unless given.");

    public static final OptionKey<Map<String, DType>> COLUMN_DTYPES = of(
            "columnDtypes",
            OptionUse.WRITE,
            OptionType.DTYPES,
            "",
            "The dtypes of single columns, such as `name U32, id <u4`, names in backquotes where they hold commas or"
                    + " spaces, or a dict; all others have the one of their type, and STRINGs in `save(path)` the width of the"
                    + " longest value.");
    public static final OptionKey<Output> OUTPUT = of(
            "output",
            OptionUse.WRITE,
            OptionType.oneOf(Output.class),
            "auto",
            "Whether one file is written, or a directory of them; `auto` makes a file of a path that ends in `.npy`,"
                    + " `.npz`, `.dat`, `.bin`, `.mmap`, `.memmap` or `.raw`.");
    public static final OptionKey<List<String>> PARTITION_BY = of(
            "partitionBy",
            OptionUse.WRITE,
            OptionType.NAMES,
            "",
            "Columns whose values name the directories of the rows, such as `date=2026-01-01`; set by `partitionBy(…)`.");
    public static final OptionKey<PartitionOverwriteMode> PARTITION_OVERWRITE_MODE = of(
            "partitionOverwriteMode",
            OptionUse.WRITE,
            OptionType.oneOf(PartitionOverwriteMode.class),
            "",
            "What the mode `overwrite` replaces with `partitionBy`: all rows, or those of the partitions that are written;"
                    + " `spark.sql.sources.partitionOverwriteMode` unless given.");
    public static final OptionKey<Long> MAX_RECORDS_PER_FILE = of(
            "maxRecordsPerFile",
            OptionUse.WRITE,
            OptionType.POSITION,
            "0",
            "At most how many rows a file of a directory gets; 0 for as many as its task has.");
    public static final OptionKey<Boolean> TASK_UPLOADS = of(
            "taskUploads",
            OptionUse.WRITE,
            OptionType.FLAG,
            "true",
            "Whether tasks put the parts of one file in an object store; `false` puts it through the driver, for stores"
                    + " that want parts of equal length or numbers without gaps.");
    public static final OptionKey<String> ROW_COLUMN = of(
            "rowColumn",
            OptionUse.WRITE,
            OptionType.TEXT,
            "",
            "The column that holds each row's index on axis 0, from 0; it is not stored.");
    public static final OptionKey<ColumnLiterals> FILL_VALUE = of(
            "fillValue",
            OptionUse.WRITE,
            OptionType.LITERALS,
            "",
            "What rows hold that `rowColumn` names none of, such as `-1`, or per column as in `a=0, b=nan` or a dict; zero"
                    + " bytes unless given.");
    public static final OptionKey<Boolean> UPDATE = of(
            "update",
            OptionUse.WRITE,
            OptionType.FLAG,
            "false",
            "Rewrites the rows that `rowColumn` names of the file that is there, in append mode; a raw file needs a sidecar.");
    public static final OptionKey<Overflow> OVERFLOW = of(
            "overflow",
            OptionUse.WRITE,
            OptionType.oneOf(Overflow.class),
            "error",
            "The handling of numbers that the dtype cannot hold: an error, its nearest value, or the value that NumPy's"
                    + " `astype` gives.");
    public static final OptionKey<ColumnLiterals> NULL_VALUE = of(
            "nullValue",
            OptionUse.WRITE,
            OptionType.LITERALS,
            "",
            "What a NULL is stored as, such as `-1`, or per column as in `a=0, b=nan, t=2020-01-31` or a dict, times as NaT, a"
                    + " count or ISO text; NaT for times and an error for all else unless given.");
    public static final OptionKey<Boolean> BREAK_LOCK = of(
            "breakLock",
            OptionUse.WRITE,
            OptionType.FLAG,
            "false",
            "Takes over another writer's lock; use only if that writer is dead.");

    /** Every option, in the order of the constants. */
    public static Collection<OptionKey<?>> all() {
        return Collections.unmodifiableCollection(BY_NAME.values());
    }

    /** The option of this name, in any case. */
    static Optional<OptionKey<?>> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The default's value, where there is one. */
    Optional<T> defaultValue() {
        return defaultText.isEmpty() ? Optional.empty() : Optional.of(parse(defaultText, Redaction.DEFAULT));
    }

    /** @throws IllegalArgumentException when the text is no value of this option; the message names both, but for a redacted value */
    T parse(String value, Redaction redaction) {
        return type.parse(name, value, redaction);
    }

    @Override
    public String toString() {
        return name;
    }

    private static <T> OptionKey<T> of(
            String name, OptionUse use, OptionType<T> type, String defaultText, String description) {
        OptionKey<T> key = new OptionKey<>(name, use, type, defaultText, description);
        if (BY_NAME.put(name.toLowerCase(Locale.ROOT), key) != null) {
            throw new IllegalStateException("Cannot declare option " + name + ": declared twice, expected once");
        }
        return key;
    }
}
