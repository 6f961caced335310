package io.memmap.spark.write;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.options.ShapeOption;
import io.memmap.spark.options.TimestampType;
import io.memmap.spark.schema.ArraySchema;
import io.memmap.spark.schema.ColumnMatch;
import io.memmap.spark.schema.SchemaOptions;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.schema.TypeOptions;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenPartition;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.spark.write.WriteKind.Placed;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Makes an array whose rows all hold {@code fillValue}, NumPy's {@code w+}: every block of it is there, and it appears in
 * one step. A write of rows that carry their index, without any row. Driver side; starts no job.
 *
 * @param columns of the table; empty where {@code dtype} and {@code shape} say it all
 * @param replace whether what is there is replaced; else it is an error
 */
public record ArrayCreation(WriteContext context, StructType columns, boolean replace) {

    /** A table whose CHAR and VARCHAR columns are as wide as they say, unless the options have a dtype for them. */
    public static ArrayCreation of(WriteContext context, StructType stated, boolean replace) {
        MemmapOptions options = context.options();
        Set<String> given =
                new TreeSet<>(context.caseSensitive() ? Comparator.naturalOrder() : String.CASE_INSENSITIVE_ORDER);
        given.addAll(options.columnDtypes().keySet());
        given.addAll(options.partitionBy());
        Map<String, DType> widths = new HashMap<>();
        for (StructField column : options.dtype().isEmpty() ? stated.fields() : new StructField[0]) {
            int width = SparkTypes.length(column.dataType()).orElse(0);
            if (width > 0 && width <= Measurement.MAX_WIDTH && !given.contains(column.name())) {
                widths.put(column.name(), DType.parse("<U" + width));
            }
        }
        WriteContext wide = widths.isEmpty() ? context : context.with(Measurement.with(options, widths));
        return new ArrayCreation(wide, SparkTypes.withoutLengths(stated), replace);
    }

    /**
     * Creates the array.
     *
     * @throws IllegalArgumentException when columns and options do not fit each other
     * @throws IOException when something is there already, or there is no room
     */
    public void run() throws IOException {
        PlannedWrite plan = plan();
        MemmapBatchWrite write =
                new MemmapBatchWrite(context, plan, UUID.randomUUID().toString());
        try {
            write.start(0);
            write.commit(new WriterCommitMessage[0]);
        } finally {
            write.abort(new WriterCommitMessage[0]);
        }
    }

    private PlannedWrite plan() throws IOException {
        MemmapOptions options = context.options();
        options.checkedFor(Operation.CREATE);
        WriteTarget target = WriteTarget.of(options, context.settings());
        if (target.container()) {
            throw new IllegalArgumentException("Cannot create " + target.path() + " without rows: files of container="
                    + target.format().name() + " are written as a whole, expected CREATE TABLE ... AS SELECT");
        }
        target.describing(options);
        boolean byElement = options.layout() == LayoutMode.ELEMENTS;
        boolean bare = columns.length() == 0;
        WrittenSchema schema = WrittenSchema.of(
                        bare ? columnsOf(target) : columns,
                        byElement && bare ? options.without(OptionKey.LAYOUT) : options,
                        context.caseSensitive())
                .in(target.format());
        target.checkPartitions(schema);
        RowEncoder.check(schema);
        WrittenArray array = PlannedWrite.resolved(schema, target);
        RowEncoder.fill(array);
        if (byElement) {
            schema = schema.asElements();
        }
        checkReadBack(target, array, schema);
        checkTimes(target, columns, schema, options);
        long rows = options.shape().map(shape -> shape.given().dim(0)).orElse(0L);
        if (rows > 0 && !target.file()) {
            throw new IllegalArgumentException("Cannot create " + target.path() + " with shape="
                    + options.shape().get()
                    + ": it is a directory, which has the rows that are written to it, expected "
                    + "a file, such as a name that ends in .npy, or shape=-1 with the lengths of a row");
        }
        Storage storage = Storage.of(target.path(), context.settings());
        PlannedWrite plan = new PlannedWrite(
                target,
                storage,
                schema,
                schema.partitionTypes(),
                replace ? Replaced.ALL : Replaced.NONE,
                Optional.empty(),
                rows == 0 ? target.kind(options) : new Placed(array.placed(rows)));
        plan.checkChange();
        new ReadBackCheck(plan, options).check(array);
        return plan;
    }

    /** The columns that a reader finds in an array of this dtype and shape. */
    private StructType columnsOf(WriteTarget target) {
        MemmapOptions options = context.options();
        DType dtype = options.dtype().orElseThrow(() -> noColumns(target, "dtype"));
        ShapeOption shape = options.shape().orElseThrow(() -> noColumns(target, "shape"));
        Layout layout = new Layout(dtype, shape.given(), options.order().orElse(Order.C), 0);
        boolean byElement = options.layout() == LayoutMode.ELEMENTS;
        return read(target, layout, byElement ? LayoutMode.AUTO : options.layout(), options.columnNames());
    }

