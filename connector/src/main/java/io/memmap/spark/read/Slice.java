package io.memmap.spark.read;

import java.io.Serializable;
import java.util.Objects;

/**
 * Adjacent rows of one file, [start, end) counted from its first row.
 *
 * @param firstRow position in the dataset of the file's first row
 */
record Slice<F extends Serializable>(F file, long firstRow, long start, long end) implements Serializable {

    /**
     * @throws IllegalArgumentException when firstRow or start is negative, or no row is left
     */
    Slice {
        Objects.requireNonNull(file);
        if (firstRow < 0 || start < 0 || start >= end) {
            throw new IllegalArgumentException("Cannot slice " + file + " at row " + firstRow + ": rows [" + start
                    + ", " + end + "), expected 0 <= start < end");
        }
    }

    long rowCount() {
        return end - start;
    }
}
