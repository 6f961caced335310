package io.memmap.spark.options;

import io.memmap.dtype.DType;
import io.memmap.format.Claims;
import io.memmap.layout.Order;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The options of one read or write, checked. Immutable; lives on the driver. The file is long for one reason: each option
 * has an accessor of its own, and so a type.
 *
 * <p>They come from a reader or writer, or are among the {@link TableProperties} of a catalog's table.
 */
public final class MemmapOptions {

    /** Names that Spark adds of its own accord to the options of a catalog's table. */
    private static final Set<String> SPARK_INTERNAL = Set.of("serialization.format");

    private final Map<OptionKey<?>, Object> values;
    /** The options whose values are not shown. */
    private final Set<OptionKey<?>> redacted;

    private final Map<String, String> hadoop;
    private final boolean ofTable;

    private MemmapOptions(
            Map<OptionKey<?>, Object> values, Set<OptionKey<?>> redacted, Map<String, String> hadoop, boolean ofTable) {
        this.values = Map.copyOf(values);
        this.redacted = Set.copyOf(redacted);
        this.hadoop = Map.copyOf(hadoop);
        this.ofTable = ofTable;
    }

    /**
     * Checks and reads options, whatever the case of their names. One without a value is not given.
     *
     * @throws IllegalArgumentException for an unknown option, a refused one or a value that an option does not take;
     *     the message names the option, the value, unless it is redacted, and what was expected
     */
    public static MemmapOptions parse(CaseInsensitiveStringMap options, Redaction redaction) {
        return TableProperties.are(options)
                ? parse(TableProperties.options(options), redaction, true)
                : ofQuery(options, redaction);
    }

    /** The same for the options of one read or write, which are not a table's whatever their names are. */
    public static MemmapOptions ofQuery(CaseInsensitiveStringMap options, Redaction redaction) {
        return parse(given(options.asCaseSensitiveMap()), redaction, false);
    }

    private static MemmapOptions parse(Map<String, String> options, Redaction redaction, boolean ofTable) {
        Map<OptionKey<?>, Object> values = new HashMap<>();
        Set<OptionKey<?>> redacted = new HashSet<>();
        Map<String, String> hadoop = new HashMap<>();
        options.forEach((name, value) -> {
            Optional<OptionKey<?>> key = OptionKey.named(name);
            if (key.isPresent()) {
                redaction.checkPath(name, value);
                values.put(key.get(), key.get().parse(value, redaction));
                if (redaction.hides(name, value)) {
                    redacted.add(key.get());
                }
            } else if (TableProperties.isHadoop(name)) {
                hadoop.put(name, value);
            } else if (!SPARK_INTERNAL.contains(name.toLowerCase(Locale.ROOT))) {
                RefusedOption.named(name)
                        .orElseThrow(() -> UnknownOption.named(name))
                        .check(value, redaction);
            }
        });
        return new MemmapOptions(values, redacted, hadoop, ofTable);
    }

    /** The options that have a value: PySpark makes null of {@code None}. Spelt as they were, found in any case. */
    public static Map<String, String> given(Map<String, String> options) {
        Map<String, String> given = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.forEach((name, value) -> {
            if (value != null) {
                given.put(name, value);
            }
        });
        return given;
    }

    /**
     * Refuses options that this operation would ignore. The properties of a table may hold some for each operation.
     *
     * @return these options
     * @throws IllegalArgumentException naming the option, and what it is for
     */
    public MemmapOptions checkedFor(OptionUse.Operation operation) {
        for (OptionKey<?> key : OptionKey.all()) {
            if (isGiven(key) && !ofTable && !key.use().allows(operation)) {
                throw new IllegalArgumentException("Cannot " + operation + " with option " + key + ": found '"
                        + shown(key) + "', expected no such option; "
                        + switch (key.use()) {
                            case READ ->
                                "it is for reading only; leave it out here, and set it where the array is read";
                            case WRITE ->
                                "it is for writing only; leave it out here, and set it where the array is written";
                            case EXISTING, BOTH ->
                                "it says how an existing file is laid out; leave it out of a write of new files";
                        });
            }
        }
        return this;
    }

    /** The same but for one option, as if it had not been given. */
    public MemmapOptions without(OptionKey<?> key) {
        Map<OptionKey<?>, Object> others = new HashMap<>(values);
        others.remove(key);
        return new MemmapOptions(others, redacted, hadoop, ofTable);
    }

    /** The same with another value of one option. */
    public <T> MemmapOptions with(OptionKey<T> key, T value) {
        Map<OptionKey<?>, Object> others = new HashMap<>(values);
        others.put(key, value);
        return new MemmapOptions(others, redacted, hadoop, ofTable);
    }

    /** The paths to read, in row order: {@code paths}, then {@code path}, as Spark's own sources do; may be empty. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>(given(OptionKey.PATHS).orElse(List.of()));
        given(OptionKey.PATH).ifPresent(paths::add);
        return List.copyOf(paths);
    }

    /** The options of arrays side by side that something stored describes, such as a table or a sidecar in {@code directory}. */
    public MemmapOptions ofStoredColumns(String directory, List<ColumnPath> columns) {
        MemmapOptions described = with(OptionKey.PATH, directory).with(OptionKey.COLUMN_PATHS, columns);
        return new MemmapOptions(described.values, redacted, hadoop, true);
    }

