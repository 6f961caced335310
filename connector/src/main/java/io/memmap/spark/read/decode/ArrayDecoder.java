package io.memmap.spark.read.decode;

import io.memmap.array.Layout;
import io.memmap.array.Order;
import io.memmap.format.ArrayFile;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.spark.schema.ArraySchema;
import io.memmap.spark.schema.MetadataColumns;
import io.memmap.spark.schema.SchemaOptions;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Decodes table rows of one file into batches of the wanted columns. A table row is a row of the array, or an element of
 * it in {@code layout=elements}; table rows count from 0 within the file.
 *
 * <p>The batch and its vectors are the same each time. Belongs to one task thread; holds heap only.
 */
public final class ArrayDecoder {
    /** Decoded bytes of one batch: what stays in a core's cache, and few enough batches that their fixed costs vanish. */
    private static final long BATCH_NBYTES = 2L << 20;
    /** File bytes that one batch may span, where few of a row's bytes are wanted. */
    private static final long SPAN_NBYTES = 8L << 20;
    /** With more planes than this, what lies between them is part of one range. */
    private static final int MAX_RANGES = 64;
    /** Rows of a batch that has no columns. */
    private static final int MAX_ROWS = 1 << 20;

    private final ArrayFile file;
    /** The array as it is decoded: flat where its elements are the table's rows and stand in that order. */
    private final Layout layout;
    /** Table rows per row of {@link #layout}: its elements where they are scattered, else 1. */
    private final long rowSize;

    /** Table rows per row of the file. */
    private final long tableRowsPerRow;

    private final List<String> names;
    private final ColumnDecoder[] columns;
    private final ColumnarBatch batch;
    /** The columns that have bytes. */
    private final List<ColumnDecoder> data;
    /** Where they are, unless each has bytes in every plane. */
    private final List<Plane> planes;

    private final boolean everyPlane;
    private final int lo;
    private final int hi;

    /** A plane that some columns have bytes in. */
    private record Plane(long index, List<ColumnDecoder> columns) {}

    /**
     * @param firstRow the position in the whole dataset of the file's first row
     * @param table all columns of the table
     * @param wanted those to decode, pruned, and metadata columns
     * @throws IllegalArgumentException naming the file, when a column cannot be read as the type that is asked for
     */
    public ArrayDecoder(ArrayFile file, long firstRow, SchemaOptions options, StructType table, StructType wanted) {
        this.file = file;
        boolean byElement = options.layout() == LayoutMode.ELEMENTS;
        Layout stored = file.layout();
        this.layout = byElement && stored.order() == Order.C ? stored.flat() : stored;
        this.rowSize = byElement ? layout.rowSize() : 1;
        this.tableRowsPerRow = byElement ? stored.rowSize() : 1;
        List<ArrayColumn> matched = ArraySchema.of(file, options).match(table, options, file.path());
        List<String> tableNames = Arrays.asList(table.fieldNames());
        List<ColumnDecoder> decoders = new ArrayList<>();
        names = new ArrayList<>();
        for (StructField field : wanted.fields()) {
            int index = tableNames.indexOf(field.name());
            names.add(field.name());
            decoders.add(
                    index < 0
                            ? ofMetadata(field.name(), firstRow)
                            : of(matched.get(index), field.dataType(), options, firstRow));
        }
        columns = decoders.toArray(ColumnDecoder[]::new);
        batch = new ColumnarBatch(
                Arrays.stream(columns).map(ColumnDecoder::vector).toArray(ColumnVector[]::new));
        data = Arrays.stream(columns).filter(column -> column.hi() > 0).toList();
        planes = planes(data);
        everyPlane = planes.isEmpty() && !data.isEmpty();
        lo = Arrays.stream(columns)
                .filter(c -> c.hi() > 0)
                .mapToInt(ColumnDecoder::lo)
                .min()
                .orElse(0);
        hi = Arrays.stream(columns).mapToInt(ColumnDecoder::hi).max().orElse(0);
    }

