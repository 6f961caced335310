package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.format.ColumnArray;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.NpyHeader;
import io.memmap.format.RowLayout;
import io.memmap.format.Sidecar;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.schema.ArrayColumn.Extent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.types.StructType;

/**
 * A DataFrame as an array: the place of each of its columns in a row. Immutable; made on the driver or, where lengths of
 * arrays had to be found, by each task alike. Crosses the wire.
 *
 * <p>{@link WrittenColumn#offset} counts in a row in C order; in Fortran order the elements of such a row go to the
 * planes of {@link io.memmap.layout.Layout}.
 *
 * @param dtype of an element
 * @param trailing the shape of a row
 * @param columns without {@code rowColumn}, in the order of the DataFrame
 * @param columnNames for the manifest or sidecar; empty where reading gives the same names without
 * @param layout for the manifest or sidecar; null where reading does the same without
 * @param rowColumn the column that holds each row's index on axis 0, or null
 * @param raw whether its files have a sidecar in place of a header
 */
public record WrittenArray(
        DType dtype,
        Shape trailing,
        Order order,
        List<WrittenColumn> columns,
        List<String> columnNames,
        RowLayout layout,
        WrittenColumn rowColumn,
        ValueOptions values,
        boolean raw)
        implements Serializable {

    /**
     * Some bytes of a row.
     *
     * @param offset bytes from the start of the row in C order
     */
    public record Span(int offset, int nbytes) implements Serializable {
        /** The first byte after it. */
        public int end() {
            return offset + nbytes;
        }
    }

    /**
     * Checks the size of a row.
     *
     * @throws IllegalArgumentException when a row has no bytes, or 2 GiB of them or more
     */
    public WrittenArray {
        columns = List.copyOf(columns);
        columnNames = List.copyOf(columnNames);
        long rowNbytes = nbytes(dtype, trailing);
        if (rowNbytes < 1 || rowNbytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Cannot write rows of shape " + trailing + " of " + dtype
                    + ": a row has " + (rowNbytes < 0 ? "more than 2^63-1" : rowNbytes)
                    + " bytes, expected 1 to 2147483647");
        }
    }

    /**
     * An array that is there, for changes of single values: the positions of its table's values in a row or, if each element
     * is a row of the table, in an element.
     *
     * @param columns of the array, one for each of {@code table}
     */
    public static WrittenArray ofTable(
            Layout layout, List<ArrayColumn> columns, StructType table, ValueOptions values) {
        List<WrittenColumn> written = new ArrayList<>();
        boolean byElement = false;
        for (int i = 0; i < columns.size(); i++) {
            ArrayColumn column = columns.get(i);
            byElement |= column.extent() == Extent.EACH;
            if (column.extent() != Extent.INDEX) {
                written.add(column.written(layout, table.fields()[i], i));
            }
        }
        Shape trailing = byElement ? Shape.of() : layout.shape().trailing();
        return new WrittenArray(
                layout.dtype(), trailing, layout.order(), written, List.of(), null, null, values, false);
    }

    /** One of the arrays that such records are side by side, without its values. */
    public WrittenArray of(ColumnArray column) {
        return new WrittenArray(
                column.dtype(), column.trailing(), order, List.of(), List.of(), null, null, values, raw);
    }

    /** The shape of so many rows. */
    public Shape shape(long rows) {
        return trailing.ofRows(rows);
    }

    /** The header of a file of so many rows; empty if files have none. */
    public byte[] header(long rows) {
        return raw ? new byte[0] : NpyHeader.write(dtype, shape(rows), order);
    }

    /** The sidecar of a file of so many rows and bytes; empty if files have headers. */
    public Optional<Sidecar> sidecar(long rows, long nbytes) {
        return raw
                ? Optional.of(new Sidecar(
                        dtype,
                        Optional.of(shape(rows)),
                        Optional.of(order),
                        OptionalLong.of(0),
                        columnNames,
                        layout,
                        OptionalLong.of(nbytes)))
                : Optional.empty();
    }

    /** The position of so many rows in a file. */
    public Layout placed(long rows) {
        return new Layout(dtype, shape(rows), order, header(rows).length);
    }

    /** The manifest of a directory of it. */
    public Manifest manifest(List<Shard> shards) {
        return new Manifest(dtype, trailing, Optional.of(order), columnNames, layout, shards);
    }

    /** Bytes of one row. */
    public int rowNbytes() {
        return (int) nbytes(dtype, trailing);
    }

    public Optional<WrittenColumn> indexColumn() {
        return Optional.ofNullable(rowColumn);
    }

    /** The bytes of a row that come from columns, ascending and merged: all of them but padding and absent columns. */
    public List<Span> spans() {
        return spans(columns);
    }

    /** The bytes of an item of {@code nbytes} that none of these covers. */
    public static List<Span> gaps(List<WrittenColumn> columns, int nbytes) {
        List<Span> gaps = new ArrayList<>();
        int end = 0;
        for (Span span : spans(columns)) {
            if (span.offset() > end) {
                gaps.add(new Span(end, span.offset() - end));
            }
            end = Math.max(end, span.end());
        }
        if (end < nbytes) {
            gaps.add(new Span(end, nbytes - end));
        }
        return List.copyOf(gaps);
    }

    private static List<Span> spans(List<WrittenColumn> columns) {
        List<Span> spans = new ArrayList<>();
        List<WrittenColumn> sorted = new ArrayList<>(columns);
        sorted.sort(Comparator.comparingInt(WrittenColumn::offset));
        for (WrittenColumn column : sorted) {
            Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
            int nbytes = column.dtype().itemsize();
            if (last != null && last.end() == column.offset()) {
                spans.set(spans.size() - 1, new Span(last.offset(), last.nbytes() + nbytes));
            } else {
                spans.add(new Span(column.offset(), nbytes));
            }
        }
        return List.copyOf(spans);
    }

    /** -1 where it leaves 64 bits. */
    private static long nbytes(DType dtype, Shape shape) {
        try {
            return Math.multiplyExact(shape.size(), (long) dtype.itemsize());
        } catch (ArithmeticException e) {
            return -1;
        }
    }
}
