package io.memmap.table;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** A predicate on the file of a row or the partition columns, which are the same for all rows of a row group. */
public record GroupFilter(Condition condition) implements Filter {

    /** A condition on a row group. Immutable; crosses the wire. {@code toString} reads like SQL. */
    public interface Condition extends Serializable {
        default boolean passes(RowGroup group) {
            return mayPass(group.constants());
        }

        /** Returns false if no row group of a directory passes whose partition columns have these values. */
        default boolean mayPass(List<Object> constants) {
            return true;
        }
    }

    @Override
    public RowSet candidates(RowGroup group) {
        return condition.passes(group) ? RowSet.of(0, group.rowCount()) : RowSet.empty();
    }

    @Override
    public void mask(BatchRows batch, byte[] mask) {
        Arrays.fill(mask, 0, batch.count(), (byte) (condition.passes(batch.group()) ? 1 : 0));
    }

    @Override
    public boolean mayPass(List<Object> constants) {
        return condition.mayPass(constants);
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public String toString() {
        return condition.toString();
    }
}