    private ColumnDecoder ofMetadata(String name, long firstRow) {
        return switch (name) {
            case MetadataColumns.FILE -> ColumnDecoder.ofFile(file.path());
            case MetadataColumns.ROW -> ColumnDecoder.ofRow(firstRow, tableRowsPerRow);
            case MetadataColumns.FILE_ROW -> ColumnDecoder.ofRow(0, tableRowsPerRow);
            default -> throw new IllegalArgumentException("Cannot read " + file.path() + ": no column '" + name + "'");
        };
    }

    private ColumnDecoder of(ArrayColumn column, DataType type, SchemaOptions options, long firstRow) {
        try {
            if (column.extent() == Extent.INDEX) {
                if (!type.equals(column.type())) {
                    throw new IllegalArgumentException(
                            "it is a position, and the schema asks for " + type.catalogString() + ", expected bigint");
                }
                return ofIndex(column, file.layout(), firstRow);
            }
            if (column.extent() == Extent.ROW) {
                List<Integer> shape = Arrays.stream(layout.shape().trailing().toArray())
                        .mapToObj(Math::toIntExact)
                        .toList();
                return new ColumnDecoder.OfRow(ListReader.of(column.dtype(), shape, type, options.types()), layout);
            }
            ItemReader items = ItemReader.of(column.dtype(), type, options.types());
            int nbytes = column.dtype().itemsize();
            return rowSize > 1
                    ? new ColumnDecoder.OfScatteredElements(items, layout, column.fieldOffset(), nbytes)
                    : new ColumnDecoder.OfElement(items, layout, column.index(), column.fieldOffset(), nbytes);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(tooWide(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot read column '" + column.name() + "' of " + file.path() + ": " + e.getMessage(), e);
        }
    }

    private String tooWide() {
        return "Cannot read " + file.path() + ": one row of shape "
                + file.layout().shape() + " has " + file.layout().rowNbytes()
                + " bytes, expected less than 2 GiB; use layout=elements, or transpose=true";
    }

    private static ColumnDecoder ofIndex(ArrayColumn column, Layout stored, long firstRow) {
        int axis = Math.toIntExact(column.index());
        long divisor = 1;
        for (int i = axis + 1; i < stored.shape().ndim(); i++) {
            divisor *= Math.max(stored.shape().dim(i), 1);
        }
        return axis == 0
                ? ColumnDecoder.ofAxis(firstRow * divisor, divisor, Long.MAX_VALUE)
                : ColumnDecoder.ofAxis(0, divisor, Math.max(stored.shape().dim(axis), 1));
    }

    /** The planes that some columns have bytes in, where each column is in one. */
    private static List<Plane> planes(List<ColumnDecoder> columns) {
        Map<Long, List<ColumnDecoder>> byPlane = new TreeMap<>();
        for (ColumnDecoder column : columns) {
            column.plane().ifPresent(plane -> byPlane.computeIfAbsent(plane, p -> new ArrayList<>())
                    .add(column));
        }
        return byPlane.entrySet().stream()
                .map(entry -> new Plane(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Bytes that one table row costs to read: all of a row in C order, of whose pages few can be left out. */
    public long rowNbytes() {
        if (data.isEmpty()) {
            return 0;
        }
        long rowPlanes = everyPlane ? layout.planeCount() / rowSize : planes.size();
        return layout.order() == Order.C ? layout.rowStride() : rowPlanes * (hi - lo);
    }

    /** Bytes of one table row once it is decoded; a column without bytes of its own counts as one number. */
    public long decodedRowNbytes() {
        return Arrays.stream(columns)
                .mapToLong(column -> Math.max(column.rowNbytes(), Long.BYTES))
                .sum();
    }

    /** The parts of the file that these table rows need. */
    public List<ByteRange> ranges(long start, long end) {
        long firstRow = start / rowSize;
        long lastRow = (end - 1) / rowSize;
        List<ByteRange> ranges = new ArrayList<>();
        if (start == end || data.isEmpty()) {
            return ranges;
        }
        if (!everyPlane) {
            planes.forEach(plane -> ranges.add(range(plane.index, plane.index, firstRow, lastRow)));
        } else if (layout.planeCount() > MAX_RANGES) {
            ranges.add(range(0, layout.planeCount() - 1, firstRow, lastRow));
        } else {
            for (long plane = 0; plane < layout.planeCount(); plane++) {
                ranges.add(range(plane, plane, firstRow, lastRow));
            }
        }
        return ranges;
    }

    private ByteRange range(long firstPlane, long lastPlane, long firstRow, long lastRow) {
        return new ByteRange(layout.position(firstPlane, firstRow) + lo, layout.position(lastPlane, lastRow) + hi);
    }

    /** How many of the table rows {@code [start, end)} the next batch takes; at least one. */
    private int batchRows(long start, long end) {
        long left = end - start;
        if (data.isEmpty()) {
            return (int) Math.min(left, MAX_ROWS);
        }
        long decoded =
                Arrays.stream(columns).mapToLong(ColumnDecoder::rowNbytes).sum();
        long spanned = rowSize > 1 ? layout.dtype().itemsize() : layout.rowStride();
        long rows = Math.max(1, Math.min(BATCH_NBYTES / Math.max(decoded, 1), SPAN_NBYTES / spanned));
        if (rowSize > 1) {
            long inRow = start % rowSize;
            rows = inRow > 0 || left < rowSize || rows < rowSize
                    ? Math.min(rows, rowSize - inRow)
                    : Math.min(rows, left) / rowSize * rowSize;
        }
        return (int) Math.min(left, rows);
    }

    /**
     * Decodes the next of the table rows {@code [start, end)}. Call inside {@link ArrayInput#read}.
     *
     * @return the batch, valid until the next call
     * @throws IOException naming file, row and column, for a value that its Spark type cannot hold
     */
    public ColumnarBatch decode(ArrayInput input, long start, long end) throws IOException {
        int count = batchRows(start, end);
        for (ColumnDecoder column : columns) {
            column.begin(start, count);
        }
        long firstRow = start / rowSize;
        int rows = (int) ((start + count - 1) / rowSize - firstRow) + 1;
        if (!everyPlane) {
            for (Plane plane : planes) {
                decode(input, plane.index, plane.columns, firstRow, rows);
            }
        } else if (rowSize > 1) {
            long firstElement = start % rowSize;
            long width = Math.min(count, rowSize);
            for (long element = firstElement; element < firstElement + width; element++) {
                decode(input, layout.planeOf(element), data, firstRow, rows);
            }
        } else {
            for (long plane = 0; plane < layout.planeCount(); plane++) {
                decode(input, plane, data, firstRow, rows);
            }
        }
        finish(start, count);
        batch.setNumRows(count);
        return batch;
    }

    private void decode(ArrayInput input, long plane, List<ColumnDecoder> wanted, long firstRow, int rows)
            throws IOException {
        int stride = Math.toIntExact(layout.rowStride());
        int nbytes = Math.toIntExact((rows - 1) * layout.rowStride() + hi - lo);
        ByteBuffer source = input.bytes(layout.position(plane, firstRow) + lo, nbytes);
        for (ColumnDecoder column : wanted) {
            column.decode(source, -lo, stride, rows, plane);
        }
    }

    private void finish(long start, int count) throws IOException {
        for (int i = 0; i < columns.length; i++) {
            try {
                columns[i].finish(count);
            } catch (BadValueException e) {
                throw new IOException(
                        "Cannot read row " + (start + e.slot()) / tableRowsPerRow + " of " + file.path() + ", column '"
                                + names.get(i) + "': " + e.getMessage(),
                        e);
            }
        }
    }
}
