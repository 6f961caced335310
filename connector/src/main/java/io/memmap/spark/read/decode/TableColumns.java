package io.memmap.spark.read.decode;

import io.memmap.compute.Totals;
import io.memmap.dtype.ScalarDType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.spark.read.decode.ColumnGroup.Named;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.spark.schema.BoundTable;
import io.memmap.table.RowSource;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/**
 * Makes the decoders of those columns of a table that are in one file.
 *
 * @param tableRow the position in the table of the file's first row
 * @param bound the columns of its array
 * @param layout the array as it is decoded
 * @param rowSize table rows per row of {@code layout}
 */
record TableColumns(
        ArrayFile file, long tableRow, BoundTable table, List<ArrayColumn> bound, Layout layout, long rowSize) {

    static TableColumns of(RowSource source, long tableRow, BoundTable table, Layout layout, long rowSize) {
        return new TableColumns(source.file(), tableRow, table, table.columns(source), layout, rowSize);
    }

    /** The decoder of a column into a vector of this type. */
    Named vector(int position, String name, DataType type) {
        return new Named(name, of(column(position), type));
    }

    /**
     * The reader of a column's numbers.
     *
     * @param totals what they are added to; null to hold them
     */
    NumbersReader numbers(int position, Totals totals) {
        ArrayColumn column = column(position);
        DataType type = table.table().fields()[position].dataType();
        try {
            ScalarDType dtype = (ScalarDType) column.dtype();
            return new NumbersReader(
                    dtype, Conversion.of(dtype, type, table.options().types()), totals);
        } catch (IllegalArgumentException e) {
            throw unreadable(column, e);
        }
    }

    /** The decoder of a column that this reads the items of. */
    Named of(int position, String name, ItemReader items) {
        return new Named(name, ofItems(column(position), items));
    }

    private ArrayColumn column(int position) {
        return bound.get(table.index(position));
    }

    private ColumnDecoder ofItems(ArrayColumn column, ItemReader items) {
        int nbytes = column.dtype().itemsize();
        return rowSize > 1
                ? new ColumnDecoder.OfScatteredElements(items, layout, column.fieldOffset(), nbytes)
                : new ColumnDecoder.OfElement(items, layout, column.index(), column.fieldOffset(), nbytes);
    }

    private ColumnDecoder of(ArrayColumn column, DataType type) {
        try {
            if (column.extent() == Extent.CONSTANT) {
                return ColumnDecoder.ofConstant(column.type(), file.constants().get(Math.toIntExact(column.index())));
            }
            if (column.extent() == Extent.INDEX) {
                if (!type.equals(column.type())) {
                    throw new IllegalArgumentException(
                            "it is a position, and the schema asks for " + type.catalogString() + ", expected bigint");
                }
                return ofIndex(column, file.layout());
            }
            if (column.extent() == Extent.ROW) {
                List<Integer> shape = layout.shape().trailing().lengths();
                return new ColumnDecoder.OfRow(
                        ListReader.of(
                                column.dtype(), shape, type, table.options().types()),
                        layout);
            }
            return ofItems(
                    column, ItemReader.of(column.dtype(), type, table.options().types()));
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
        long nbytes = file.layout().rowNbytes();
        return "Cannot read " + file.path() + ": one row of shape "
                + file.layout().shape() + " has "
                + (nbytes > Integer.MAX_VALUE
                        ? nbytes + " bytes, expected less than 2 GiB"
                        : "an axis of 2^31 or more, expected shorter ones")
                + "; use layout=elements, or transpose=true";
    }

    private ColumnDecoder ofIndex(ArrayColumn column, Layout stored) {
        int axis = Math.toIntExact(column.index());
        long divisor = 1;
        for (int i = axis + 1; i < stored.shape().ndim(); i++) {
            divisor *= Math.max(stored.shape().dim(i), 1);
        }
        return axis == 0
                ? ColumnDecoder.ofAxis(tableRow * divisor, divisor, Long.MAX_VALUE)
                : ColumnDecoder.ofAxis(0, divisor, Math.max(stored.shape().dim(axis), 1));
    }
}
