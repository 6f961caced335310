package io.memmap.spark.read;

import java.io.Serializable;
import java.util.Objects;

/**
 * The rows that a query selects from one file. Driver only.
 *
 * @param firstRow position in the dataset of the file's first row
 * @param rows the selected rows, counted from the file's first row
 * @param rowNbytes bytes to read for one row, after column pruning; 0 when nothing of it is read
 */
record FileRows<F extends Serializable>(F file, long firstRow, RowSet rows, long rowNbytes) {

    /**
     * @throws IllegalArgumentException when firstRow or rowNbytes is negative
     */
    FileRows {
        Objects.requireNonNull(file);
        Objects.requireNonNull(rows);
        if (firstRow < 0 || rowNbytes < 0) {
            throw new IllegalArgumentException("Cannot select rows of " + file + ": firstRow " + firstRow
                    + ", rowNbytes " + rowNbytes + ", expected 0 or more");
        }
    }
}
