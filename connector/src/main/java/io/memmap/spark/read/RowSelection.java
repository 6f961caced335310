package io.memmap.spark.read;

import io.memmap.table.Filter;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a table that a query needs: the candidates of a filter, cut to the first {@code limit}, without the
 * first {@code skip}. Immutable; pure.
 *
 * @param limit {@link Long#MAX_VALUE} for all
 * @param fromEnd whether the limit keeps the last rows instead of the first
 */
record RowSelection(Filter filter, long limit, long skip, boolean fromEnd) {

    /**
     * The selected table rows, group by group, in their order.
     *
     * @param tableRowsPerRow table rows of one row of an array
     * @param rowNbytes what one of them costs to read where rows are of equal length
     */
    List<SelectedRows> rows(List<RowGroup> groups, long tableRowsPerRow, long rowNbytes) {
        if (fromEnd) {
            RowSelection all = new RowSelection(filter, Long.MAX_VALUE, 0, false);
            long count = SelectedRows.count(all.rows(groups, tableRowsPerRow, rowNbytes));
            return new RowSelection(filter, Long.MAX_VALUE, Math.max(count - limit, 0), false)
                    .rows(groups, tableRowsPerRow, rowNbytes);
        }
        List<SelectedRows> selected = new ArrayList<>();
        long left = limit;
        long toSkip = skip;
        for (RowGroup group : groups) {
            RowSet rows = filter.candidates(group).times(tableRowsPerRow).limit(left);
            left -= rows.count();
            long count = rows.count();
            rows = rows.skip(toSkip);
            toSkip -= count - rows.count();
            if (!rows.isEmpty()) {
                selected.add(new SelectedRows(group, rows, group.rowNbytes(rowNbytes)));
            }
        }
        return selected;
    }

    /** The pushed parts in one line; empty when nothing was pushed. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (!filter.exact().isAlways()) {
            parts.add(filter.exact().toString());
        }
        if (limit != Long.MAX_VALUE) {
            parts.add((fromEnd ? "last " : "limit ") + limit);
        }
        if (skip != 0) {
            parts.add("offset " + skip);
        }
        return String.join(", ", parts);
    }
}
