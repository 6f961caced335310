package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.format.RowLayout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.ShapeOption;
import io.memmap.spark.schema.WrittenSchema.Column;
import io.memmap.spark.schema.WrittenSchema.Form;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Maps columns and options to the array that a write makes anew. Driver side; used once. */
final class NewArrayMapping {
    private static final Set<Kind> NUMBERS = EnumSet.of(Kind.INT, Kind.UINT, Kind.FLOAT, Kind.COMPLEX);

    private final WrittenInput input;
    private final List<Column> columns;
    private final Optional<Shape> trailing;
    private final LayoutMode layout;

    NewArrayMapping(WrittenInput input) {
        this.input = input;
        this.columns = input.columns();
        this.layout = input.options().layout();
        this.trailing = input.options().shape().map(ShapeOption::trailing);
        input.options().shape().filter(shape -> shape.given().ndim() == 0).ifPresent(shape -> {
            throw new IllegalArgumentException(
                    "Cannot write with shape=(): it has no axis, expected one for the rows, as in -1 or -1,8");
        });
    }

    WrittenSchema schema() {
        columns.forEach(column -> checkFields(column, column.type(), column.name()));
        Optional<DType> dtype = input.options().dtype();
        if (dtype.isPresent() && !input.dtypes().isEmpty()) {
            throw new IllegalArgumentException("Cannot write with dtype=" + dtype.get()
                    + " and columnDtypes: found both, expected one; give columnDtypes for single columns");
        }
        if (layout == LayoutMode.SIDE_BY_SIDE) {
            return sideBySide(dtype);
        }
        if (dtype.isEmpty()) {
            return ofColumnDtypes(withDtypes());
        }
        boolean records = columns.size() == 1
                && columns.get(0).ndim() > 0
                && dtype.get() instanceof RecordDType record
                && !ColumnMatch.of(record.names(), true, input.fields(), input.caseSensitive())
                        .isPartial();
        return dtype.get() instanceof RecordDType record && !records ? ofRecord(record) : ofOneDtype(dtype.get());
    }

