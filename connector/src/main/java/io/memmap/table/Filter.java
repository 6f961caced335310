package io.memmap.table;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A predicate on the rows of a table. It answers two questions: {@link #candidates} are the rows of a row group that can
 * pass, found without reading a value; {@link #mask} selects the rows of a batch that pass.
 *
 * <p>A row passes where the predicate is true; false and NULL are not distinguished. There is no negation, since the
 * complement of inexact candidates is not the candidates of NOT, and NULL passes neither a comparison nor its negation.
 * Instead each leaf includes its own negation. Immutable; crosses the wire. {@code toString} reads like SQL, on one line.
 */
public sealed interface Filter extends Serializable
        permits Filter.Constant, Filter.Unknown, Filter.Pair, GroupFilter, NumberFilter, RowIn, Sample {

    /** All rows pass. */
    static Filter always() {
        return new Constant(true);
    }

    /** No row passes. */
    static Filter never() {
        return new Constant(false);
    }

    /** A predicate that is not understood. All rows are candidates; the caller has to evaluate it by other means. */
    static Filter unknown() {
        return new Unknown();
    }

    /**
     * The rows of a group that can pass, counted from the group's first row; all rows that pass are among them.
     *
     * @throws ArithmeticException when the position of the group's last row overflows a long
     */
    default RowSet candidates(RowGroup group) {
        return RowSet.of(0, group.rowCount());
    }

    /**
     * Sets {@code mask[i]} to 1 if row {@code i} of a batch passes, else to 0.
     *
     * @throws IllegalStateException when a part is not understood
     */
    void mask(BatchRows batch, byte[] mask);

    /** Returns false if no row passes in a directory whose partition columns have these values. */
    default boolean mayPass(List<Object> constants) {
        return true;
    }

    /** Returns true if all candidates pass. */
    default boolean isExact() {
        return false;
    }

    /** Returns true if all parts are understood. */
    default boolean isKnown() {
        return true;
    }

    /** Returns true if it needs positions in the table, which are known only with all files before. */
    default boolean asksPositions() {
        return false;
    }

    /** The columns whose numbers {@link #mask} needs. */
    default Set<String> columns() {
        return Set.of();
    }

    /** The strictest exact filter that every row passes which passes this one. */
    default Filter exact() {
        return isExact() ? this : always();
    }

    /** The filter that remains to be evaluated on the candidates. */
    default Filter residual() {
        return isExact() ? always() : this;
    }

    default boolean isAlways() {
        return equals(always());
    }

    /** Both pass; a constant disappears. */
    default Filter and(Filter other) {
        if (this instanceof Constant constant) {
            return constant.value() ? other : this;
        }
        if (other instanceof Constant constant) {
            return constant.value() ? this : other;
        }
        return new And(this, other);
    }

    /** At least one passes; a constant disappears. */
    default Filter or(Filter other) {
        if (this instanceof Constant constant) {
            return constant.value() ? this : other;
        }
        if (other instanceof Constant constant) {
            return constant.value() ? other : this;
        }
        return new Or(this, other);
    }

    /** All rows, or none. */
    record Constant(boolean value) implements Filter {
        @Override
        public RowSet candidates(RowGroup group) {
            return value ? RowSet.of(0, group.rowCount()) : RowSet.empty();
        }

        @Override
        public void mask(BatchRows batch, byte[] mask) {
            Arrays.fill(mask, 0, batch.count(), (byte) (value ? 1 : 0));
        }

        @Override
        public boolean mayPass(List<Object> constants) {
            return value;
        }

        @Override
        public boolean isExact() {
            return true;
        }

        @Override
        public String toString() {
            return String.valueOf(value);
        }
    }

    /** See {@link #unknown}. */
    record Unknown() implements Filter {
        @Override
        public void mask(BatchRows batch, byte[] mask) {
            throw new IllegalStateException("Cannot filter rows: the predicate is not understood");
        }

        @Override
        public boolean isKnown() {
            return false;
        }

        @Override
        public String toString() {
            return "unknown";
        }
    }

    /** Two filters joined by an operator. */
    sealed interface Pair extends Filter {
        Filter left();

        Filter right();

        /** Joins the mask of the right filter to that of the left. */
        void join(byte[] left, byte[] right, int count);

        @Override
        default void mask(BatchRows batch, byte[] mask) {
            left().mask(batch, mask);
            byte[] other = batch.borrow();
            right().mask(batch, other);
            join(mask, other, batch.count());
            batch.giveBack(other);
        }

        @Override
        default boolean isExact() {
            return left().isExact() && right().isExact();
        }

        @Override
        default boolean isKnown() {
            return left().isKnown() && right().isKnown();
        }

        @Override
        default boolean asksPositions() {
            return left().asksPositions() || right().asksPositions();
        }

        @Override
        default Set<String> columns() {
            Set<String> columns = new TreeSet<>(left().columns());
            columns.addAll(right().columns());
            return columns;
        }
    }

    record And(Filter left, Filter right) implements Pair {
        @Override
        public RowSet candidates(RowGroup group) {
            RowSet rows = left.candidates(group);
            return rows.isEmpty() ? rows : rows.intersect(right.candidates(group));
        }

        @Override
        public void join(byte[] one, byte[] other, int count) {
            for (int i = 0; i < count; i++) {
                one[i] &= other[i];
            }
        }

        @Override
        public boolean mayPass(List<Object> constants) {
            return left.mayPass(constants) && right.mayPass(constants);
        }

        @Override
        public Filter exact() {
            return left.exact().and(right.exact());
        }

        @Override
        public Filter residual() {
            return left.residual().and(right.residual());
        }

        @Override
        public String toString() {
            return operand(left) + " AND " + operand(right);
        }

        private static String operand(Filter filter) {
            return filter instanceof Or ? "(" + filter + ")" : filter.toString();
        }
    }

    record Or(Filter left, Filter right) implements Pair {
        @Override
        public RowSet candidates(RowGroup group) {
            return left.candidates(group).union(right.candidates(group));
        }

        @Override
        public void join(byte[] one, byte[] other, int count) {
            for (int i = 0; i < count; i++) {
                one[i] |= other[i];
            }
        }

        @Override
        public boolean mayPass(List<Object> constants) {
            return left.mayPass(constants) || right.mayPass(constants);
        }

        @Override
        public Filter exact() {
            return left.exact().or(right.exact());
        }

        @Override
        public String toString() {
            return left + " OR " + right;
        }
    }
}
