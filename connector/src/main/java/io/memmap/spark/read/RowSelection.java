package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of an array that a query needs: those whose position matches a predicate, cut to the first {@code limit},
 * without the first {@code skip}. Immutable; pure.
 *
 * @param limit {@link Long#MAX_VALUE} for all
 * @param fromEnd whether the limit keeps the last rows instead of the first
 */
record RowSelection(RowPredicate predicate, long limit, long skip, boolean fromEnd) {

    /**
     * The selected table rows, file by file, in the order of the dataset.
     *
     * @param rowNbytes what one of them costs to read
     */
    List<FileRows<ArrayFile>> rows(DescribedArray described, long rowNbytes) {
        if (fromEnd) {
            RowSelection all = new RowSelection(predicate, Long.MAX_VALUE, 0, false);
            long count = all.rows(described, rowNbytes).stream()
                    .mapToLong(file -> file.rows().count())
                    .sum();
            return new RowSelection(predicate, Long.MAX_VALUE, Math.max(count - limit, 0), false)
                    .rows(described, rowNbytes);
        }
        List<FileRows<ArrayFile>> selected = new ArrayList<>();
        long firstRow = 0;
        long left = limit;
        long toSkip = skip;
        for (ArrayFile file : described.array().shards()) {
            long rowCount = file.layout().rowCount();
            long perRow = described.tableRowsPerRow(file);
            RowSet rows = predicate
                    .rows(file.path(), firstRow, rowCount)
                    .times(perRow)
                    .limit(left);
            left -= rows.count();
            long count = rows.count();
            rows = rows.skip(toSkip);
            toSkip -= count - rows.count();
            if (!rows.isEmpty()) {
                selected.add(new FileRows<>(file, firstRow, rows, rowNbytes));
            }
            firstRow = Math.addExact(firstRow, rowCount);
        }
        return selected;
    }

    /** The pushed parts in one line; empty when nothing was pushed. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (!predicate.equals(new RowPredicate.Constant(true))) {
            parts.add(predicate.toString());
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
