package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.layout.Shape;
import io.memmap.table.RowSource;
import io.memmap.table.TableArrays;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a table, each bound to its place in an array. Bound on the driver, once for each kind of rows that the
 * files have; crosses the wire. Immutable.
 */
public final class BoundTable implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StructType table;
    private final SchemaOptions options;
    /** The columns of each array by the kind of rows that a file has. */
    private final List<Map<RowKind, List<ArrayColumn>>> arrays;
    /** The array of each column of the table, and its position in the array's columns. */
    private final int[] arrayOf;

    private final int[] indexOf;
    private transient volatile Map<String, Integer> byName;

    /** All that decides what the columns of a file are. */
    private record RowKind(DType dtype, Shape shape) implements Serializable {
        static RowKind of(Layout layout) {
            return new RowKind(layout.dtype(), layout.shape().trailing());
        }
    }

    private BoundTable(
            StructType table,
            SchemaOptions options,
            List<Map<RowKind, List<ArrayColumn>>> arrays,
            int[] arrayOf,
            int[] indexOf) {
        this.table = table;
        this.options = options;
        this.arrays = arrays;
        this.arrayOf = arrayOf;
        this.indexOf = indexOf;
    }

    /**
     * Binds the columns of a table that is one array.
     *
     * @param table its columns, natural or as the user asked for them
     * @throws IllegalArgumentException naming the first file that does not have them
     */
    public static BoundTable of(ShardedArray array, SchemaOptions options, StructType table) {
        int[] positions = IntStream.range(0, table.length()).toArray();
        Map<RowKind, List<ArrayColumn>> kinds =
                kinds(array, file -> ArraySchema.of(file, options).match(table, options, file.path()));
        return new BoundTable(table, options, List.of(kinds), new int[positions.length], positions);
    }

    /**
     * Binds the columns of a table that is arrays side by side. A user's schema may name some of them, in any order.
     *
     * @throws IllegalArgumentException for a column that no array is
     */
    public static BoundTable of(TableArrays arrays, SchemaOptions options, StructType table) {
        ColumnMatch match = ColumnMatch.of(arrays.names(), true, List.of(table.fieldNames()), options.caseSensitive());
        if (!match.isPartial()) {
            throw new IllegalArgumentException("Cannot read " + arrays.first().path() + " and the arrays beside it:"
                    + " the schema asks for column '" + match.unknown().get(0) + "', expected one of " + arrays.names()
                    + "; correct the schema or columnPaths");
        }
        List<Map<RowKind, List<ArrayColumn>>> kinds = new ArrayList<>();
        for (int i = 0; i < arrays.names().size(); i++) {
            String name = arrays.names().get(i);
            kinds.add(kinds(arrays.arrays().get(i), file -> List.of(ArraySchema.column(file, name, options.types()))));
        }
        int[] arrayOf = match.positions().stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < arrayOf.length; i++) {
            for (List<ArrayColumn> columns : kinds.get(arrayOf[i]).values()) {
                columns.get(0)
                        .checkNullable(
                                table.fields()[i],
                                arrays.arrays().get(arrayOf[i]).first().path(),
                                options.caseSensitive());
            }
        }
        return new BoundTable(table, options, kinds, arrayOf, new int[arrayOf.length]);
    }

    private static Map<RowKind, List<ArrayColumn>> kinds(
            ShardedArray array, Function<ArrayFile, List<ArrayColumn>> columns) {
        Map<RowKind, List<ArrayColumn>> kinds = new LinkedHashMap<>();
        RowKind last = null;
        for (ArrayFile file : array.shards()) {
            RowKind kind = RowKind.of(file.layout());
            if (!kind.equals(last)) {
                kinds.computeIfAbsent(kind, first -> columns.apply(file));
            }
            last = kind;
        }
        return kinds;
    }

    /** All columns of the table. */
    public StructType table() {
        return table;
    }

    public SchemaOptions options() {
        return options;
    }

    /** The position of a column in the table; -1 if it has none of this name. */
    public int position(String name) {
        Map<String, Integer> positions = byName;
        if (positions == null) {
            positions = new HashMap<>();
            String[] names = table.fieldNames();
            for (int i = 0; i < names.length; i++) {
                positions.putIfAbsent(names[i], i);
            }
            byName = positions;
        }
        return positions.getOrDefault(name, -1);
    }

    /** The position among the arrays of the one that a column of the table is in. */
    public int array(int position) {
        return arrayOf[position];
    }

    /** The positions of the arrays that hold these columns, ascending. */
    public Set<Integer> arrays(Set<String> names) {
        Set<Integer> holding = new TreeSet<>();
        for (String name : names) {
            int position = position(name);
            if (position >= 0) {
                holding.add(arrayOf[position]);
            }
        }
        return holding;
    }

    /** The position of a column of the table among {@link #columns(RowSource)}. */
    public int index(int position) {
        return indexOf[position];
    }

    /** The columns of an array as one of its files has them. */
    public List<ArrayColumn> columns(RowSource source) {
        return arrays.get(source.array()).get(RowKind.of(source.file().layout()));
    }

    /** The columns as the first file of each array has them, in the order of the table. */
    public List<ArrayColumn> columns() {
        List<ArrayColumn> columns = new ArrayList<>(arrayOf.length);
        for (int i = 0; i < arrayOf.length; i++) {
            columns.add(arrays.get(arrayOf[i]).values().iterator().next().get(indexOf[i]));
        }
        return columns;
    }
}
