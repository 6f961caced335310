package io.memmap.spark.schema;

import io.memmap.dtype.RecordDType;
import io.memmap.format.ArrayFile;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.table.TableArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * An array as a table: its columns in order.
 *
 * <p>A 1-D array has one column {@code value}, or its record's fields; a 2-D one {@code c0…}, or one
 * {@code value ARRAY}; with more axes {@code value} is nested. In {@code layout=elements} every element is a row, with
 * its position {@code i0…} in front.
 *
 * @param named true if the columns are a record's fields or arrays side by side, of which a user's schema may name some
 */
public record ArraySchema(List<ArrayColumn> columns, boolean named) {
    /** Up to this many columns a 2-D array is a table of columns unless the user says otherwise. */
    public static final int MAX_AUTO_COLUMNS = 100;

    /** More make Spark's planner run for minutes, and out of memory. */
    static final int MAX_COLUMNS = 10_000;

    /** Spark's planner derives a constraint of each column that is NOT NULL, and compares them all with each other. */
    private static final int MAX_NOT_NULL_COLUMNS = 1000;

    private static final String VALUE = "value";

    public ArraySchema {
        columns = List.copyOf(columns);
    }

    /** The layout that {@code auto} means for this array. */
    public static LayoutMode resolve(LayoutMode layout, Layout array) {
        if (layout != LayoutMode.AUTO) {
            return layout;
        }
        boolean wide = array.shape().ndim() > 2
                || (array.shape().ndim() == 2
                        && (array.dtype() instanceof RecordDType || array.rowSize() > MAX_AUTO_COLUMNS));
        return wide ? LayoutMode.ARRAY : LayoutMode.COLUMNS;
    }

    /**
     * The table that these shards are together.
     *
     * @throws IllegalArgumentException when a shard differs from the first in field names, Spark types or the shape of a
     *     row, or the options do not fit the array
     */
    public static ArraySchema of(ShardedArray array, SchemaOptions options) {
        return of(array, file -> of(file, options));
    }

    private static ArraySchema of(ShardedArray array, Function<ArrayFile, ArraySchema> ofFile) {
        ArrayFile first = array.first();
        ArraySchema schema = ofFile.apply(first);
        if (array.shards().size() > 1) {
            array.shards().forEach(shard -> checkFits(shard, first, schema, ofFile));
        }
        return schema;
    }

    /**
     * The table that arrays side by side are: each of them is one column.
     *
     * @throws IllegalArgumentException when a shard differs from the first of its array, or two names are the same
     */
    public static ArraySchema sideBySide(TableArrays arrays, TypeOptions types) {
        List<ArrayColumn> columns = new ArrayList<>();
        for (int i = 0; i < arrays.names().size(); i++) {
            String name = arrays.names().get(i);
            ArraySchema schema =
                    of(arrays.arrays().get(i), file -> new ArraySchema(List.of(column(file, name, types)), true));
            columns.addAll(schema.columns);
        }
        ArraySchema schema = new ArraySchema(columns, true);
        schema.checkNames(arrays.first().path(), types.caseSensitive());
        return schema;
    }

    /** An array as one column: a 1-D array its value, which may be a struct, any other an array of arrays. */
    static ArrayColumn column(ArrayFile file, String name, TypeOptions types) {
        Layout layout = file.layout();
        return layout.shape().ndim() < 2
                ? element(name, layout, types, Extent.ELEMENT, 0)
                : row(layout, types).withName(name);
    }

    private static void checkFits(
            ArrayFile shard, ArrayFile first, ArraySchema schema, Function<ArrayFile, ArraySchema> ofFile) {
        Layout layout = shard.layout();
        if (layout.shape().ndim() == 0) {
            throw new IllegalArgumentException("Cannot read " + shard.path()
                    + " as a shard: it is 0-D, expected at least one axis to lay shards end to end on; read it alone");
        }
        boolean sameRows =
                layout.shape().trailing().equals(first.layout().shape().trailing());
        if (sameRows && layout.dtype().equals(first.layout().dtype())) {
            return;
        }
        if (!sameRows || !ofFile.apply(shard).structType().equals(schema.structType())) {
            throw new IllegalArgumentException("Cannot read " + shard.path() + " together with " + first.path()
                    + ": its rows are " + layout.shape().trailing() + " of " + layout.dtype() + ", expected "
                    + first.layout().shape().trailing() + " of "
                    + first.layout().dtype()
                    + "; read them as two DataFrames, or keep them in two directories");
        }
    }

