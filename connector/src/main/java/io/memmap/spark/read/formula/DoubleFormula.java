package io.memmap.spark.read.formula;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * A double that is computed of each row, as Java computes it, which is as Spark does. Immutable; crosses the wire.
 * {@code toString} reads like the SQL that it came from.
 */
public sealed interface DoubleFormula extends Serializable {
    /** The columns whose numbers it needs. */
    Set<String> columns();

    /** Sets {@code to[i]} for row {@code i} of a block. */
    void compute(Block block, double[] to);

    /** The number of a column, an integer as the nearest double. */
    record Column(String name) implements DoubleFormula {
        @Override
        public Set<String> columns() {
            return Set.of(name);
        }

        @Override
        public void compute(Block block, double[] to) {
            block.numbers(name).copy(block.from(), block.count(), to);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The same number for every row. */
    record Constant(double value) implements DoubleFormula {
        @Override
        public Set<String> columns() {
            return Set.of();
        }

        @Override
        public void compute(Block block, double[] to) {
            Arrays.fill(to, 0, block.count(), value);
        }

        @Override
        public String toString() {
            return String.valueOf(value);
        }
    }

    /** One of the four operations. */
    record Arithmetic(Operator operator, DoubleFormula left, DoubleFormula right) implements DoubleFormula {
        /** Computes the result for two numbers. */
        public enum Operator {
            ADD("+"),
            SUBTRACT("-"),
            MULTIPLY("*"),
            DIVIDE("/");

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
        public void compute(Block block, double[] to) {
            left.compute(block, to);
            double[] operands = block.borrowDoubles();
            right.compute(block, operands);
            int count = block.count();
            switch (operator) {
                case ADD -> {
                    for (int i = 0; i < count; i++) {
                        to[i] += operands[i];
                    }
                }
                case SUBTRACT -> {
                    for (int i = 0; i < count; i++) {
                        to[i] -= operands[i];
                    }
                }
                case MULTIPLY -> {
                    for (int i = 0; i < count; i++) {
                        to[i] *= operands[i];
                    }
                }
                case DIVIDE -> {
                    for (int i = 0; i < count; i++) {
                        to[i] /= operands[i];
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
