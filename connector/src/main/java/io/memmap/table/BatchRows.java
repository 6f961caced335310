package io.memmap.table;

import io.memmap.compute.Numbers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/** The table rows of one batch as a {@link Filter} sees them, and buffers for masks. Belongs to one task thread. */
public final class BatchRows {
    private final Deque<byte[]> masks = new ArrayDeque<>();
    private int capacity;

    private RowGroup group;
    private long tableRowsPerRow;
    private Function<String, Numbers> columns;
    private long start;
    private int count;

    /**
     * Begins a row group.
     *
     * @param tableRowsPerRow table rows of one row of the group
     * @param columns the numbers of a column in the current batch, by its name
     */
    void enter(RowGroup group, long tableRowsPerRow, Function<String, Numbers> columns) {
        this.group = group;
        this.tableRowsPerRow = tableRowsPerRow;
        this.columns = columns;
    }

    /** Begins a batch at a table row of the group. */
    void reset(long start, int count) {
        this.start = start;
        this.count = count;
        if (count > capacity) {
            capacity = count;
            masks.clear();
        }
    }

    RowGroup group() {
        return group;
    }

    long tableRowsPerRow() {
        return tableRowsPerRow;
    }

    /** The first table row, counted from that of the group. */
    long start() {
        return start;
    }

    int count() {
        return count;
    }

    Numbers numbers(String column) {
        return columns.apply(column);
    }

    /** A mask for all rows, of any content. */
    byte[] borrow() {
        return masks.isEmpty() ? new byte[capacity] : masks.pop();
    }

    void giveBack(byte[] mask) {
        masks.push(mask);
    }
}
