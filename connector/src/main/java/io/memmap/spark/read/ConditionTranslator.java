package io.memmap.spark.read;

import io.memmap.compute.FloatNumbers.Comparison;
import io.memmap.spark.read.filter.Condition;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;

/**
 * Turns Spark's predicates between columns of numbers and literals into {@link Condition}s, by a closed list of forms;
 * whatever is not on it is empty, and Spark filters. Negations go down to the comparisons, where a null makes both a
 * comparison and its negation untrue.
 */
final class ConditionTranslator {
    /** Values of an IN: each costs a pass over the numbers. */
    private static final int MAX_VALUES = 16;

    private static final BigInteger MAX_UNSIGNED_LONG =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private final NumberColumns columns;

    ConditionTranslator(NumberColumns columns) {
        this.columns = columns;
    }

    /** The same condition; empty when any part of it is not understood. */
    Optional<Condition> translate(Predicate predicate) {
        return translate(predicate, false);
    }

    private Optional<Condition> translate(Expression expression, boolean negated) {
        if (!(expression instanceof Predicate predicate)) {
            return Optional.empty();
        }
        Expression[] children = predicate.children();
        return switch (predicate.name()) {
            case "ALWAYS_TRUE" -> Optional.of(new Condition.Constant(!negated));
            case "ALWAYS_FALSE" -> Optional.of(new Condition.Constant(negated));
            case "AND" -> both(children, negated, negated ? Condition::or : Condition::and);
            case "OR" -> both(children, negated, negated ? Condition::and : Condition::or);
            case "NOT" -> children.length == 1 ? translate(children[0], !negated) : Optional.empty();
            case "IS_NULL" -> isNull(children, negated);
            case "IS_NOT_NULL" -> isNull(children, !negated);
            case "=", "<=>", "<>", "<", "<=", ">", ">=" -> comparison(predicate.name(), children, negated);
            case "IN" -> in(children, negated);
            default -> Optional.empty();
        };
    }

    private Optional<Condition> both(Expression[] children, boolean negated, BinaryOperator<Condition> operator) {
        if (children.length != 2) {
            return Optional.empty();
        }
        return translate(children[0], negated)
                .flatMap(left -> translate(children[1], negated).map(right -> operator.apply(left, right)));
    }

    private Optional<Condition> isNull(Expression[] children, boolean negated) {
        if (children.length != 1) {
            return Optional.empty();
        }
        return columns.isNeverNull(children[0])
                ? Optional.of(new Condition.Constant(negated))
                : columns.column(children[0]).map(column -> new Condition.IsNull(column.name(), negated));
    }

    private Optional<Condition> comparison(String operator, Expression[] children, boolean negated) {
        if (children.length != 2) {
            return Optional.empty();
        }
        if (children[1] instanceof Literal<?> literal) {
            return columns.column(children[0]).flatMap(column -> compare(column, operator, literal, negated));
        }
        if (children[0] instanceof Literal<?> literal) {
            return columns.column(children[1])
                    .flatMap(column -> compare(column, RowPredicateTranslator.mirrored(operator), literal, negated));
        }
        return Optional.empty();
    }

    private Optional<Condition> in(Expression[] children, boolean negated) {
        if (children.length < 2 || children.length > MAX_VALUES + 1) {
            return Optional.empty();
        }
        List<Expression> values = Arrays.asList(children).subList(1, children.length);
        return columns.column(children[0]).flatMap(column -> {
            List<Condition> equal = new ArrayList<>();
            for (Expression value : values) {
                Optional<Condition> one =
                        value instanceof Literal<?> literal ? compare(column, "=", literal, negated) : Optional.empty();
                if (one.isEmpty()) {
                    return Optional.empty();
                }
                equal.add(one.get());
            }
            return equal.stream().reduce(negated ? Condition::and : Condition::or);
        });
    }

