package io.memmap.table;

import io.memmap.compute.FloatNumbers;
import io.memmap.compute.IntegerNumbers;
import java.util.Set;

/** A predicate on the numbers of one column. */
public sealed interface NumberFilter extends Filter {

    String column();

    @Override
    default Set<String> columns() {
        return Set.of(column());
    }

    /**
     * An integer, a date or a time is within {@code [lo, hi]}, or outside. NULL is neither.
     *
     * @param lo a value; of an unsigned integer of 64 bits with its top bit inverted
     */
    record IntegerIn(String column, long lo, long hi, boolean outside, String text) implements NumberFilter {
        @Override
        public void mask(BatchRows batch, byte[] mask) {
            ((IntegerNumbers) batch.numbers(column)).mask(lo, hi, outside, mask, batch.count());
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A float compares with a bound, or does not. */
    record FloatCompare(String column, FloatNumbers.Comparison comparison, double bound, boolean negated, String text)
            implements NumberFilter {
        @Override
        public void mask(BatchRows batch, byte[] mask) {
            ((FloatNumbers) batch.numbers(column)).mask(comparison, bound, negated, mask, batch.count());
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A column is NULL, or is not. */
    record IsNull(String column, boolean negated) implements NumberFilter {
        @Override
        public void mask(BatchRows batch, byte[] mask) {
            batch.numbers(column).maskNulls(mask, negated, batch.count());
        }

        @Override
        public String toString() {
            return column + (negated ? " IS NOT NULL" : " IS NULL");
        }
    }
}