    /** @param dtype of all columns, if the user gave one */
    private WrittenSchema sideBySide(Optional<DType> dtype) {
        if (trailing.isPresent()) {
            throw new IllegalArgumentException("Cannot write with shape="
                    + input.options().shape().orElseThrow()
                    + ": each column is an array with a shape of its own, expected no shape; columnDtypes states the"
                    + " lengths of an ARRAY, as in columnDtypes=\"emb ('<f4', (3,))\"");
        }
        if (input.rowColumn() != null) {
            throw new IllegalArgumentException(
                    "Cannot write with rowColumn=" + input.rowColumn().name()
                            + ": columns side by side are written in the order of the rows, expected no rowColumn; sort by it");
        }
        if (!input.partitions().isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot write with partitionBy" + input.options().partitionBy()
                            + ": each column is an array of its own, expected no partitionBy; leave layout=sideBySide out");
        }
        List<Column> all = dtype.isEmpty()
                ? withDtypes()
                : columns.stream()
                        .map(column -> withDtype(column, column.field(), dtype.get()))
                        .toList();
        return ofForm(Form.SIDE_BY_SIDE, all, null);
    }

    /** @param path the field of the column that has this {@code type} */
    private void checkFields(Column column, DataType type, String path) {
        if (type instanceof ArrayType array) {
            checkFields(column, array.elementType(), path);
        } else if (type instanceof StructType struct && !input.caseSensitive()) {
            Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (StructField field : struct.fields()) {
                String other = seen.put(field.name(), field.name());
                if (other != null && !other.equals(field.name())) {
                    throw new IllegalArgumentException("Cannot write column '" + column.name() + "': the fields '"
                            + other + "' and '" + field.name() + "' of '" + path
                            + "' differ in case only, and could not be read; rename one of them, or set"
                            + " spark.sql.caseSensitive=true");
                }
                checkFields(column, field.dataType(), path + "." + field.name());
            }
        }
    }

    private WrittenSchema ofRecord(RecordDType record) {
        record.descr();
        checkShape(Shape.of(), "a record per row");
        return ofForm(Form.RECORD, fields(record, record.names(), input, false), record);
    }

    /**
     * The columns of a record's fields, in the order of the DataFrame.
     *
     * @param own what the fields are called as columns
     * @param mayMiss true if fields may have no column
     */
    static List<Column> fields(RecordDType record, List<String> own, WrittenInput input, boolean mayMiss) {
        ColumnMatch match = ColumnMatch.of(own, true, input.fields(), input.caseSensitive());
        List<String> unknown = match.unknown();
        List<String> missing = match.missing();
        if (mayMiss ? !match.isPartial() : !match.isComplete()) {
            throw new IllegalArgumentException("Cannot write columns " + input.fields() + " as a record of fields "
                    + own + ": "
                    + (unknown.isEmpty() ? "" : "no field for " + unknown)
                    + (unknown.isEmpty() || missing.isEmpty() ? "" : ", ")
                    + (missing.isEmpty() ? "" : "no column for " + missing)
                    + ", expected the same names; rename the columns with columnNames");
        }
        List<Column> found = new ArrayList<>();
        for (int i = 0; i < input.columns().size(); i++) {
            Column column = input.columns().get(i);
            RecordDType.Field field = record.fields().get(match.positions().get(i));
            checkArray(column, field.dtype());
            found.add(withDtype(column, field.name(), field.dtype()));
        }
        return found;
    }

    private static void checkArray(Column column, DType dtype) {
        if (column.ndim() > 0 && !(dtype instanceof SubArrayDType)) {
            throw new IllegalArgumentException("Cannot write column '" + column.name() + "' as " + dtype + ": it is "
                    + column.type().sql() + ", expected a field with lengths, as in ('v', '<f4', (3,))");
        }
    }

    private static Column withDtype(Column column, String field, DType dtype) {
        boolean array = dtype instanceof SubArrayDType && column.ndim() > 0;
        DType element = array ? ((SubArrayDType) dtype).base() : dtype;
        List<Integer> lengths = array ? ((SubArrayDType) dtype).shape() : null;
        if (array && lengths.size() != column.ndim()) {
            throw new IllegalArgumentException("Cannot write column '" + column.name() + "' as " + dtype + ": it is "
                    + column.type().sql() + ", expected as many ARRAYs inside each other as the dtype has axes, "
                    + lengths.size());
        }
        return new Column(
                column.name(),
                field,
                column.ordinal(),
                column.type(),
                column.nullable(),
                element,
                column.ndim(),
                lengths);
    }

    /** One dtype for all columns. */
    private WrittenSchema ofOneDtype(DType dtype) {
        List<Column> all = columns.stream()
                .map(column -> withDtype(column, column.field(), dtype))
                .toList();
        if (all.size() > 1 && (!(dtype instanceof ScalarDType) || all.stream().anyMatch(column -> column.ndim() > 0))) {
            throw new IllegalArgumentException("Cannot write " + input.shown() + " as " + dtype
                    + ": several columns and a dtype without names, expected no ARRAY among them and a scalar dtype;"
                    + " give each its own with columnDtypes");
        }
        return all.size() == 1 ? ofOneColumn(all.get(0)) : ofForm(Form.COLUMNS, all, null);
    }

    private WrittenSchema ofColumnDtypes(List<Column> all) {
        if (all.size() == 1) {
            return ofOneColumn(all.get(0));
        }
        DType first = all.get(0).element();
        boolean alike = all.stream()
                .allMatch(column -> column.ndim() == 0
                        && column.element().equals(first)
                        && column.element() instanceof ScalarDType);
        boolean matrix = trailing.map(Shape::ndim).orElse(0) > 0 || layout == LayoutMode.ARRAY;
        if (!matrix && !(alike && isReadOfMatrix(all))) {
            return ofForm(Form.RECORD, all, null);
        }
        if (!alike) {
            String found = all.stream()
                    .map(column -> column.name() + " " + column.element() + "[]".repeat(column.ndim()))
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException("Cannot write several columns as a 2-D array: found " + found
                    + ", expected one scalar dtype for all; set dtype='<f8', or which fits");
        }
        return ofForm(Form.COLUMNS, all, null);
    }

    /**
     * Returns true if these columns, alike, are numbers with the names that a reader gives those of a 2-D array, and no
     * option asks for a record.
     */
    private boolean isReadOfMatrix(List<Column> all) {
        return layout == LayoutMode.AUTO
                && trailing.isEmpty()
                && input.dtypes().isEmpty()
                && NUMBERS.contains(((ScalarDType) all.get(0).element()).kind())
                && all.size() <= ArraySchema.MAX_COLUMNS
                && input.fields().equals(ArraySchema.naturalNames(true, all.size()));
    }

    private WrittenSchema ofOneColumn(Column column) {
        if (column.ndim() > 0) {
            return ofForm(Form.ROW, List.of(column), null);
        }
        if (column.element() instanceof ScalarDType) {
            boolean matrix = trailing.map(Shape::ndim).orElse(0) == 1;
            return ofForm(matrix ? Form.COLUMNS : Form.ITEM, List.of(column), null);
        }
        return ofForm(Form.RECORD, List.of(column), null);
    }

    /** The columns with the dtype that the user gives each, or that its type has. */
    private List<Column> withDtypes() {
        List<Column> all = new ArrayList<>();
        List<Column> without = new ArrayList<>();
        for (Column column : columns) {
            Optional<DType> dtype = Optional.ofNullable(input.dtypes().get(column.name()))
                    .or(() -> NaturalDType.of(NaturalDType.innermost(column.type())));
            dtype.ifPresentOrElse(
                    found -> all.add(withDtype(column, column.field(), found)), () -> without.add(column));
        }
        if (!without.isEmpty()) {
            throw NaturalDType.missing(without);
        }
        return all;
    }

    private WrittenSchema ofForm(Form form, List<Column> all, RecordDType record) {
        List<Column> shaped = all;
        switch (form) {
            case ITEM, RECORD -> checkShape(Shape.of(), form == Form.ITEM ? "an element per row" : "a record per row");
            case COLUMNS -> checkShape(Shape.of(all.size()), "an element per column");
            case ROW -> shaped = List.of(shaped(all.get(0)));
            case SIDE_BY_SIDE -> {}
        }
        boolean named = form == Form.RECORD || form == Form.SIDE_BY_SIDE;
        List<String> names = named ? List.of() : unusual(all, form);
        RowLayout recorded =
                switch (form) {
                    case ITEM, RECORD -> null;
                    case COLUMNS -> RowLayout.COLUMNS;
                    case ROW -> layout == LayoutMode.COLUMNS ? RowLayout.COLUMNS : RowLayout.ARRAY;
                    case SIDE_BY_SIDE -> RowLayout.SIDE_BY_SIDE;
                };
        Order order = input.options().order().orElse(Order.C);
        return new WrittenSchema(
                form,
                shaped,
                form == Form.COLUMNS ? shaped.stream().map(Column::field).toList() : List.of(),
                record,
                order,
                form == Form.ROW && layout == LayoutMode.COLUMNS ? List.of() : names,
                recorded,
                input.rowColumn(),
                input.partitions(),
                input.values(),
                false);
    }

    /** The names, unless they are those that a reader makes up anyway. */
    private static List<String> unusual(List<Column> all, Form form) {
        List<String> names = all.stream().map(Column::field).toList();
        return names.equals(ArraySchema.naturalNames(form == Form.COLUMNS, names.size())) ? List.of() : names;
    }

    private Column shaped(Column column) {
        if (column.ndim() >= Shape.MAX_NDIM) {
            throw new IllegalArgumentException("Cannot write column '" + column.name() + "': it has " + column.ndim()
                    + " ARRAYs inside each other, expected at most " + (Shape.MAX_NDIM - 1)
                    + ", as the rows are an axis too");
        }
        if (trailing.isEmpty()) {
            return column;
        }
        Shape given = trailing.get();
        boolean known = column.lengths() != null;
        if (given.ndim() != column.ndim() || (known && !given.equals(Shape.of(column.lengths())))) {
            throw wrongShape(
                    known
                            ? "rows of " + column.dtype()
                            : "as many lengths after the rows as " + column.shown() + " has ARRAYs, " + column.ndim());
        }
        if (LongStream.of(given.toArray()).anyMatch(length -> length < 1 || length > Integer.MAX_VALUE)) {
            throw wrongShape("lengths of 1 to 2147483647 after the rows");
        }
        return column.withLengths(given.lengths());
    }

    private void checkShape(Shape expected, String why) {
        if (trailing.isPresent() && !trailing.get().equals(expected)) {
            throw wrongShape(why + " as the columns are " + input.shown() + ", so rows of shape " + expected);
        }
    }

    private IllegalArgumentException wrongShape(String expected) {
        return new IllegalArgumentException("Cannot write with shape="
                + input.options().shape().orElseThrow() + ": its rows have the shape " + trailing.orElseThrow()
                + ", expected " + expected);
    }
}