    /** Returns true if they were stored with a table, and not given with a read or write. */
    public boolean areStored() {
        return ofTable;
    }

    /** All paths that a read looks at: those of {@link #columnPaths} where there are some, else {@link #paths}. */
    public List<String> readPaths() {
        List<String> paths = paths();
        return columnPaths().isEmpty()
                ? paths
                : columnPaths().stream()
                        .map(column -> paths.isEmpty() ? column.path() : column.resolve(paths.get(0)))
                        .toList();
    }

    /** The columns of arrays side by side, in the order of the table; empty where the table is one array. */
    public List<ColumnPath> columnPaths() {
        return given(OptionKey.COLUMN_PATHS).orElse(List.of());
    }

    public Optional<DType> dtype() {
        return given(OptionKey.DTYPE);
    }

    public Optional<ShapeOption> shape() {
        return given(OptionKey.SHAPE);
    }

    public Optional<Order> order() {
        return given(OptionKey.ORDER);
    }

    /** The statements about the array itself, not about the columns of a table. */
    public Claims claims() {
        return new Claims(
                Claims.Source.OPTIONS,
                dtype().orElse(null),
                shape().map(ShapeOption::dims).orElse(null),
                order().orElse(null),
                given(OptionKey.OFFSET).orElse(null),
                get(OptionKey.CONTAINER).orElse(null),
                List.of(),
                null);
    }

    public LayoutMode layout() {
        return get(OptionKey.LAYOUT);
    }

    /** Empty where none were given. */
    public List<String> columnNames() {
        return given(OptionKey.COLUMN_NAMES).orElse(List.of());
    }

    /** Empty for as many as there are cores. */
    public OptionalInt minPartitions() {
        return given(OptionKey.MIN_PARTITIONS).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** By their names as they were given, in that order; empty where none were. */
    public Map<String, DType> columnDtypes() {
        return given(OptionKey.COLUMN_DTYPES).orElse(Map.of());
    }

    /** Empty for no limit. */
    public OptionalLong maxRecordsPerFile() {
        long most = get(OptionKey.MAX_RECORDS_PER_FILE);
        return most == 0 ? OptionalLong.empty() : OptionalLong.of(most);
    }

    /** Empty where the rows have no partitions, or those of the array that is there. */
    public List<String> partitionBy() {
        return given(OptionKey.PARTITION_BY).orElse(List.of());
    }

    public boolean overwritesPartitions() {
        return given(OptionKey.PARTITION_OVERWRITE_MODE).orElse(PartitionOverwriteMode.STATIC)
                == PartitionOverwriteMode.DYNAMIC;
    }

    public Optional<String> rowColumn() {
        return given(OptionKey.ROW_COLUMN);
    }

    /** {@link ColumnLiterals#NONE} for zero bytes. */
    public ColumnLiterals fillValue() {
        return literals(OptionKey.FILL_VALUE);
    }

    /** {@link ColumnLiterals#NONE} where a NULL is an error. */
    public ColumnLiterals nullValue() {
        return literals(OptionKey.NULL_VALUE);
    }

    private ColumnLiterals literals(OptionKey<ColumnLiterals> key) {
        ColumnLiterals literals = given(key).orElse(ColumnLiterals.NONE);
        return redacted.contains(key) ? literals.redacted() : literals;
    }

    /** Settings for the Hadoop file system, {@code fs.*}, spelt as they were given; may hold secrets. */
    public Map<String, String> hadoop() {
        return hadoop;
    }

    /** Returns true if the user gave this option, even its default. */
    public boolean isGiven(OptionKey<?> key) {
        return values.containsKey(key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemmapOptions options && values.equals(options.values) && hadoop.equals(options.hadoop);
    }

    @Override
    public int hashCode() {
        return 31 * values.hashCode() + hadoop.hashCode();
    }

    /** The options that were given, without the Hadoop settings and what else may be secret. */
    @Override
    public String toString() {
        return OptionKey.all().stream()
                .filter(values::containsKey)
                .map(key -> key + "=" + shown(key))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private String shown(OptionKey<?> key) {
        Object value = values.get(key);
        return shown(key, value instanceof Enum<?> constant ? OptionType.text(constant) : value.toString());
    }

    /** Returns an option's value, or what is a part of it, as messages show it. */
    public String shown(OptionKey<?> key, String value) {
        return redacted.contains(key) ? Redaction.REDACTED : value;
    }

    /**
     * Returns the error of a value that only shows to be wrong in use.
     *
     * @param cause its message is the reason
     */
    public IllegalArgumentException refusal(OptionKey<String> key, String expected, Exception cause) {
        String refusal = "Cannot read option " + key + ": found '" + shown(key) + "', expected " + expected;
        return redacted.contains(key)
                ? new IllegalArgumentException(refusal)
                : new IllegalArgumentException(refusal + ": " + cause.getMessage(), cause);
    }

    /** The value of an option, if the user gave it. */
    @SuppressWarnings("unchecked") // parse() put in what the key's own parser made
    public <T> Optional<T> given(OptionKey<T> key) {
        return Optional.ofNullable((T) values.get(key));
    }

    /** The value of an option that has a default. */
    public <T> T get(OptionKey<T> key) {
        return given(key).or(key::defaultValue).orElseThrow();
    }
}