    private static IllegalArgumentException noColumns(WriteTarget target, String missing) {
        return new IllegalArgumentException("Cannot create " + target.path() + " without columns: there is no "
                + missing + ", expected dtype and shape, as in dtype=float64 and shape=1000,8, or a list of columns");
    }

    private StructType read(WriteTarget target, Layout layout, LayoutMode mode, List<String> names) {
        TypeOptions types = TypeOptions.of(context.options(), context.caseSensitive());
        ArrayFile file = new ArrayFile(target.path(), new Fingerprint("", layout.end(), 0), layout);
        return ArraySchema.of(file, new SchemaOptions(mode, names, types, List.of()))
                .structType();
    }

    /** Checks that the array reads back as a table with these columns; a .npy file keeps no names. */
    private void checkReadBack(WriteTarget target, WrittenArray array, WrittenSchema schema) {
        if (!target.file() || target.raw()) {
            return;
        }
        if (schema.isByElement()) {
            throw new IllegalArgumentException("Cannot create " + target.path()
                    + " with layout=elements: a .npy file does not say how it is read, expected a raw file, whose "
                    + "sidecar does, such as a name that ends in .dat");
        }
        List<String> given = List.of((columns.length() == 0 ? columnsOf(target) : columns).fieldNames());
        List<String> found = Arrays.asList(
                read(target, array.placed(1), LayoutMode.AUTO, List.of()).fieldNames());
        boolean same = given.size() == found.size();
        for (int i = 0; same && i < given.size(); i++) {
            String name = given.get(i);
            same = ColumnMatch.same(name, found.get(i), context.caseSensitive());
        }
        if (!same) {
            throw noNames(target, given, found.toString(), schema);
        }
    }

    /** A plain array in a .npy file, or alone in a container, would be read with other names than it was written with. */
    static void checkNames(WriteTarget target, WrittenSchema schema) {
        boolean only = schema.columns().size() == 1;
        if (target.container() && only && !isValue(schema.columns().get(0))) {
            throw new IllegalArgumentException("Cannot create " + target.path() + " with column "
                    + schema.columns().get(0).name()
                    + ": the only member of a container is read as that array alone, as"
                    + " [value] or [c0, c1, ...], expected several columns, or one of single values that is called"
                    + " value; create a .npy file, or use save(path)");
        }
        if (target.file() && !target.raw() && !schema.names().isEmpty()) {
            throw noNames(target, schema.names(), only ? "[value]" : "[c0, c1, ...]", schema);
        }
    }

    private static boolean isValue(WrittenSchema.Column column) {
        return column.ndim() == 0
                && !(column.element() instanceof RecordDType)
                && ArraySchema.naturalNames(false, 1).contains(column.field());
    }

    /**
     * Refuses a column of times that the table would read as the other type. Spark converts such times by the zone of the
     * session when they are inserted, but not when a query creates the table.
     */
    static void checkTimes(WriteTarget target, StructType columns, WrittenSchema schema, MemmapOptions options) {
        boolean local = options.get(OptionKey.TIMESTAMP_TYPE) == TimestampType.NTZ;
        DataType other = local ? DataTypes.TimestampType : DataTypes.TimestampNTZType;
        Set<Integer> partitions =
                schema.partitions().stream().map(WrittenPartition::ordinal).collect(Collectors.toSet());
        for (int i = 0; i < columns.length(); i++) {
            StructField column = columns.fields()[i];
            if (!partitions.contains(i) && SparkTypes.holds(column.dataType(), other::equals)) {
                throw new IllegalArgumentException("Cannot create " + target.path() + " with column " + column.name()
                        + " of type " + column.dataType().sql() + ": this catalog reads times as "
                        + (local ? "TIMESTAMP_NTZ" : "TIMESTAMP") + ", and INSERT would convert others by the time zone"
                        + " of the session, expected that type; "
                        + (local
                                ? "cast it to TIMESTAMP_NTZ, or set timestampType=ltz for the catalog, as in"
                                        + " spark.sql.catalog.memmap.timestampType=ltz"
                                : "cast it to TIMESTAMP"));
            }
        }
    }

    private static IllegalArgumentException noNames(
            WriteTarget target, List<String> given, String found, WrittenSchema schema) {
        String fields = schema.columns().stream()
                .limit(2)
                .map(column -> "('" + column.name() + "', '" + column.element() + "')")
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        return new IllegalArgumentException("Cannot create " + target.path() + " with columns " + given
                + ": a plain array in .npy has no names and would be read as " + found
                + ", expected these; use them, or make it a record, which has names, with dtype=\"[" + fields
                + (schema.columns().size() > 2 ? ", ..." : "") + "]\"");
    }
}
