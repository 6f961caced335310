package io.memmap.spark.read;

import io.memmap.compute.FloatNumbers.Comparison;
import io.memmap.table.Filter;
import io.memmap.table.NumberFilter.FloatCompare;
import io.memmap.table.NumberFilter.IntegerIn;
import io.memmap.table.NumberFilter.IsNull;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;

/**
 * A column of single numbers or times in a predicate. Driver only.
 *
 * @param neverNull true if the file has no NULL for it
 */
record NumberOperand(StructField column, boolean neverNull) implements FilterOperand {
    /** Values of an IN: each costs a pass over the numbers. */
    private static final int MAX_VALUES = 16;

    private static final BigInteger MAX_UNSIGNED_LONG =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    @Override
    public Filter isNull(boolean negated) {
        return neverNull ? (negated ? Filter.always() : Filter.never()) : new IsNull(column.name(), negated);
    }

    @Override
    public Filter compare(Operator operator, List<Literal<?>> literals, boolean negated) {
        if (literals.isEmpty() || literals.size() > MAX_VALUES) {
            return Filter.unknown();
        }
        return literals.stream()
                .map(literal -> compare(operator, literal, negated))
                .reduce(negated ? Filter::and : Filter::or)
                .orElseThrow();
    }

    private Filter compare(Operator operator, Literal<?> literal, boolean negated) {
        DataType type = column.dataType();
        if (!literal.dataType().equals(type) || operator.isOfText()) {
            return Filter.unknown();
        }
        String text = operator.text(column.name(), List.of(shown(literal)), negated);
        if (type.equals(DataTypes.FloatType) || type.equals(DataTypes.DoubleType)) {
            return compareFloat(operator, ((Number) literal.value()).doubleValue(), negated, text);
        }
        if (type.equals(DataTypes.BooleanType)) {
            // Any byte but zero is true.
            return operator == Operator.IN
                    ? new IntegerIn(column.name(), 0, 0, (Boolean) literal.value() != negated, text)
                    : Filter.unknown();
        }
        if (type instanceof DecimalType) {
            return compareUnsigned(operator, (Decimal) literal.value(), negated, text);
        }
        return literal.value() instanceof Number number
                ? compareInteger(operator, number.longValue(), negated, text)
                : Filter.unknown();
    }

    /** Dates and times as SQL writes them: their literals are counts. */
    private static String shown(Literal<?> literal) {
        if (literal.value() instanceof Number count) {
            return switch (literal.dataType().typeName()) {
                case "date" -> "DATE'" + LocalDate.ofEpochDay(count.longValue()) + "'";
                case "timestamp_ntz" ->
                    "TIMESTAMP_NTZ'"
                            + LocalDateTime.ofInstant(instant(count), ZoneOffset.UTC)
                                    .toString()
                                    .replace('T', ' ') + "'";
                case "timestamp" -> "TIMESTAMP'" + instant(count) + "'";
                default -> literal.toString();
            };
        }
        return literal.toString();
    }

    private static Instant instant(Number microseconds) {
        return Instant.EPOCH.plus(microseconds.longValue(), ChronoUnit.MICROS);
    }

    private Filter compareInteger(Operator operator, long value, boolean negated, String text) {
        if (operator == Operator.IN) {
            return new IntegerIn(column.name(), value, value, negated, text);
        }
        return operator == Operator.LESS && value == Long.MIN_VALUE
                ? new IntegerIn(column.name(), 0, -1, negated, text)
                : new IntegerIn(
                        column.name(), Long.MIN_VALUE, operator == Operator.LESS ? value - 1 : value, negated, text);
    }

    /** A value that no unsigned integer of 64 bits can be is brought into reach by what does not change the answer. */
    private Filter compareUnsigned(Operator operator, Decimal literal, boolean negated, String text) {
        BigDecimal exact = literal.toJavaBigDecimal();
        if (exact.stripTrailingZeros().scale() > 0) {
            return Filter.unknown();
        }
        BigInteger value = exact.toBigInteger();
        boolean above = value.compareTo(MAX_UNSIGNED_LONG) > 0;
        if (value.signum() < 0 || above) {
            boolean always = above && operator != Operator.IN;
            return new IntegerIn(column.name(), 0, -1, always != negated, text);
        }
        return compareInteger(operator, value.longValue() ^ Long.MIN_VALUE, negated, text);
    }

    private Filter compareFloat(Operator operator, double bound, boolean negated, String text) {
        if (!Double.isNaN(bound)) {
            Comparison comparison =
                    switch (operator) {
                        case IN -> Comparison.EQUAL;
                        case AT_MOST -> Comparison.AT_MOST;
                        default -> Comparison.BELOW;
                    };
            return new FloatCompare(column.name(), comparison, bound, negated, text);
        }
        // All numbers are at most NaN, and those that are not NaN are below it.
        return switch (operator) {
            case IN -> new FloatCompare(column.name(), Comparison.NAN, 0, negated, text);
            case AT_MOST -> negated ? Filter.never() : Filter.always();
            default -> new FloatCompare(column.name(), Comparison.NAN, 0, !negated, text);
        };
    }
}
