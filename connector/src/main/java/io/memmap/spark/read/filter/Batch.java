package io.memmap.spark.read.filter;

import io.memmap.compute.Numbers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/** The rows that a condition is evaluated on, and room to do it in. Belongs to one task thread. */
public final class Batch {
    private final Deque<byte[]> masks = new ArrayDeque<>();
    private int capacity;
    private int count;
    private long firstTableRow;
    private Function<String, Numbers> columns;

    /** Is about these rows from now on. */
    void aim(Function<String, Numbers> columns, long firstTableRow, int count) {
        this.columns = columns;
        this.firstTableRow = firstTableRow;
        this.count = count;
        if (count > capacity) {
            capacity = count;
            masks.clear();
        }
    }

    int count() {
        return count;
    }

    /** The position in the table of row 0. */
    long firstTableRow() {
        return firstTableRow;
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
