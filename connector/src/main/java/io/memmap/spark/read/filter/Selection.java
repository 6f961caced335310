package io.memmap.spark.read.filter;

import io.memmap.compute.Numbers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.Function;

/** The rows of one batch after another that a condition is true for. Belongs to one task thread. */
public final class Selection {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Condition condition;
    private final Batch batch = new Batch();
    private int[] rows = new int[0];
    private int count;

    public Selection(Condition condition) {
        this.condition = condition;
    }

    /**
     * Evaluates the condition on the next batch.
     *
     * @param columns the numbers of a column, by its name
     * @param firstTableRow the position in the table of the batch's first row
     * @param batchRows how many rows it has
     * @return how many are selected
     */
    public int select(Function<String, Numbers> columns, long firstTableRow, int batchRows) {
        batch.aim(columns, firstTableRow, batchRows);
        byte[] mask = batch.borrow();
        condition.mask(batch, mask);
        if (rows.length <= batchRows) {
            rows = new int[batchRows + 1];
        }
        count = rowsOf(mask, batchRows, rows);
        batch.giveBack(mask);
        return count;
    }

    /** Without a branch per row; but eight that are not selected are passed over together. */
    private static int rowsOf(byte[] mask, int batchRows, int[] selected) {
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
        return found;
    }

    /** Keeps only the first so many of the selected rows. */
    public void limit(long most) {
        count = (int) Math.min(count, most);
    }

    /** The selected rows, ascending; {@link #count} of them. */
    public int[] rows() {
        return rows;
    }

    public int count() {
        return count;
    }
}
