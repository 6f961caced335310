package io.memmap.spark.read.filter;

import io.memmap.spark.read.number.Numbers;
import java.util.function.Function;

/** The rows of one batch after another that a condition is true for. Belongs to one task thread. */
public final class Selection {
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
        int[] selected = rows;
        int found = 0;
        for (int i = 0; i < batchRows; i++) {
            selected[found] = i;
            found += mask[i];
        }
        batch.giveBack(mask);
        count = found;
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
