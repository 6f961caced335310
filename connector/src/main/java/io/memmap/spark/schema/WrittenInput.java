package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.WrittenSchema.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns to write, without the one of the row index, and the options, checked against each other.
 *
 * @param columns without dtypes and lengths
 * @param dtypes the option {@code columnDtypes}, by the columns' own names
 * @param values the options of single values, by the columns' own names
 */
record WrittenInput(
        List<Column> columns,
        WrittenColumn rowColumn,
        List<WrittenPartition> partitions,
        Map<String, DType> dtypes,
        ValueOptions values,
        MemmapOptions options,
        boolean caseSensitive) {

    static WrittenInput of(StructType dataFrame, MemmapOptions options, boolean caseSensitive) {
        if (options.layout() == LayoutMode.ELEMENTS) {
            throw new IllegalArgumentException(
                    "Cannot write with layout=elements: it is for reading only, expected auto,"
                            + " columns, array or sideBySide; leave the option out here and set it where the array is read,"
                            + " and write no column of indices, or name one as rowColumn");
        }
        if (options.layout().isRagged()) {
            throw new IllegalArgumentException("Cannot write with layout="
                    + options.layout().name().toLowerCase(Locale.ROOT)
                    + ": indexed datasets are only read, expected auto, columns, array or sideBySide; rows of one length are"
                    + " written with layout=array");
        }
        List<Column> columns = new ArrayList<>();
        WrittenColumn rowColumn = null;
        StructField[] fields = dataFrame.fields();
        Optional<String> rowName = options.rowColumn();
        List<WrittenPartition> partitions = partitions(fields, options.partitionBy(), caseSensitive);
        Set<Integer> inNames =
                partitions.stream().map(WrittenPartition::ordinal).collect(Collectors.toSet());
        for (int i = 0; i < fields.length; i++) {
            if (inNames.contains(i)) {
                continue;
            }
            if (rowName.isPresent() && ColumnMatch.same(fields[i].name(), rowName.get(), caseSensitive)) {
                rowColumn = rowColumn(fields[i], i, rowColumn);
            } else {
                columns.add(column(fields[i], i));
            }
        }
        if (rowName.isPresent() && rowColumn == null) {
            throw new ColumnOptions(options, names(columns), caseSensitive)
                    .unknown(OptionKey.ROW_COLUMN, rowName.get());
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("Cannot write an array of no columns: the DataFrame has "
                    + (!partitions.isEmpty()
                            ? "only " + options.partitionBy() + ", which partitionBy names"
                            : rowColumn == null ? "none" : "only " + rowColumn.name() + ", which rowColumn names")
                    + ", expected at least one with values");
        }
        columns = renamed(columns, options.columnNames(), caseSensitive);
        ColumnOptions own = new ColumnOptions(options, names(columns), caseSensitive);
        return new WrittenInput(
                columns,
                rowColumn,
                partitions,
                own.byColumn(OptionKey.COLUMN_DTYPES, options.columnDtypes()),
                own.values(),
                options,
                caseSensitive);
    }

    private static List<WrittenPartition> partitions(StructField[] fields, List<String> names, boolean caseSensitive) {
        List<WrittenPartition> partitions = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (String name : names) {
            List<Integer> meant = IntStream.range(0, fields.length)
                    .filter(i -> ColumnMatch.same(fields[i].name(), name, caseSensitive))
                    .boxed()
                    .toList();
            if (meant.size() != 1 || !seen.add(meant.get(0))) {
                List<String> all = Stream.of(fields).map(StructField::name).toList();
                throw new IllegalArgumentException("Cannot write with partitionBy(" + String.join(", ", names) + "): '"
                        + name + "' "
                        + (meant.isEmpty()
                                ? "is no column of the DataFrame, expected some of " + all
                                : meant.size() == 1
                                        ? "is given twice, expected distinct columns"
                                        : "means several of the columns " + all + ", expected one"));
            }
            partitions.add(WrittenPartition.of(name, fields[meant.get(0)], meant.get(0)));
        }
        return partitions;
    }

    private static WrittenColumn rowColumn(StructField field, int ordinal, WrittenColumn before) {
        if (before != null) {
            throw new IllegalArgumentException(
                    "Cannot write by rowColumn=" + field.name() + ": two columns have that name, expected one");
        }
        if (!SparkTypes.isInteger(field.dataType())) {
            throw new IllegalArgumentException("Cannot write by rowColumn=" + field.name() + ": it is "
                    + field.dataType().sql() + ", expected an integer, such as BIGINT");
        }
        return new WrittenColumn(field.name(), ordinal, field.dataType(), field.nullable(), DType.parse("<i8"), 0);
    }

    private static Column column(StructField field, int ordinal) {
        if (NaturalDType.holdsVector(field.dataType())) {
            throw new IllegalArgumentException("Cannot write column '" + field.name()
                    + "': found a vector of Spark ML, expected an array; convert it with vector_to_array("
                    + field.name() + ", 'float32') of pyspark.ml.functions or org.apache.spark.ml.functions");
        }
        int ndim = 0;
        for (DataType at = field.dataType(); at instanceof ArrayType array; at = array.elementType()) {
            ndim++;
        }
        return new Column(field.name(), field.name(), ordinal, field.dataType(), field.nullable(), null, ndim, null);
    }

    private static List<Column> renamed(List<Column> columns, List<String> names, boolean caseSensitive) {
        if (!names.isEmpty() && names.size() != columns.size()) {
            throw new IllegalArgumentException("Cannot name the columns of an array: columnNames has " + names.size()
                    + " names, expected " + columns.size() + ", one for each of " + names(columns));
        }
        List<Column> renamed = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            String field = names.isEmpty() ? column.name() : names.get(i);
            String other = seen.put(caseSensitive ? field : field.toLowerCase(Locale.ROOT), field);
            if (field.isEmpty() || field.equals(other)) {
                throw new IllegalArgumentException("Cannot write columns " + names(columns) + ": "
                        + (field.isEmpty() ? "a name is empty" : "'" + field + "' is given twice")
                        + ", expected distinct names; rename them with columnNames");
            } else if (other != null) {
                throw new IllegalArgumentException("Cannot write columns " + names(columns) + ": '" + other + "' and '"
                        + field + "' differ in case only, and could not be read; rename them with columnNames, or set"
                        + " spark.sql.caseSensitive=true");
            }
            renamed.add(new Column(
                    column.name(),
                    field,
                    column.ordinal(),
                    column.type(),
                    column.nullable(),
                    null,
                    column.ndim(),
                    null));
        }
        return renamed;
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).toList();
    }

    /** The names that the columns have in the array. */
    List<String> fields() {
        return columns.stream().map(Column::field).toList();
    }

    /** The text of messages: {@code a INT, b ARRAY<FLOAT>}. */
    String shown() {
        return columns.stream().map(Column::shown).collect(Collectors.joining(", "));
    }
}