    /** The table that one array is. */
    public static ArraySchema of(ArrayFile file, SchemaOptions options) {
        Layout layout = file.layout();
        LayoutMode chosen = resolve(options.layout(), layout);
        if (chosen == LayoutMode.COLUMNS && layout.shape().ndim() > 2) {
            throw new IllegalArgumentException("Cannot read " + file.path() + " with layout=columns: its shape is "
                    + layout.shape() + ", expected at most two axes; use layout=array or layout=elements");
        }
        if (chosen == LayoutMode.COLUMNS && layout.shape().ndim() == 2 && layout.rowSize() > MAX_COLUMNS) {
            throw new IllegalArgumentException("Cannot read " + file.path() + " with layout=columns: its shape is "
                    + layout.shape() + ", expected at most " + MAX_COLUMNS + " columns; use layout=array");
        }
        List<ArrayColumn> columns =
                switch (chosen) {
                    case ELEMENTS -> elements(layout, options.types());
                    case COLUMNS ->
                        layout.shape().ndim() == 2
                                ? numbered(layout, options.types())
                                : items(layout, options.types(), Extent.ELEMENT);
                    case SEQUENCES, DOCUMENTS -> List.of(row(layout, options.types()));
                    case ARRAY, AUTO, SIDE_BY_SIDE ->
                        layout.shape().ndim() < 2
                                ? items(layout, options.types(), Extent.ELEMENT)
                                : List.of(row(layout, options.types()));
                };
        boolean named = layout.dtype() instanceof RecordDType
                && (chosen == LayoutMode.ELEMENTS || layout.shape().ndim() < 2);
        ArraySchema schema = new ArraySchema(rename(columns, options.columnNames(), file.path()), named);
        schema.checkNames(file.path(), options.caseSensitive());
        return schema.with(options.partitions(), options.caseSensitive());
    }

    /** With the columns of its directories last, but for those that hide a column of the array, in its place. */
    private ArraySchema with(List<PartitionColumn> partitions, boolean caseSensitive) {
        List<ArrayColumn> all = new ArrayList<>(columns);
        for (int i = 0; i < partitions.size(); i++) {
            PartitionColumn partition = partitions.get(i);
            ArrayColumn constant =
                    new ArrayColumn(partition.name(), partition.type(), true, null, 0, Extent.CONSTANT, i);
            int hidden =
                    partition.position(columns.stream().map(ArrayColumn::name).toList(), caseSensitive);
            if (hidden < 0) {
                all.add(constant);
            } else {
                all.set(hidden, constant);
            }
        }
        return partitions.isEmpty() ? this : new ArraySchema(all, named);
    }

    /** The names of an array's columns if nothing records others: {@code c0…} for the elements of a row, else {@code value}. */
    public static List<String> naturalNames(boolean elements, int width) {
        return elements ? IntStream.range(0, width).mapToObj(i -> "c" + i).toList() : List.of(VALUE);
    }

    /** The item itself, or the fields of the record that it is. */
    private static List<ArrayColumn> items(Layout layout, TypeOptions types, Extent extent) {
        List<ArrayColumn> columns = new ArrayList<>();
        if (layout.dtype() instanceof RecordDType record) {
            for (RecordDType.Field field : record.fields()) {
                columns.add(new ArrayColumn(
                        field.name(),
                        SparkTypes.of(field.dtype(), types),
                        SparkTypes.nullable(field.dtype()),
                        field.dtype(),
                        field.offset(),
                        extent,
                        0));
            }
        } else {
            columns.add(element(VALUE, layout, types, extent, 0));
        }
        return columns;
    }

    private static ArrayColumn element(String name, Layout layout, TypeOptions types, Extent extent, long index) {
        return new ArrayColumn(
                name,
                SparkTypes.of(layout.dtype(), types),
                SparkTypes.nullable(layout.dtype()),
                layout.dtype(),
                0,
                extent,
                index);
    }

    private static List<ArrayColumn> numbered(Layout layout, TypeOptions types) {
        List<ArrayColumn> columns = new ArrayList<>();
        for (String name : naturalNames(true, Math.toIntExact(layout.rowSize()))) {
            columns.add(element(name, layout, types, Extent.ELEMENT, columns.size()));
        }
        return columns;
    }

    /** A row as one value: the elements after axis 0, or a sequence of those of a 1-D array. */
    private static ArrayColumn row(Layout layout, TypeOptions types) {
        DataType item = SparkTypes.of(layout.dtype(), types);
        boolean sequence = layout.shape().ndim() == 1;
        DataType nested = SparkTypes.ofArray(
                item,
                SparkTypes.nullable(layout.dtype()),
                sequence ? 1 : layout.shape().ndim() - 1);
        return new ArrayColumn(VALUE, nested, false, layout.dtype(), 0, sequence ? Extent.SEQUENCE : Extent.ROW, 0);
    }

