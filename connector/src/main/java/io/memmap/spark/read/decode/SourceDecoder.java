package io.memmap.spark.read.decode;

import io.memmap.compute.Totals;
import io.memmap.dtype.RecordDType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.read.decode.ColumnGroup.Named;
import io.memmap.spark.schema.BoundTable;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;

/**
 * Decodes the columns that are in one file of a row group. Columns are added, then {@link #ready} ends that. Table rows
 * count from the first of the group. Belongs to one task thread.
 *
 * @see ArrayDecoder
 */
final class SourceDecoder {
    private final RowSource source;
    /** The array as it is decoded: flat where its elements are the table's rows in that order. */
    private final Layout layout;
    /** Table rows per row of {@link #layout}: its elements where they are scattered, else 1. */
    private final long rowSize;
    /** Table rows per row of the file. */
    private final long tableRowsPerRow;
    /** The table row of the file that is the first of the group. */
    private final long firstTableRow;

    private final TableColumns columns;
    private final List<Named> earlier = new ArrayList<>();
    private final List<Named> later = new ArrayList<>();
    private ColumnGroup first;
    private ColumnGroup rest;
    private long rowNbytes;
    private int dataColumns;

    SourceDecoder(RowGroup group, RowSource source, BoundTable table) {
        this.source = source;
        boolean byElement = table.options().layout() == LayoutMode.ELEMENTS;
        Layout stored = source.file().layout();
        this.layout = byElement && stored.order() == Order.C ? stored.flat() : stored;
        this.rowSize = byElement ? layout.rowSize() : 1;
        this.tableRowsPerRow = byElement ? stored.rowSize() : 1;
        this.firstTableRow = source.firstRow() * tableRowsPerRow;
        this.columns = TableColumns.of(source, group.firstRow() - source.firstRow(), table, layout, rowSize);
    }

    /** Decodes a column into a vector, with the rest. */
    Named addVector(int position, String name, DataType type) {
        Named column = columns.vector(position, name, type);
        later.add(column);
        return column;
    }

    /** Decodes a column as numbers, before the rest. */
    NumbersReader addFirst(int position, String name) {
        return add(earlier, position, name, null);
    }

    /**
     * Decodes a column as numbers, with the rest.
     *
     * @param totals what they are added to; null to hold them
     */
    NumbersReader addNumbers(int position, String name, Totals totals) {
        return add(later, position, name, totals);
    }

    private NumbersReader add(List<Named> group, int position, String name, Totals totals) {
        NumbersReader reader = columns.numbers(position, totals);
        group.add(columns.of(position, name, reader));
        return reader;
    }

    void ready() {
        if (source.file().origin().repeatsHeader()) {
            checkHeaders(earlier);
            checkHeaders(later);
        }
        List<ColumnDecoder> data = decoders().filter(column -> column.hi() > 0).toList();
        int lo = data.stream().mapToInt(ColumnDecoder::lo).min().orElse(0);
        int hi = data.stream().mapToInt(ColumnDecoder::hi).max().orElse(0);
        first = new ColumnGroup(earlier, layout, rowSize, lo, hi);
        rest = new ColumnGroup(later, layout, rowSize, lo, hi);
        dataColumns = data.size();
        long rowPlanes = first.planesPerRow() + rest.planesPerRow();
        rowNbytes = data.isEmpty() ? 0 : layout.order() == Order.C ? layout.rowStride() : rowPlanes * (hi - lo);
    }

    /** Adds a check of each row that columns are decoded of. */
    private void checkHeaders(List<Named> columns) {
        if (columns.stream().anyMatch(column -> column.decoder().hi() > 0)) {
            String field = ((RecordDType) layout.dtype()).fields().get(0).name();
            columns.add(new Named(field, new HeaderCheck(source.file().header())));
        }
    }

    Stream<ColumnDecoder> decoders() {
        return Stream.concat(earlier.stream(), later.stream()).map(Named::decoder);
    }

    /** The columns that have bytes. */
    int dataColumns() {
        return dataColumns;
    }

    long rowNbytes() {
        return rowNbytes;
    }

    /** Bytes of the file from one table row to the next. */
    long spannedNbytes() {
        return rowSize > 1 ? layout.dtype().itemsize() : layout.rowStride();
    }

    long rowSize() {
        return rowSize;
    }

    long tableRowsPerRow() {
        return tableRowsPerRow;
    }

    /** The parts of the file that these table rows need: for the columns decoded first, and for the rest. */
    List<List<ByteRange>> ranges(long start, long end) {
        long from = firstTableRow + start;
        long to = firstTableRow + end;
        return List.of(first.ranges(from, to), rest.ranges(from, to));
    }

    void decodeFirst(ArrayInput input, long start, int count) throws IOException {
        decode(first, input, firstTableRow + start, count);
    }

    void decodeRest(ArrayInput input, long start, int count) throws IOException {
        decode(rest, input, firstTableRow + start, count);
    }

    private void decode(ColumnGroup group, ArrayInput input, long start, int count) throws IOException {
        try {
            group.decode(input, start, count);
        } catch (BadValueException e) {
            throw new IOException(
                    "Cannot read row " + (start + e.slot()) / tableRowsPerRow + " of "
                            + source.file().path() + ", column '" + e.column() + "': " + e.getMessage(),
                    e);
        }
    }
}
