package io.memmap.spark.read;

import io.memmap.table.RowGroup;
import io.memmap.table.RowSet;
import java.util.List;
import java.util.Objects;

/**
 * The rows that a query selects from one row group. Driver only.
 *
 * @param rows the selected table rows, counted from the group's first
 * @param rowNbytes bytes to read for one row, after column pruning; 0 when nothing of it is read
 */
record SelectedRows(RowGroup group, RowSet rows, long rowNbytes) {

    /**
     * @throws IllegalArgumentException when rowNbytes is negative
     */
    SelectedRows {
        Objects.requireNonNull(group);
        Objects.requireNonNull(rows);
        if (rowNbytes < 0) {
            throw new IllegalArgumentException(
                    "Cannot select rows of " + group + ": rowNbytes " + rowNbytes + ", expected 0 or more");
        }
    }

    /** The rows of all groups. */
    static long count(List<SelectedRows> groups) {
        return groups.stream().mapToLong(group -> group.rows.count()).sum();
    }
}
