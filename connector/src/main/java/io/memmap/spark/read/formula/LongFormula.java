package io.memmap.spark.read.formula;

import io.memmap.compute.IntegerNumbers;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * An integer that is computed of each row, as Java computes it, which is as Spark does. Immutable; crosses the wire.
 * {@code toString} reads like the SQL that it came from.
 */
public sealed interface LongFormula extends Serializable {
    /** The columns whose numbers it needs. */
    Set<String> columns();

    /**
     * Sets {@code to[i]} for row {@code i} of a block.
     *
     * @throws ArithmeticException for a number that its type cannot hold; the message has no subject
     */
    void compute(Block block, long[] to);

    /** The number of a column of integers of up to 64 bits, signed if it is as many. */
    record Column(String name) implements LongFormula {
        @Override
        public Set<String> columns() {
            return Set.of(name);
        }

        @Override
        public void compute(Block block, long[] to) {
            ((IntegerNumbers) block.numbers(name)).copy(block.from(), block.count(), to);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The same number for every row. */
    record Constant(long value) implements LongFormula {
        @Override
        public Set<String> columns() {
            return Set.of();
        }

        @Override
        public void compute(Block block, long[] to) {
            Arrays.fill(to, 0, block.count(), value);
        }

        @Override
        public String toString() {
            return String.valueOf(value);
        }
    }

    /** The nearest integer that is no greater, or no less; of what is beyond BIGINT its end, of NaN 0. */
    record Rounded(DoubleFormula of, boolean up) implements LongFormula {
        @Override
        public Set<String> columns() {
            return of.columns();
        }

        @Override
        public void compute(Block block, long[] to) {
            double[] values = block.borrowDoubles();
            of.compute(block, values);
            int count = block.count();
            if (up) {
                for (int i = 0; i < count; i++) {
                    to[i] = (long) Math.ceil(values[i]);
                }
            } else {
                for (int i = 0; i < count; i++) {
                    to[i] = (long) Math.floor(values[i]);
                }
            }
            block.giveBack(values);
        }

        @Override
        public String toString() {
            return (up ? "ceil(" : "floor(") + of + ")";
        }
    }

    /**
     * The integer next to it towards zero, where its type can hold it, and an error where not.
     *
     * @param type for people
     */
    record Truncated(DoubleFormula of, long least, long greatest, String type) implements LongFormula {
        @Override
        public Set<String> columns() {
            return of.columns();
        }

        @Override
        public void compute(Block block, long[] to) {
            double[] values = block.borrowDoubles();
            of.compute(block, values);
            for (int i = 0; i < block.count(); i++) {
                double value = values[i];
                if (!(Math.floor(value) <= greatest && Math.ceil(value) >= least)) {
                    throw new ArithmeticException(of + " is " + value + ", expected a value within the range of " + type
                            + "; leave such rows out, or group by floor(" + of + ")");
                }
                to[i] = (long) value;
            }
            block.giveBack(values);
        }

        @Override
        public String toString() {
            return "CAST(" + of + " AS " + type + ")";
        }
    }

    /** An operation on two integers that cannot overflow. */
    record Operation(Operator operator, LongFormula left, LongFormula right) implements LongFormula {
        /** Computes the result for two integers; no remainder is taken of a division by 0. */
        public enum Operator {
            REMAINDER("%"),
            AND("&"),
            OR("|"),
            XOR("^");

            private final String sign;

            Operator(String sign) {
                this.sign = sign;
            }
        }

        @Override
        public Set<String> columns() {
            Set<String> both = new TreeSet<>(left.columns());
            both.addAll(right.columns());
            return both;
        }

        @Override
        public void compute(Block block, long[] to) {
            left.compute(block, to);
            long[] operands = block.borrowLongs();
            right.compute(block, operands);
            int count = block.count();
            switch (operator) {
                case REMAINDER -> {
                    for (int i = 0; i < count; i++) {
                        to[i] %= operands[i];
                    }
                }
                case AND -> {
                    for (int i = 0; i < count; i++) {
                        to[i] &= operands[i];
                    }
                }
                case OR -> {
                    for (int i = 0; i < count; i++) {
                        to[i] |= operands[i];
                    }
                }
                case XOR -> {
                    for (int i = 0; i < count; i++) {
                        to[i] ^= operands[i];
                    }
                }
            }
            block.giveBack(operands);
        }

        @Override
        public String toString() {
            return "(" + left + " " + operator.sign + " " + right + ")";
        }
    }
}
