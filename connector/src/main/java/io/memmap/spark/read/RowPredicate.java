package io.memmap.spark.read;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/**
 * A filter over {@code _file}, {@code _row}, {@code _file_row} and partition columns, answered without reading a value.
 *
 * <p>None of those columns is ever null, so a predicate on them is true or false and {@code NOT} is the complement. That of
 * a predicate on a partition column, which may be null, is a predicate of its own. Immutable.
 * Driver only. {@code toString} reads like the SQL that it came from, on one line.
 */
sealed interface RowPredicate {

    /**
     * The same filter as a row predicate; empty when any part of it needs a value from the file, or is not understood,
     * and Spark has to filter. Never throws for what Spark may send.
     */
    static Optional<RowPredicate> of(Predicate predicate, RowColumns columns) {
        return new RowPredicateTranslator(columns).translate(predicate);
    }

    /**
     * The rows of one file that pass, counted from the file's first row.
     *
     * @param file the file as the column {@code _file} shows it
     * @param firstRow position in the dataset of the file's first row
     * @throws IllegalArgumentException when a position is negative
     * @throws ArithmeticException when the file's last row lies beyond a long
     */
    RowSet rows(String file, long firstRow, long rowCount);

    /** The same predicate for rows whose partition columns have these values. */
    default RowPredicate within(List<Object> constants) {
        return this;
    }

    /** Returns true if it asks for positions in the dataset, which are only known with all files before. */
    default boolean asksPositions() {
        return false;
    }

    /** Both hold; a constant disappears. */
    default RowPredicate and(RowPredicate other) {
        if (this instanceof Constant constant) {
            return constant.value() ? other : this;
        }
        if (other instanceof Constant constant) {
            return constant.value() ? this : other;
        }
        return new And(this, other);
    }

    /** At least one holds; a constant disappears. */
    default RowPredicate or(RowPredicate other) {
        if (this instanceof Constant constant) {
            return constant.value() ? this : other;
        }
        if (other instanceof Constant constant) {
            return constant.value() ? other : this;
        }
        return new Or(this, other);
    }

    default RowPredicate negate() {
        if (this instanceof Constant constant) {
            return new Constant(!constant.value());
        }
        return this instanceof Not not ? not.predicate() : new Not(this);
    }

    /** Every row, or none. */
    record Constant(boolean value) implements RowPredicate {
        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            return value ? RowSet.of(0, rowCount) : RowSet.empty();
        }

        @Override
        public String toString() {
            return value ? "true" : "false";
        }
    }

    /** A partition column has some value. */
    record Partition(PartitionCondition test) implements RowPredicate {
        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            throw new IllegalStateException(
                    "Cannot find rows by " + this + ": the values of the partition are not known");
        }

        @Override
        public RowPredicate within(List<Object> constants) {
            return new Constant(test.passes(constants));
        }

        @Override
        public RowPredicate negate() {
            return new Partition(test.negate());
        }

        @Override
        public String toString() {
            return test.toString();
        }
    }

    /** The row's position in the dataset is one of a set. */
    record RowIn(RowSet positions, String text) implements RowPredicate {
        @Override
        public boolean asksPositions() {
            return true;
        }

        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            return positions.window(firstRow, rowCount);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The row's position in its file is one of a set. */
    record FileRowIn(RowSet positions, String text) implements RowPredicate {
        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            return positions.window(0, rowCount);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The row's file is one of a set. */
    record FileIn(Set<String> files, String text) implements RowPredicate {
        public FileIn {
            files = Set.copyOf(files);
        }

        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            return files.contains(file) ? RowSet.of(0, rowCount) : RowSet.empty();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The name of the row's file starts with a text, ends with it or contains it. */
    record FileLike(Part part, String value, String text) implements RowPredicate {

        /** The place of the text in the name. */
        enum Part {
            START("starts with"),
            END("ends with"),
            ANYWHERE("contains");

            private final String words;

            Part(String words) {
                this.words = words;
            }

            @Override
            public String toString() {
                return words;
            }
        }

        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            boolean passes =
                    switch (part) {
                        case START -> file.startsWith(value);
                        case END -> file.endsWith(value);
                        case ANYWHERE -> file.contains(value);
                    };
            return passes ? RowSet.of(0, rowCount) : RowSet.empty();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    record And(RowPredicate left, RowPredicate right) implements RowPredicate {
        @Override
        public RowPredicate within(List<Object> constants) {
            return left.within(constants).and(right.within(constants));
        }

        @Override
        public boolean asksPositions() {
            return left.asksPositions() || right.asksPositions();
        }

        @Override
        public RowPredicate negate() {
            return left.negate().or(right.negate());
        }

        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            RowSet rows = left.rows(file, firstRow, rowCount);
            return rows.isEmpty() ? rows : rows.intersect(right.rows(file, firstRow, rowCount));
        }

        @Override
        public String toString() {
            return operand(left) + " AND " + operand(right);
        }

        private static String operand(RowPredicate predicate) {
            return predicate instanceof Or ? "(" + predicate + ")" : predicate.toString();
        }
    }

    record Or(RowPredicate left, RowPredicate right) implements RowPredicate {
        @Override
        public RowPredicate within(List<Object> constants) {
            return left.within(constants).or(right.within(constants));
        }

        @Override
        public boolean asksPositions() {
            return left.asksPositions() || right.asksPositions();
        }

        @Override
        public RowPredicate negate() {
            return left.negate().and(right.negate());
        }

        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            return left.rows(file, firstRow, rowCount).union(right.rows(file, firstRow, rowCount));
        }

        @Override
        public String toString() {
            return left + " OR " + right;
        }
    }

    /** The complement of a predicate on positions or files. */
    record Not(RowPredicate predicate) implements RowPredicate {
        @Override
        public boolean asksPositions() {
            return predicate.asksPositions();
        }

        @Override
        public RowSet rows(String file, long firstRow, long rowCount) {
            return predicate.rows(file, firstRow, rowCount).complement(rowCount);
        }

        @Override
        public String toString() {
            return "NOT (" + predicate + ")";
        }
    }
}