    private static Optional<Condition> compare(
            StructField column, String operator, Literal<?> literal, boolean negated) {
        DataType type = column.dataType();
        if (operator.equals("<=>")) {
            Condition isNull = new Condition.IsNull(column.name(), literal.value() == null && negated);
            return literal.value() == null
                    ? Optional.of(isNull)
                    : compare(column, "=", literal, negated).map(equal -> negated ? equal.or(isNull) : equal);
        }
        if (literal.value() == null) {
            return Optional.of(new Condition.Constant(false));
        }
        if (!literal.dataType().equals(type)) {
            return Optional.empty();
        }
        String text = column.name() + " " + operator + " " + literal;
        text = negated ? "NOT " + text : text;
        if (type instanceof FloatType || type instanceof DoubleType) {
            double bound = ((Number) literal.value()).doubleValue();
            return Optional.of(compareFloat(column.name(), operator, bound, negated, text));
        }
        if (type instanceof BooleanType) {
            // Any byte but zero is true.
            boolean wanted = (Boolean) literal.value();
            boolean same = operator.equals("=");
            return same || operator.equals("<>")
                    ? Optional.of(new Condition.IntegerIn(column.name(), 0, 0, wanted == (same != negated), text))
                    : Optional.empty();
        }
        if (type instanceof DecimalType) {
            return compareUnsigned(column.name(), operator, (Decimal) literal.value(), negated, text);
        }
        return literal.value() instanceof Number number
                ? Optional.of(compareInteger(column.name(), operator, number.longValue(), negated, text))
                : Optional.empty();
    }

    private static Condition compareInteger(String column, String operator, long value, boolean negated, String text) {
        boolean equality = operator.equals("=") || operator.equals("<>");
        boolean orEqual = operator.equals("<=") || operator.equals(">");
        boolean outside = negated != (operator.equals("<>") || operator.equals(">") || operator.equals(">="));
        if (equality) {
            return new Condition.IntegerIn(column, value, value, outside, text);
        }
        // The rest is at most, or below, a value, or its opposite.
        return !orEqual && value == Long.MIN_VALUE
                ? new Condition.IntegerIn(column, 0, -1, outside, text)
                : new Condition.IntegerIn(column, Long.MIN_VALUE, orEqual ? value : value - 1, outside, text);
    }

    /** A value that no unsigned integer of 64 bits can be is brought into reach by what does not change the answer. */
    private static Optional<Condition> compareUnsigned(
            String column, String operator, Decimal literal, boolean negated, String text) {
        BigDecimal exact = literal.toJavaBigDecimal();
        if (exact.stripTrailingZeros().scale() > 0) {
            return Optional.empty();
        }
        BigInteger value = exact.toBigInteger();
        boolean below = value.signum() < 0;
        if (below || value.compareTo(MAX_UNSIGNED_LONG) > 0) {
            boolean always = operator.equals("<>") || operator.startsWith(below ? ">" : "<");
            return Optional.of(new Condition.IntegerIn(column, 0, -1, always != negated, text));
        }
        return Optional.of(compareInteger(column, operator, value.longValue() ^ Long.MIN_VALUE, negated, text));
    }

    private static Condition compareFloat(String column, String operator, double bound, boolean negated, String text) {
        boolean opposite = negated != (operator.equals("<>") || operator.equals(">") || operator.equals(">="));
        if (!Double.isNaN(bound)) {
            Comparison comparison =
                    switch (operator) {
                        case "=", "<>" -> Comparison.EQUAL;
                        case "<=", ">" -> Comparison.AT_MOST;
                        default -> Comparison.BELOW;
                    };
            return new Condition.FloatCompare(column, comparison, bound, opposite, text);
        }
        // Everything is at most NaN, and what is not NaN is below it.
        return switch (operator) {
            case "=", "<>" -> new Condition.FloatCompare(column, Comparison.NAN, 0, opposite, text);
            case "<=", ">" -> new Condition.Constant(!opposite);
            default -> new Condition.FloatCompare(column, Comparison.NAN, 0, !opposite, text);
        };
    }
}
