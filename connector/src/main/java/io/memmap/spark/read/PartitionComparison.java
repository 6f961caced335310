package io.memmap.spark.read;

import io.memmap.spark.read.FilterOperand.Operator;
import io.memmap.table.GroupFilter;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A comparison of a partition column with literals, or its negation; NULL passes neither. Compares as Spark does: NaN is
 * the greatest number and equal to itself, and both zeros are equal. Immutable; crosses the wire.
 *
 * @param values as Spark holds them internally
 * @param sorted the values in their order: thousands of them may be looked for in thousands of directories
 */
record PartitionComparison(
        PartitionOperand operand, Operator operator, List<Object> values, List<Object> sorted, boolean negated)
        implements GroupFilter.Condition {

    PartitionComparison(PartitionOperand operand, Operator operator, List<Object> values, boolean negated) {
        this(
                operand,
                operator,
                List.copyOf(values),
                values.stream().sorted(PartitionComparison::compare).toList(),
                negated);
    }

    @Override
    public boolean mayPass(List<Object> constants) {
        Object value = constants.get(operand.index());
        return value != null && compares(operand.isText() ? text(value) : value) != negated;
    }

    private boolean compares(Object value) {
        return switch (operator) {
            case IN -> Collections.binarySearch(sorted, value, PartitionComparison::compare) >= 0;
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

    @Override
    public String toString() {
        return operator.text(operand, values.stream().map(this::shown).toList(), negated);
    }

    private String shown(Object value) {
        if (value instanceof UTF8String) {
            return FilterOperand.quoted(value);
        }
        return operand.column().type() instanceof DateType ? FilterOperand.quoted(text(value)) : value.toString();
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
