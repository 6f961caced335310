package io.memmap.spark.read.filter;

import io.memmap.compute.FloatNumbers;
import io.memmap.compute.IntegerNumbers;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * A condition on the values of one row, which is true or not: what is NULL in SQL is not true. There is no negation; it
 * is part of the comparisons, so that a negated comparison with a null is not true either. Immutable; crosses the wire.
 * {@code toString} reads like the SQL that it came from.
 */
public sealed interface Condition extends Serializable {
    /** Selects every row. */
    static Condition always() {
        return new Constant(true);
    }

    default boolean isAlways() {
        return this instanceof Constant constant && constant.value();
    }

    /** The columns whose numbers it needs. */
    Set<String> columns();

    /** Sets {@code mask[i]} to 1 where it is true for row {@code i} of a batch, to 0 elsewhere. */
    void mask(Batch batch, byte[] mask);

    /** Both are true; a constant disappears. */
    default Condition and(Condition other) {
        if (this instanceof Constant constant) {
            return constant.value() ? other : this;
        }
        if (other instanceof Constant constant) {
            return constant.value() ? this : other;
        }
        return new And(this, other);
    }

    /** At least one is true; a constant disappears. */
    default Condition or(Condition other) {
        if (this instanceof Constant constant) {
            return constant.value() ? this : other;
        }
        if (other instanceof Constant constant) {
            return constant.value() ? other : this;
        }
        return new Or(this, other);
    }

    /** Every row, or none. */
    record Constant(boolean value) implements Condition {
        @Override
        public Set<String> columns() {
            return Set.of();
        }

        @Override
        public void mask(Batch batch, byte[] mask) {
            Arrays.fill(mask, 0, batch.count(), (byte) (value ? 1 : 0));
        }

        @Override
        public String toString() {
            return String.valueOf(value);
        }
    }

    /**
     * An integer, a date or a time is within {@code [lo, hi]}, or outside.
     *
     * @param lo a value; of an unsigned integer of 64 bits with its top bit turned over
     */
    record IntegerIn(String column, long lo, long hi, boolean outside, String text) implements Condition {
        @Override
        public Set<String> columns() {
            return Set.of(column);
        }

        @Override
        public void mask(Batch batch, byte[] mask) {
            ((IntegerNumbers) batch.numbers(column)).mask(lo, hi, outside, mask, batch.count());
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A float compares with a bound, or does not. */
    record FloatCompare(String column, FloatNumbers.Comparison comparison, double bound, boolean negated, String text)
            implements Condition {
        @Override
        public Set<String> columns() {
            return Set.of(column);
        }

        @Override
        public void mask(Batch batch, byte[] mask) {
            ((FloatNumbers) batch.numbers(column)).mask(comparison, bound, negated, mask, batch.count());
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A column is null, or is not. */
    record IsNull(String column, boolean negated) implements Condition {
        @Override
        public Set<String> columns() {
            return Set.of(column);
        }

        @Override
        public void mask(Batch batch, byte[] mask) {
            batch.numbers(column).maskNulls(mask, negated, batch.count());
        }

        @Override
        public String toString() {
            return column + (negated ? " IS NOT NULL" : " IS NULL");
        }
    }

    record And(Condition left, Condition right) implements Condition {
        @Override
        public Set<String> columns() {
            return union(left, right);
        }

        @Override
        public void mask(Batch batch, byte[] mask) {
            left.mask(batch, mask);
            byte[] other = batch.borrow();
            right.mask(batch, other);
            for (int i = 0; i < batch.count(); i++) {
                mask[i] &= other[i];
            }
            batch.giveBack(other);
        }

        @Override
        public String toString() {
            return operand(left) + " AND " + operand(right);
        }

        private static String operand(Condition condition) {
            return condition instanceof Or ? "(" + condition + ")" : condition.toString();
        }
    }

    record Or(Condition left, Condition right) implements Condition {
        @Override
        public Set<String> columns() {
            return union(left, right);
        }

        @Override
        public void mask(Batch batch, byte[] mask) {
            left.mask(batch, mask);
            byte[] other = batch.borrow();
            right.mask(batch, other);
            for (int i = 0; i < batch.count(); i++) {
                mask[i] |= other[i];
            }
            batch.giveBack(other);
        }

        @Override
        public String toString() {
            return left + " OR " + right;
        }
    }

    /**
     * The row is in a sample: a hash of its position in the table falls into a part of all hashes, so the sample is the
     * same whatever the partitions are.
     */
    record Sample(double lower, double upper, long seed) implements Condition {
        @Override
        public Set<String> columns() {
            return Set.of();
        }

        @Override
        public void mask(Batch batch, byte[] mask) {
            for (int i = 0; i < batch.count(); i++) {
                double at = unit(batch.firstTableRow() + i);
                mask[i] = (byte) (at >= lower && at < upper ? 1 : 0);
            }
        }

        /** Evenly spread over [0, 1): the finaliser of SplitMix64 over the row's place in its sequence. */
        private double unit(long row) {
            long z = seed + (row + 1) * 0x9e3779b97f4a7c15L;
            z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
        }

        @Override
        public String toString() {
            return "sample [" + lower + ", " + upper + ") seed " + seed;
        }
    }

    private static Set<String> union(Condition left, Condition right) {
        Set<String> columns = new TreeSet<>(left.columns());
        columns.addAll(right.columns());
        return columns;
    }
}
