package io.memmap.spark.read.decode;

import io.memmap.layout.Layout;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Columns that are decoded at the same time, plane by plane. Belongs to one task thread.
 *
 * @see ArrayDecoder
 */
final class ColumnGroup {
    /** With more planes than this, what lies between them is part of one range. */
    private static final int MAX_RANGES = 4096;

    /** A column and what to call it in an error. */
    record Named(String name, ColumnDecoder decoder) {}

    private final List<Named> columns;
    /** The columns that have bytes. */
    private final List<ColumnDecoder> data;
    /** The planes that hold them, unless each has bytes in every plane. */
    private final List<Plane> planes;

    private final boolean everyPlane;
    private final Layout layout;
    private final long rowSize;
    private final int lo;
    private final int hi;

    /** A plane that some columns have bytes in. */
    private record Plane(long index, List<ColumnDecoder> columns) {}

    /**
     * @param rowSize table rows per row of {@code layout}
     * @param lo the part of each row of a plane that is asked for, as {@code [lo, hi)}; what two groups ask for alike is
     *     read once
     */
    ColumnGroup(List<Named> columns, Layout layout, long rowSize, int lo, int hi) {
        this.columns = List.copyOf(columns);
        this.layout = layout;
        this.rowSize = rowSize;
        this.lo = lo;
        this.hi = hi;
        this.data = columns.stream()
                .map(Named::decoder)
                .filter(column -> column.hi() > 0)
                .toList();
        this.planes = planes(data);
        this.everyPlane = planes.isEmpty() && !data.isEmpty();
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

    /** Planes that one table row has bytes in. */
    long planesPerRow() {
        return everyPlane ? layout.planeCount() / rowSize : planes.size();
    }

    /** The parts of the file that these table rows need. */
    List<ByteRange> ranges(long start, long end) {
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

    /**
     * Decodes {@code count} table rows from {@code start} on, which are part of one row, or whole rows.
     *
     * @throws BadValueException naming the column and counting from {@code start}, for a value that its Spark type cannot hold
     */
    void decode(ArrayInput input, long start, int count) throws IOException {
        for (Named column : columns) {
            column.decoder.begin(start, count);
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
        for (Named column : columns) {
            try {
                column.decoder.finish(count);
            } catch (BadValueException e) {
                throw e.inColumn(column.name);
            }
        }
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
}
