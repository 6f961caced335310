package io.memmap.spark.read;

import io.memmap.spark.read.RowColumns.Meaning;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.table.Filter;
import io.memmap.table.GroupFilter;
import io.memmap.table.RowGroup;
import io.memmap.table.RowIn;
import io.memmap.table.RowSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The position or the file of a row in a predicate; neither is ever NULL. Driver only.
 *
 * <p>Literals are taken by their Spark type, not by their Java class: a timestamp is a {@code Long} too.
 */
record RowOperand(String name, Meaning meaning) implements FilterOperand {

    @Override
    public Filter isNull(boolean negated) {
        return negated ? Filter.always() : Filter.never();
    }

    @Override
    public Filter compare(Operator operator, List<Literal<?>> literals, boolean negated) {
        return meaning == Meaning.FILE ? file(operator, literals, negated) : position(operator, literals, negated);
    }

    private Filter position(Operator operator, List<Literal<?>> literals, boolean negated) {
        List<Long> values = values(literals, RowOperand::integral);
        if (values.size() < literals.size() || operator.isOfText()) {
            return Filter.unknown();
        }
        RowSet positions = operator == Operator.IN
                ? RowSet.ofRows(values.stream()
                        .mapToLong(Long::longValue)
                        .filter(row -> row >= 0 && row < Long.MAX_VALUE)
                        .toArray())
                : RowSet.of(0, end(values.get(0), operator == Operator.AT_MOST));
        return new RowIn(
                negated ? positions.complement(Long.MAX_VALUE) : positions,
                meaning == Meaning.FILE_ROW,
                operator.text(name, values.stream().map(String::valueOf).toList(), negated));
    }

    /** The first position that is not below a value, or not at most. */
    private static long end(long value, boolean included) {
        return value < 0 ? 0 : included && value < Long.MAX_VALUE ? value + 1 : value;
    }

    private Filter file(Operator operator, List<Literal<?>> literals, boolean negated) {
        List<String> values = values(literals, RowOperand::string);
        if (values.size() < literals.size() || operator == Operator.LESS || operator == Operator.AT_MOST) {
            return Filter.unknown();
        }
        return new GroupFilter(new FileComparison(name, operator, new LinkedHashSet<>(values), negated));
    }

    /** The values of the literals that have the right type. */
    private static <T> List<T> values(List<Literal<?>> literals, Function<Literal<?>, Optional<T>> value) {
        return literals.stream().map(value).flatMap(Optional::stream).toList();
    }

    private static Optional<Long> integral(Literal<?> literal) {
        return SparkTypes.isInteger(literal.dataType()) && literal.value() instanceof Number number
                ? Optional.of(number.longValue())
                : Optional.empty();
    }

    /** Empty also for bytes that are not UTF-8: as a Java string they would equal other names. */
    private static Optional<String> string(Literal<?> literal) {
        if (!DataTypes.StringType.equals(literal.dataType()) || !(literal.value() instanceof UTF8String value)) {
            return Optional.empty();
        }
        String text = value.toString();
        return UTF8String.fromString(text).equals(value) ? Optional.of(text) : Optional.empty();
    }

    /** The file of a row group, as the column {@code _file} shows it, compares with strings. */
    private record FileComparison(String name, Operator operator, Set<String> values, boolean negated)
            implements GroupFilter.Condition {
        @Override
        public boolean passes(RowGroup group) {
            String file = group.path().orElse("");
            return negated
                    != switch (operator) {
                        case STARTS_WITH -> values.stream().anyMatch(file::startsWith);
                        case ENDS_WITH -> values.stream().anyMatch(file::endsWith);
                        case CONTAINS -> values.stream().anyMatch(file::contains);
                        default -> values.contains(file);
                    };
        }

        @Override
        public String toString() {
            return operator.text(
                    name, values.stream().map(FilterOperand::quoted).toList(), negated);
        }
    }
}
