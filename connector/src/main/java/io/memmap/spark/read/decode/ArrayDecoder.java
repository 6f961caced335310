package io.memmap.spark.read.decode;

import io.memmap.compute.Numbers;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.read.decode.ColumnGroup.Named;
import io.memmap.spark.schema.SchemaOptions;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Decodes table rows of one file into the wanted columns, batch by batch. A table row is a row of the array, or an
 * element of it in {@code layout=elements}; table rows count from 0 within the file.
 *
 * <p>A batch is {@link #batchRows} rows: {@link #decodeFirst} the columns that a condition needs, then, if any of the
 * rows passes, {@link #decodeRest}. Vectors and numbers are the same each time. Belongs to one task thread; holds heap
 * only.
 */
public final class ArrayDecoder {
    /** Decoded bytes of one batch: what stays in a core's cache, and few enough batches that their fixed costs vanish. */
    private static final long BATCH_NBYTES = 2L << 20;
    /** File bytes that one batch may span, where few of a row's bytes are wanted. */
    private static final long SPAN_NBYTES = 8L << 20;
    /** Both, where nothing is handed out: one column after another passes over what is in the second-level cache. */
    private static final long NUMBERS_NBYTES = 256L << 10;
    /** Rows of a batch that has no columns. */
    private static final int MAX_ROWS = 1 << 20;

    private final ArrayFile file;
    /** The array as it is decoded: flat where its elements are the table's rows in that order. */
    private final Layout layout;
    /** Table rows per row of {@link #layout}: its elements where they are scattered, else 1. */
    private final long rowSize;
    /** Table rows per row of the file. */
    private final long tableRowsPerRow;

    private final long firstTableRow;

    private final ColumnVector[] vectors;
    private final Map<String, NumbersReader> numbers = new HashMap<>();
    private final ColumnGroup first;
    private final ColumnGroup rest;

    private final long decodedRowNbytes;
    private final long rowNbytes;
    private final long maxBatchRows;

    /**
     * @param firstRow the position in the whole dataset of the file's first row
     * @param table all columns of the table
     * @throws IllegalArgumentException naming the file, when a column cannot be read as the type that is asked for
     */
    public ArrayDecoder(ArrayFile file, long firstRow, SchemaOptions options, StructType table, DecodedColumns wanted) {
        this.file = file;
        boolean byElement = options.layout() == LayoutMode.ELEMENTS;
        Layout stored = file.layout();
        this.layout = byElement && stored.order() == Order.C ? stored.flat() : stored;
        this.rowSize = byElement ? layout.rowSize() : 1;
        this.tableRowsPerRow = byElement ? stored.rowSize() : 1;
        this.firstTableRow = firstRow * tableRowsPerRow;

        TableColumns columns = TableColumns.of(file, firstRow, options, table, layout, rowSize, tableRowsPerRow);
        List<Named> vectored = new ArrayList<>();
        for (StructField field : wanted.vectors().fields()) {
            vectored.add(new Named(field.name(), columns.vector(field)));
        }
        this.vectors =
                vectored.stream().map(column -> column.decoder().vector()).toArray(ColumnVector[]::new);
        List<Named> earlier = new ArrayList<>();
        wanted.first().forEach(name -> earlier.add(numbers(name, columns.numbers(name, null), columns)));
        List<Named> later = new ArrayList<>(vectored);
        wanted.numbers().forEach(name -> later.add(numbers(name, columns.numbers(name, null), columns)));
        wanted.totals().forEach((name, totals) -> later.add(numbers(name, columns.numbers(name, totals), columns)));

        List<ColumnDecoder> all = Stream.concat(earlier.stream(), later.stream())
                .map(Named::decoder)
                .toList();
        List<ColumnDecoder> data =
                all.stream().filter(column -> column.hi() > 0).toList();
        int lo = data.stream().mapToInt(ColumnDecoder::lo).min().orElse(0);
        int hi = data.stream().mapToInt(ColumnDecoder::hi).max().orElse(0);
        this.first = new ColumnGroup(earlier, layout, rowSize, lo, hi);
        this.rest = new ColumnGroup(later, layout, rowSize, lo, hi);
        long rowPlanes = first.planesPerRow() + rest.planesPerRow();
        this.rowNbytes = data.isEmpty() ? 0 : layout.order() == Order.C ? layout.rowStride() : rowPlanes * (hi - lo);
        this.decodedRowNbytes = all.stream()
                .mapToLong(column -> Math.max(column.rowNbytes(), Long.BYTES))
                .sum();
        this.maxBatchRows = data.isEmpty()
                ? MAX_ROWS
                : maxBatchRows(all.stream().mapToLong(ColumnDecoder::rowNbytes).sum(), data.size() == 1);
    }

    private Named numbers(String name, NumbersReader reader, TableColumns columns) {
        numbers.put(name, reader);
        return new Named(name, columns.of(name, reader));
    }

    private long maxBatchRows(long decodedNbytes, boolean onePass) {
        boolean numbersOnly = vectors.length == 0;
        long spanned = rowSize > 1 ? layout.dtype().itemsize() : layout.rowStride();
        long rows = Math.min(
                (numbersOnly ? NUMBERS_NBYTES : BATCH_NBYTES) / Math.max(decodedNbytes, 1),
                (numbersOnly && !onePass ? NUMBERS_NBYTES : SPAN_NBYTES) / spanned);
        return Math.max(1, rows);
    }

    /** Bytes that one table row costs to read: all of a row in C order, of whose pages few can be left out. */
    public long rowNbytes() {
        return rowNbytes;
    }

    /** Bytes of one table row once it is decoded; a column without bytes of its own counts as one number. */
    public long decodedRowNbytes() {
        return decodedRowNbytes;
    }

    /** The parts of the file that these table rows need: for {@link #decodeFirst}, and for {@link #decodeRest}. */
    public List<List<ByteRange>> ranges(long start, long end) {
        return List.of(first.ranges(start, end), rest.ranges(start, end));
    }

    /** The number of table rows of {@code [start, end)} in the next batch; at least one. */
    public int batchRows(long start, long end) {
        long left = end - start;
        long rows = maxBatchRows;
        if (rowSize > 1) {
            long inRow = start % rowSize;
            rows = inRow > 0 || left < rowSize || rows < rowSize
                    ? Math.min(rows, rowSize - inRow)
                    : Math.min(rows, left) / rowSize * rowSize;
        }
        return (int) Math.min(left, rows);
    }

    /**
     * Decodes what a condition needs of the {@code count} table rows from {@code start} on. Call inside
     * {@link ArrayInput#read}, with what {@link #batchRows} gave.
     *
     * @throws IOException naming file, row and column, for a value that its Spark type cannot hold
     */
    public void decodeFirst(ArrayInput input, long start, int count) throws IOException {
        decode(first, input, start, count);
    }

    /** Decodes all other columns, as {@link #decodeFirst}. */
    public void decodeRest(ArrayInput input, long start, int count) throws IOException {
        decode(rest, input, start, count);
    }

    private void decode(ColumnGroup group, ArrayInput input, long start, int count) throws IOException {
        try {
            group.decode(input, start, count);
        } catch (BadValueException e) {
            throw new IOException(
                    "Cannot read row " + (start + e.slot()) / tableRowsPerRow + " of " + file.path() + ", column '"
                            + e.column() + "': " + e.getMessage(),
                    e);
        }
    }

    /** The columns of the wanted vectors, in their order; filled by {@link #decodeRest}. */
    public ColumnVector[] vectors() {
        return vectors;
    }

    /** The numbers of a column of the current batch. */
    public Numbers numbers(String column) {
        return numbers.get(column).numbers();
    }

    /** The position in the whole table of the file's first table row. */
    public long firstTableRow() {
        return firstTableRow;
    }
}