    private static List<ArrayColumn> elements(Layout layout, TypeOptions types) {
        List<ArrayColumn> columns = new ArrayList<>();
        for (int axis = 0; axis < layout.shape().ndim(); axis++) {
            columns.add(new ArrayColumn("i" + axis, DataTypes.LongType, false, null, 0, Extent.INDEX, axis));
        }
        columns.addAll(items(layout, types, Extent.EACH));
        return columns;
    }

    private static List<ArrayColumn> rename(List<ArrayColumn> columns, List<String> names, String path) {
        if (names.isEmpty()) {
            return columns;
        }
        if (names.size() != columns.size()) {
            throw new IllegalArgumentException("Cannot name the columns of " + path + ": columnNames has "
                    + names.size() + " names, expected " + columns.size() + ", one for each of "
                    + columns.stream().map(ArrayColumn::name).toList());
        }
        List<ArrayColumn> renamed = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            renamed.add(columns.get(i).withName(names.get(i)));
        }
        return renamed;
    }

    private void checkNames(String path, boolean caseSensitive) {
        Map<String, String> seen = new HashMap<>();
        for (ArrayColumn column : columns) {
            String key = caseSensitive ? column.name() : column.name().toLowerCase(Locale.ROOT);
            String other = seen.put(key, column.name());
            if (other != null) {
                throw new IllegalArgumentException("Cannot read " + path + ": its columns '" + other + "' and '"
                        + column.name() + "' have the same name"
                        + (other.equals(column.name()) ? "" : " but for the case")
                        + ", expected distinct ones; rename them with columnNames"
                        + (other.equals(column.name()) ? "" : ", or set spark.sql.caseSensitive=true"));
            }
        }
    }

    /**
     * The columns that a table schema means, one for each of its fields: columns of directories by their names, all others
     * as {@link ColumnMatch} has it.
     *
     * @throws IllegalArgumentException for names that do not match
     */
    public List<ArrayColumn> match(StructType table, SchemaOptions options, String path) {
        if (options.partitions().isEmpty()) {
            return matchData(table, options, path);
        }
        List<ArrayColumn> data = columns.stream()
                .filter(column -> column.extent() != Extent.CONSTANT)
                .toList();
        Map<String, ArrayColumn> constants = new HashMap<>();
        for (ArrayColumn column : columns) {
            if (column.extent() == Extent.CONSTANT) {
                int field = options.partitions()
                        .get(Math.toIntExact(column.index()))
                        .position(List.of(table.fieldNames()), options.caseSensitive());
                if (field >= 0) {
                    constants.put(table.fieldNames()[field], column);
                }
            }
        }
        StructField[] others = Arrays.stream(table.fields())
                .filter(field -> !constants.containsKey(field.name()))
                .toArray(StructField[]::new);
        Iterator<ArrayColumn> matched = new ArraySchema(data, named)
                .matchData(new StructType(others), options, path)
                .iterator();
        return Arrays.stream(table.fieldNames())
                .map(name -> constants.containsKey(name) ? constants.get(name) : matched.next())
                .toList();
    }

    private List<ArrayColumn> matchData(StructType table, SchemaOptions options, String path) {
        List<Integer> positions = positions(table, options, "read " + path);
        List<ArrayColumn> matched = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            ArrayColumn column = columns.get(positions.get(i));
            column.checkNullable(table.fields()[i], path, options.caseSensitive());
            matched.add(column);
        }
        return matched;
    }

    /** The positions of these columns. {@code task} is what messages call impossible: {@code read file:/d/x.npy}. */
    List<Integer> positions(StructType table, SchemaOptions options, String task) {
        List<String> own = columns.stream().map(ArrayColumn::name).toList();
        if (!named && table.length() != own.size()) {
            throw new IllegalArgumentException("Cannot " + task + ": the schema has " + table.length()
                    + " columns, expected " + own.size() + ", one for each of " + own);
        }
        List<String> given = List.of(table.fieldNames());
        boolean recorded = named || !options.columnNames().isEmpty();
        ColumnMatch match = ColumnMatch.of(own, recorded, given, options.caseSensitive());
        if (named && !match.isPartial()) {
            throw new IllegalArgumentException("Cannot " + task + ": the schema asks for column '"
                    + match.unknown().get(0) + "', expected one of " + own
                    + "; rename the array's columns with columnNames");
        } else if (!named && !match.isComplete()) {
            throw new IllegalArgumentException("Cannot " + task + ": the schema has columns " + given
                    + ", the array has columns " + own + ", " + match.difference()
                    + "; rename the array's columns with columnNames");
        }
        return match.positions();
    }

    /** The natural Spark schema. The columns of a wide table are all nullable. */
    public StructType structType() {
        boolean wide = columns.size() > MAX_NOT_NULL_COLUMNS;
        return new StructType(columns.stream()
                .map(column -> SparkTypes.field(column.name(), column.type(), wide || column.nullable()))
                .toArray(StructField[]::new));
    }
}
