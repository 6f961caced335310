package io.memmap.spark.read;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A comparison of one partition column with literals, or its negation; neither is true for NULL, but for the test of NULL
 * itself. Compares as Spark does: NaN is the greatest number and equal to itself, and both zeros are equal. Immutable;
 * driver only.
 *
 * @param values as Spark holds them internally
 */
record PartitionCondition(PartitionOperand operand, Operator operator, List<Object> values, boolean negated) {

    /** Values of an IN that EXPLAIN shows. */
    private static final int SHOWN_VALUES = 8;

    /** The comparison. */
    enum Operator {
        IS_NULL,
        IN,
        LESS,
        AT_MOST,
        STARTS_WITH,
        ENDS_WITH,
        CONTAINS
    }

    PartitionCondition {
        values = List.copyOf(values);
    }

    PartitionCondition negate() {
        return new PartitionCondition(operand, operator, values, !negated);
    }

    /** @param constants the values of all partition columns */
    boolean passes(List<Object> constants) {
        Object value = constants.get(operand.index());
        if (operator == Operator.IS_NULL) {
            return (value == null) != negated;
        }
        return value != null && passes(operand.isText() ? text(value) : value) != negated;
    }

    private boolean passes(Object value) {
        return switch (operator) {
            case IS_NULL -> false;
            case IN -> values.stream().anyMatch(other -> compare(value, other) == 0);
            case LESS -> compare(value, values.get(0)) < 0;
            case AT_MOST -> compare(value, values.get(0)) <= 0;
            case STARTS_WITH -> ((UTF8String) value).startsWith((UTF8String) values.get(0));
            case ENDS_WITH -> ((UTF8String) value).endsWith((UTF8String) values.get(0));
            case CONTAINS -> ((UTF8String) value).contains((UTF8String) values.get(0));
        };
    }

    /** The value as CAST makes it a string. */
    private Object text(Object value) {
        return UTF8String.fromString(
                operand.column().type() instanceof DateType
                        ? LocalDate.ofEpochDay((Integer) value).toString()
                        : value.toString());
    }

    /** Like the SQL that it came from, on one line. */
    @Override
    public String toString() {
        String first = values.isEmpty() ? "" : shown(values.get(0));
        return switch (operator) {
            case IS_NULL -> operand + (negated ? " IS NOT NULL" : " IS NULL");
            case IN ->
                values.size() == 1
                        ? operand + (negated ? " <> " : " = ") + first
                        : operand + (negated ? " NOT" : "") + " IN (" + list() + ")";
            case LESS -> operand + (negated ? " >= " : " < ") + first;
            case AT_MOST -> operand + (negated ? " > " : " <= ") + first;
            case STARTS_WITH, ENDS_WITH, CONTAINS ->
                (negated ? "NOT " : "") + operand + " "
                        + operator.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + first;
        };
    }

    private String list() {
        String shown = values.stream().limit(SHOWN_VALUES).map(this::shown).collect(Collectors.joining(", "));
        int more = values.size() - SHOWN_VALUES;
        return shown + (more > 0 ? ", and " + more + " more" : "");
    }

    private String shown(Object value) {
        if (value instanceof UTF8String) {
            return "'" + value.toString().replace("'", "''") + "'";
        }
        return operand.column().type() instanceof DateType ? "'" + text(value) + "'" : value.toString();
    }

    @SuppressWarnings("unchecked") // values of one column are of one class
    private static int compare(Object value, Object other) {
        if (value instanceof Double number) {
            double with = (Double) other;
            return number == with ? 0 : Double.compare(number, with);
        } else if (value instanceof Float number) {
            float with = (Float) other;
            return number == with ? 0 : Float.compare(number, with);
        } else if (value instanceof byte[] bytes) {
            return Arrays.compareUnsigned(bytes, (byte[]) other);
        }
        return ((Comparable<Object>) value).compareTo(other);
    }
}
