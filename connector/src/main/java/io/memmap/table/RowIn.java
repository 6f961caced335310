package io.memmap.table;

import java.util.Arrays;

/**
 * The position of a row is in a set.
 *
 * @param inFile true for the position in the file, false for that in the table
 * @param text the predicate in SQL
 */
public record RowIn(RowSet positions, boolean inFile, String text) implements Filter {

    @Override
    public RowSet candidates(RowGroup group) {
        return positions.window(inFile ? 0 : group.firstRow(), group.rowCount());
    }

    @Override
    public void mask(BatchRows batch, byte[] mask) {
        Arrays.fill(mask, 0, batch.count(), (byte) 0);
        long perRow = batch.tableRowsPerRow();
        long start = batch.start();
        long row = start / perRow;
        long after = (start + batch.count() - 1) / perRow + 1;
        long first = inFile ? 0 : batch.group().firstRow();
        for (RowSet.Range range : positions.window(first + row, after - row).ranges()) {
            long from = Math.max((row + range.start()) * perRow - start, 0);
            long to = Math.min((row + range.end()) * perRow - start, batch.count());
            Arrays.fill(mask, (int) from, (int) to, (byte) 1);
        }
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public boolean asksPositions() {
        return !inFile;
    }

    @Override
    public String toString() {
        return text;
    }
}
