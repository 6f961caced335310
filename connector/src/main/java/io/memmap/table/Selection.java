package io.memmap.table;

import io.memmap.compute.Numbers;
import io.memmap.compute.Totals;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.Function;

/** The rows of one batch after another that pass a filter. Belongs to one task thread. */
public final class Selection {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Filter filter;
    private final BatchRows batch = new BatchRows();
    private byte[] mask;
    private int batchRows;
    private int count;
    private int[] rows = new int[0];
    private boolean listed;

    public Selection(Filter filter) {
        this.filter = filter;
    }

    /**
     * Begins a row group.
     *
     * @param tableRowsPerRow table rows of one row of the group
     * @param columns the numbers of a column in the current batch, by its name
     */
    public void enter(RowGroup group, long tableRowsPerRow, Function<String, Numbers> columns) {
        batch.enter(group, tableRowsPerRow, columns);
    }

    /**
     * Evaluates the filter on the next batch.
     *
     * @param start the first table row of the batch, counted from that of the group
     * @return the number of selected rows
     */
    public int select(long start, int batchRows) {
        if (mask != null) {
            batch.giveBack(mask);
        }
        batch.reset(start, batchRows);
        mask = batch.borrow();
        filter.mask(batch, mask);
        this.batchRows = batchRows;
        count = countOf(mask, batchRows);
        listed = false;
        return count;
    }

    /** Eight lanes of bytes, which hold 255 additions without a carry. */
    private static int countOf(byte[] mask, int batchRows) {
        int found = 0;
        int i = 0;
        while (i + Long.BYTES <= batchRows) {
            int end = Math.min(batchRows - Long.BYTES, i + 254 * Long.BYTES);
            long lanes = 0;
            for (; i <= end; i += Long.BYTES) {
                lanes += (long) EIGHT.get(mask, i);
            }
            long pairs = (lanes & 0x00ff00ff00ff00ffL) + ((lanes >>> 8) & 0x00ff00ff00ff00ffL);
            found += (int) ((pairs * 0x0001000100010001L) >>> 48);
        }
        for (; i < batchRows; i++) {
            found += mask[i];
        }
        return found;
    }

    /** Without a branch per row; but eight that are not selected are passed over together. */
    private static void rowsOf(byte[] mask, int batchRows, int[] selected) {
        int found = 0;
        int i = 0;
        for (; i + Long.BYTES <= batchRows; i += Long.BYTES) {
            if ((long) EIGHT.get(mask, i) != 0) {
                for (int k = i; k < i + Long.BYTES; k++) {
                    selected[found] = k;
                    found += mask[k];
                }
            }
        }
        for (; i < batchRows; i++) {
            selected[found] = i;
            found += mask[i];
        }
    }

    /** Keeps only the first so many of the selected rows. */
    public void limit(long most) {
        count = (int) Math.min(count, most);
    }

    /** The selected rows, ascending; {@link #count} of them. They are listed only where this is asked for. */
    public int[] rows() {
        if (!listed) {
            if (rows.length <= batchRows) {
                rows = new int[batchRows + 1];
            }
            rowsOf(mask, batchRows, rows);
            listed = true;
        }
        return rows;
    }

    /** Adds the selected numbers of a column of the batch, but for nulls. */
    public void addTo(Totals totals, Numbers numbers) {
        numbers.addTo(totals, mask, batchRows, count, this::rows);
    }

    public int count() {
        return count;
    }
}
