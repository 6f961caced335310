package io.memmap.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of rows: sorted, disjoint, half-open ranges with a gap between any two.
 *
 * <p>Rows are 0 to {@code Long.MAX_VALUE - 1}. Immutable. Every operation costs the number of ranges, never the number
 * of rows. Crosses the wire.
 */
public final class RowSet implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final RowSet EMPTY = new RowSet(new long[0]);

    /** start, end, start, end, … strictly ascending. */
    private final long[] bounds;

    private RowSet(long[] bounds) {
        this.bounds = bounds;
    }

    public static RowSet empty() {
        return EMPTY;
    }

    /**
     * The rows of [start, end).
     *
     * @throws IllegalArgumentException when start is negative or beyond end
     */
    public static RowSet of(long start, long end) {
        Range range = new Range(start, end);
        return start == end ? EMPTY : new RowSet(new long[] {range.start(), range.end()});
    }

    /**
     * These rows, in any order, each as often as the caller likes.
     *
     * @throws IllegalArgumentException for a negative row, or {@code Long.MAX_VALUE}, which no range can hold
     */
    public static RowSet ofRows(long... rows) {
        long[] sorted = rows.clone();
        Arrays.sort(sorted);
        if (sorted.length > 0 && (sorted[0] < 0 || sorted[sorted.length - 1] == Long.MAX_VALUE)) {
            throw new IllegalArgumentException("Cannot make a row set: rows from " + sorted[0] + " to "
                    + sorted[sorted.length - 1] + ", expected 0 to " + (Long.MAX_VALUE - 1));
        }
        Builder builder = new Builder(sorted.length);
        for (long row : sorted) {
            builder.add(row, row + 1);
        }
        return builder.build();
    }

    public RowSet union(RowSet other) {
        Builder builder = new Builder(rangeCount() + other.rangeCount());
        int i = 0;
        int j = 0;
        while (i < bounds.length || j < other.bounds.length) {
            boolean mine = j == other.bounds.length || (i < bounds.length && bounds[i] <= other.bounds[j]);
            if (mine) {
                builder.add(bounds[i], bounds[i + 1]);
                i += 2;
            } else {
                builder.add(other.bounds[j], other.bounds[j + 1]);
                j += 2;
            }
        }
        return builder.build();
    }

    public RowSet intersect(RowSet other) {
        Builder builder = new Builder(rangeCount() + other.rangeCount());
        int i = 0;
        int j = 0;
        while (i < bounds.length && j < other.bounds.length) {
            builder.add(Math.max(bounds[i], other.bounds[j]), Math.min(bounds[i + 1], other.bounds[j + 1]));
            if (bounds[i + 1] <= other.bounds[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return builder.build();
    }

    /** The rows of [0, rowCount) that are not in this set; rows beyond are dropped. */
    public RowSet complement(long rowCount) {
        Builder builder = new Builder(rangeCount() + 1);
        long next = 0;
        for (int i = 0; i < bounds.length && next < rowCount; i += 2) {
            builder.add(next, Math.min(bounds[i], rowCount));
            next = bounds[i + 1];
        }
        builder.add(next, rowCount);
        return builder.build();
    }

    /**
     * The rows of [start, start + rowCount), counted from {@code start}: what a set over the whole dataset is for one
     * file. Costs the ranges inside and a binary search.
     */
    public RowSet window(long start, long rowCount) {
        long end = Math.addExact(start, rowCount);
        Builder builder = new Builder(1);
        for (int i = rangeReaching(start); i < bounds.length && bounds[i] < end; i += 2) {
            builder.add(Math.max(bounds[i], start) - start, Math.min(bounds[i + 1], end) - start);
        }
        return builder.build();
    }

    /**
     * Every row as {@code factor} rows in its place: what a set of array rows is in table rows, where each element is one.
     *
     * @throws ArithmeticException when a row would leave a long
     */
    public RowSet times(long factor) {
        if (factor == 0) {
            return EMPTY;
        }
        long[] scaled = new long[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            scaled[i] = Math.multiplyExact(bounds[i], factor);
        }
        return new RowSet(scaled);
    }

    /** The first {@code rowCount} rows of this set. */
    public RowSet limit(long rowCount) {
        Builder builder = new Builder(rangeCount());
        long left = rowCount;
        for (int i = 0; i < bounds.length && left > 0; i += 2) {
            long taken = Math.min(left, bounds[i + 1] - bounds[i]);
            builder.add(bounds[i], bounds[i] + taken);
            left -= taken;
        }
        return builder.build();
    }

    /** This set without its first {@code rowCount} rows. */
    public RowSet skip(long rowCount) {
        Builder builder = new Builder(rangeCount());
        long left = rowCount;
        for (int i = 0; i < bounds.length; i += 2) {
            long dropped = Math.min(left, bounds[i + 1] - bounds[i]);
            builder.add(bounds[i] + dropped, bounds[i + 1]);
            left -= dropped;
        }
        return builder.build();
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** The number of rows. */
    public long count() {
        long count = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            count += bounds[i + 1] - bounds[i];
        }
        return count;
    }

    public int rangeCount() {
        return bounds.length / 2;
    }

    /** The ranges, ascending, none of them empty. */
    public List<Range> ranges() {
        List<Range> ranges = new ArrayList<>(rangeCount());
        for (int i = 0; i < bounds.length; i += 2) {
            ranges.add(new Range(bounds[i], bounds[i + 1]));
        }
        return List.copyOf(ranges);
    }

    /** The index in {@link #bounds} of the first range that ends after {@code row}. */
    private int rangeReaching(long row) {
        int found = Arrays.binarySearch(bounds, row);
        int firstBeyond = found >= 0 ? found + 1 : -found - 1;
        return firstBeyond & ~1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowSet rows && Arrays.equals(bounds, rows.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** The notation of mathematics: {@code [0, 10) [20, 25)}; {@code empty} for no row. */
    @Override
    public String toString() {
        return isEmpty() ? "empty" : ranges().stream().map(Range::toString).collect(Collectors.joining(" "));
    }

    /** The rows of [start, end). */
    public record Range(long start, long end) {
        public Range {
            if (start < 0 || start > end) {
                throw new IllegalArgumentException(
                        "Cannot make a row range: [" + start + ", " + end + "), expected 0 <= start <= end");
            }
        }

        public long count() {
            return end - start;
        }

        @Override
        public String toString() {
            return "[" + start + ", " + end + ")";
        }
    }

    /** Takes ranges by ascending start, drops empty ones and joins those that overlap or touch. */
    private static final class Builder {
        private long[] bounds;
        private int length;

        Builder(int rangeCount) {
            bounds = new long[Math.multiplyExact(2, Math.max(rangeCount, 1))];
        }

        void add(long start, long end) {
            if (start >= end) {
                return;
            }
            if (length > 0 && start <= bounds[length - 1]) {
                bounds[length - 1] = Math.max(bounds[length - 1], end);
                return;
            }
            if (length == bounds.length) {
                bounds = Arrays.copyOf(bounds, Math.multiplyExact(2, length));
            }
            bounds[length++] = start;
            bounds[length++] = end;
        }

        RowSet build() {
            return length == 0 ? EMPTY : new RowSet(Arrays.copyOf(bounds, length));
        }
    }
}
