package io.memmap.spark.read.decode;

import io.memmap.compute.Totals;
import io.memmap.dtype.ScalarDType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.spark.schema.ArraySchema;
import io.memmap.spark.schema.MetadataColumns;
import io.memmap.spark.schema.SchemaOptions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Makes the decoders of a table's columns for one of its files.
 *
 * @param firstRow the position in the whole dataset of the file's first row
 * @param table all columns of the table
 * @param positions of them in the table, by their names
 * @param matched what each of them is in the file
 * @param layout the array as it is decoded
 * @param rowSize table rows per row of {@code layout}
 * @param tableRowsPerRow table rows per row of the file
 */
record TableColumns(
        ArrayFile file,
        long firstRow,
        SchemaOptions options,
        StructType table,
        Map<String, Integer> positions,
        List<ArrayColumn> matched,
        Layout layout,
        long rowSize,
        long tableRowsPerRow) {

    /** @throws IllegalArgumentException naming the file, when it does not have the columns */
    static TableColumns of(
            ArrayFile file,
            long firstRow,
            SchemaOptions options,
            StructType table,
            Layout layout,
            long rowSize,
            long tableRowsPerRow) {
        List<ArrayColumn> matched = ArraySchema.of(file, options).match(table, options, file.path());
        Map<String, Integer> positions = new HashMap<>();
        String[] names = table.fieldNames();
        for (int i = 0; i < names.length; i++) {
            positions.putIfAbsent(names[i], i);
        }
        return new TableColumns(file, firstRow, options, table, positions, matched, layout, rowSize, tableRowsPerRow);
    }

    private int index(String name) {
        return positions.getOrDefault(name, -1);
    }

    /** The decoder of a column, or a metadata column, into a vector. */
    ColumnDecoder vector(StructField field) {
        int index = index(field.name());
        return index < 0 ? ofMetadata(field.name()) : of(matched.get(index), field.dataType());
    }

    /**
     * The reader of a column's numbers.
     *
     * @param totals what they are added to; null to hold them
     */
    NumbersReader numbers(String name, Totals totals) {
        int index = index(name);
        ArrayColumn column = matched.get(index);
        DataType type = table.fields()[index].dataType();
        try {
            ScalarDType dtype = (ScalarDType) column.dtype();
            return new NumbersReader(dtype, Conversion.of(dtype, type, options.types()), totals);
        } catch (IllegalArgumentException e) {
            throw unreadable(column, e);
        }
    }

    /** The decoder of a column that this reads the items of. */
    ColumnDecoder of(String name, ItemReader items) {
        return ofItems(matched.get(index(name)), items);
    }

    private ColumnDecoder ofItems(ArrayColumn column, ItemReader items) {
        int nbytes = column.dtype().itemsize();
        return rowSize > 1
                ? new ColumnDecoder.OfScatteredElements(items, layout, column.fieldOffset(), nbytes)
                : new ColumnDecoder.OfElement(items, layout, column.index(), column.fieldOffset(), nbytes);
    }

    private ColumnDecoder ofMetadata(String name) {
        return switch (name) {
            case MetadataColumns.FILE -> ColumnDecoder.ofFile(file.path());
            case MetadataColumns.ROW -> ColumnDecoder.ofRow(firstRow, tableRowsPerRow);
            case MetadataColumns.FILE_ROW -> ColumnDecoder.ofRow(0, tableRowsPerRow);
            default -> throw new IllegalArgumentException("Cannot read " + file.path() + ": no column '" + name + "'");
        };
    }

    private ColumnDecoder of(ArrayColumn column, DataType type) {
        try {
            if (column.extent() == Extent.INDEX) {
                if (!type.equals(column.type())) {
                    throw new IllegalArgumentException(
                            "it is a position, and the schema asks for " + type.catalogString() + ", expected bigint");
                }
                return ofIndex(column, file.layout());
            }
            if (column.extent() == Extent.ROW) {
                List<Integer> shape = Arrays.stream(layout.shape().trailing().toArray())
                        .mapToObj(Math::toIntExact)
                        .toList();
                return new ColumnDecoder.OfRow(ListReader.of(column.dtype(), shape, type, options.types()), layout);
            }
            return ofItems(column, ItemReader.of(column.dtype(), type, options.types()));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(tooWide(), e);
        } catch (IllegalArgumentException e) {
            throw unreadable(column, e);
        }
    }

    private IllegalArgumentException unreadable(ArrayColumn column, IllegalArgumentException e) {
        return new IllegalArgumentException(
                "Cannot read column '" + column.name() + "' of " + file.path() + ": " + e.getMessage(), e);
    }

    private String tooWide() {
        return "Cannot read " + file.path() + ": one row of shape "
                + file.layout().shape() + " has " + file.layout().rowNbytes()
                + " bytes, expected less than 2 GiB; use layout=elements, or transpose=true";
    }

    private ColumnDecoder ofIndex(ArrayColumn column, Layout stored) {
        int axis = Math.toIntExact(column.index());
        long divisor = 1;
        for (int i = axis + 1; i < stored.shape().ndim(); i++) {
            divisor *= Math.max(stored.shape().dim(i), 1);
        }
        return axis == 0
                ? ColumnDecoder.ofAxis(firstRow * divisor, divisor, Long.MAX_VALUE)
                : ColumnDecoder.ofAxis(0, divisor, Math.max(stored.shape().dim(axis), 1));
    }
}
