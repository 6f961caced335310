package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.format.ArrayFormat;
import io.memmap.format.RowLayout;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The array that a DataFrame becomes, as far as its schema and the options tell: the lengths of ARRAY columns may be left
 * to the data. Each task then finds them in its first row and {@linkplain #resolve resolves} them; the driver checks that
 * all found the same and resolves them too. Immutable; crosses the wire.
 *
 * @param columns without {@code rowColumn} and {@code partitions}
 * @param elements the names of a row's elements in the array, if each is a column; with those of an existing array that
 *     an update leaves out. Empty in all other forms
 * @param record the dtype if the user gave one with fields, or a file has it; null for a packed one
 * @param names for the manifest or sidecar, see {@link WrittenArray}
 * @param rowColumn the column that holds each row's index on axis 0, or null
 * @param partitions the columns whose values name the directories of the rows, outermost first
 * @param raw whether files have a sidecar in place of a header
 */
public record WrittenSchema(
        Form form,
        List<Column> columns,
        List<String> elements,
        RecordDType record,
        Order order,
        List<String> names,
        RowLayout layout,
        WrittenColumn rowColumn,
        List<WrittenPartition> partitions,
        ValueOptions values,
        boolean raw)
        implements Serializable {

    /** The form that the columns have in a row of the array. */
    enum Form {
        /** One column, an element per row. */
        ITEM,
        /** An element each; one of length 1 too. */
        COLUMNS,
        /** One ARRAY column, the whole row. */
        ROW,
        /** A field each. */
        RECORD,
        /** An array each. */
        SIDE_BY_SIDE
    }

    /**
     * One column of the DataFrame.
     *
     * @param field its name in the array: of a record's field, of an element of a row
     * @param element the dtype of a value, or of what the innermost ARRAY holds
     * @param ndim how many ARRAYs are inside each other
     * @param lengths theirs, outermost first; null where the data tells
     */
    public record Column(
            String name,
            String field,
            int ordinal,
            DataType type,
            boolean nullable,
            DType element,
            int ndim,
            List<Integer> lengths)
            implements Serializable {

        /** Returns true if no length is left open. */
        public boolean isKnown() {
            return ndim == 0 || lengths != null;
        }

        Column withLengths(List<Integer> found) {
            return new Column(name, field, ordinal, type, nullable, element, ndim, List.copyOf(found));
        }

        DType dtype() {
            return ndim == 0 ? element : new SubArrayDType(element, lengths);
        }

        WrittenColumn at(int offset) {
            return new WrittenColumn(name, ordinal, type, nullable, dtype(), offset);
        }

        /** The text of messages: {@code emb ARRAY<FLOAT>}. */
        String shown() {
            return name + " " + type.sql();
        }

        /** The spelling of {@code columnDtypes} for an ARRAY with lengths, 3 for each: {@code emb ('<f4', (3,))}. */
        public String sized() {
            return NaturalDType.quoted(name) + " "
                    + withLengths(Collections.nCopies(ndim, 3)).dtype();
        }
    }

    public WrittenSchema {
        columns = List.copyOf(columns);
        elements = List.copyOf(elements);
        names = List.copyOf(names);
        partitions = List.copyOf(partitions);
    }

    /**
     * The array that a write of a new file or directory makes.
     *
     * @throws IllegalArgumentException when the options do not fit the columns, or some columns have no dtype
     */
    public static WrittenSchema of(StructType dataFrame, MemmapOptions options, boolean caseSensitive) {
        return new NewArrayMapping(WrittenInput.of(dataFrame, options, caseSensitive)).schema();
    }

    /**
     * Describes a DataFrame that is appended to, or updates, an existing array, as {@link ColumnMatch} matches them. An
     * update may leave columns out. All lengths are known.
     *
     * @throws IllegalArgumentException when the columns do not fit the array, or the options contradict it
     */
    public static WrittenSchema into(
            ExistingArray array, StructType dataFrame, MemmapOptions options, boolean caseSensitive) {
        return new ExistingArrayMapping(WrittenInput.of(dataFrame, options, caseSensitive), array).schema();
    }

    /**
     * Describes rows of a table that are written to its array: into the columns from which reading takes them.
     *
     * @param rows the table's columns
     * @param options the table's, of which {@code columnNames} are names for the array's columns
     * @throws IllegalArgumentException likewise
     */
    public static WrittenSchema intoTable(
            ShardedArray array, String path, StructType rows, MemmapOptions options, boolean caseSensitive) {
        SchemaOptions seen = SchemaOptions.of(options, array, caseSensitive);
        SchemaOptions own = SchemaOptions.of(options.without(OptionKey.COLUMN_NAMES), array, true);
        List<ArrayColumn> columns = ArraySchema.of(array, own).columns();
        StructType inFiles = new StructType(Stream.of(rows.fields())
                .filter(field -> options.partitionBy().stream()
                        .noneMatch(name -> ColumnMatch.same(name, field.name(), caseSensitive)))
                .toArray(StructField[]::new));
        List<String> names = ArraySchema.of(array, seen).positions(inFiles, seen, "write to " + path).stream()
                .map(position -> columns.get(position).name())
                .toList();
        return into(
                ExistingArray.of(array, path, List.of()),
                rows,
                options.with(OptionKey.COLUMN_NAMES, names),
                caseSensitive);
    }

    /** Returns true if each column is an array of its own. */
    public boolean isSideBySide() {
        return form == Form.SIDE_BY_SIDE;
    }

    /** The array of each column, if they are side by side. */
    public List<WrittenSchema> arrays() {
        return columns.stream()
                .map(column -> new WrittenSchema(
                        column.ndim() == 0 ? Form.ITEM : Form.ROW,
                        List.of(column),
                        List.of(),
                        null,
                        order,
                        List.of(),
                        null,
                        null,
                        List.of(),
                        values,
                        raw))
                .toList();
    }

    /** The same array, recorded to be read element by element where there is a place to record it. */
    public WrittenSchema asElements() {
        return new WrittenSchema(
                form,
                columns,
                elements,
                record,
                order,
                List.of(),
                RowLayout.ELEMENTS,
                rowColumn,
                partitions,
                values,
                raw);
    }

    /** The same array in files of this format. */
    public WrittenSchema in(ArrayFormat format) {
        boolean headless = !format.describesItself();
        return new WrittenSchema(
                form, columns, elements, record, order, names, layout, rowColumn, partitions, values, headless);
    }

    public boolean isByElement() {
        return layout == RowLayout.ELEMENTS;
    }

    /** The partition columns, outermost first. */
    public List<PartitionColumn> partitionColumns() {
        return partitions.stream()
                .map(partition -> new PartitionColumn(partition.name(), partition.type()))
                .toList();
    }

    /** SQL's names of the types of the partition columns, by the columns' names. */
    public Map<String, String> partitionTypes() {
        return WrittenPartition.types(partitions);
    }

    /** The ARRAY columns whose lengths the data tells, in the order that {@link #resolve} takes them. */
    public List<Column> unknown() {
        return columns.stream().filter(column -> !column.isKnown()).toList();
    }

    /** The array, where the data has nothing to tell. */
    public Optional<WrittenArray> resolved() {
        return unknown().isEmpty() ? Optional.of(resolve(List.of())) : Optional.empty();
    }

    /** An array that differs from the one to be written in its lengths only: all unknown ones are 1. */
    public WrittenArray withAnyLengths() {
        return resolve(unknown().stream()
                .map(column -> Collections.nCopies(column.ndim(), 1))
                .toList());
    }

    /**
     * The array with these lengths; of arrays side by side the record that their rows are together.
     *
     * @param lengths for each of {@link #unknown}, outermost first
     * @throws IllegalArgumentException when a row would have no bytes, or 2 GiB of them
     */
    public WrittenArray resolve(List<List<Integer>> lengths) {
        List<Column> known = new ArrayList<>();
        int next = 0;
        for (Column column : columns) {
            known.add(column.isKnown() ? column : column.withLengths(lengths.get(next++)));
        }
        return form == Form.RECORD || form == Form.SIDE_BY_SIDE ? ofRecord(known) : ofElements(known);
    }

    private WrittenArray ofElements(List<Column> known) {
        Column first = known.get(0);
        Shape trailing =
                switch (form) {
                    case ITEM, RECORD, SIDE_BY_SIDE -> Shape.of();
                    case COLUMNS -> Shape.of(elements.size());
                    case ROW -> Shape.of(first.lengths());
                };
        List<WrittenColumn> placed = new ArrayList<>();
        if (form == Form.ROW) {
            // Checks the size of a row, which the sub-array's arithmetic presupposes.
            array(first.element(), trailing, List.of());
        }
        Map<String, Integer> positions = new HashMap<>();
        elements.forEach(element -> positions.put(element, positions.size()));
        for (Column column : known) {
            int position = positions.getOrDefault(column.field(), 0);
            placed.add(column.at(Math.multiplyExact(position, first.element().itemsize())));
        }
        return array(first.element(), trailing, placed);
    }

    private WrittenArray ofRecord(List<Column> known) {
        List<DType> dtypes = known.stream().map(Column::dtype).toList();
        RecordDType dtype = record;
        try {
            if (dtype == null) {
                dtype = NaturalDType.packed(known.stream().map(Column::field).toList(), dtypes);
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "Cannot write rows of " + dtypes + ": a row has 2 GiB or more, expected at most 2147483647 bytes",
                    e);
        }
        Map<String, Integer> offsets = new HashMap<>();
        dtype.fields().forEach(field -> offsets.put(field.name(), field.offset()));
        List<WrittenColumn> placed = known.stream()
                .map(column -> column.at(offsets.get(column.field())))
                .toList();
        return array(dtype, Shape.of(), placed);
    }

    private WrittenArray array(DType dtype, Shape trailing, List<WrittenColumn> placed) {
        return new WrittenArray(dtype, trailing, order, placed, names, layout, rowColumn, values, raw);
    }
}
