package io.memmap.spark.read;

import io.memmap.spark.read.RowColumns.Meaning;
import io.memmap.spark.read.RowPredicate.FileLike.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Turns Spark's predicates into {@link RowPredicate}s, by a closed list of forms; whatever is not on it is empty.
 *
 * <p>Literals are taken by their Spark type, not by their Java class: a timestamp is a {@code Long} too.
 */
final class RowPredicateTranslator {

    /** Values of an IN that EXPLAIN shows. */
    private static final int SHOWN_VALUES = 8;

    private final RowColumns columns;
    private final PartitionTranslator partitions;

    RowPredicateTranslator(RowColumns columns) {
        this.columns = columns;
        this.partitions = new PartitionTranslator(columns);
    }

    /**
     * The strictest predicate that is true wherever this one is, as far as it is understood: rows that it is false for need
     * not be read.
     */
    RowPredicate implied(Expression expression) {
        Optional<RowPredicate> whole = translate(withoutNulls(expression));
        if (whole.isEmpty() && expression instanceof Predicate predicate && predicate.children().length == 2) {
            Expression[] children = predicate.children();
            if (predicate.name().equals("AND")) {
                return implied(children[0]).and(implied(children[1]));
            } else if (predicate.name().equals("OR")) {
                return implied(children[0]).or(implied(children[1]));
            }
        }
        return whole.orElse(new RowPredicate.Constant(true));
    }

    /** NULL among the values of an IN makes it true for no row. */
    private static Expression withoutNulls(Expression expression) {
        if (!(expression instanceof Predicate predicate) || !predicate.name().equals("IN")) {
            return expression;
        }
        return new Predicate(
                "IN",
                Arrays.stream(predicate.children())
                        .filter(child -> !(child instanceof Literal<?> literal && literal.value() == null))
                        .toArray(Expression[]::new));
    }

    Optional<RowPredicate> translate(Expression expression) {
        if (!(expression instanceof Predicate predicate)) {
            return Optional.empty();
        }
        Optional<RowPredicate> ofPartition = partitions.translate(predicate);
        if (ofPartition.isPresent()) {
            return ofPartition;
        }
        Expression[] children = predicate.children();
        return switch (predicate.name()) {
            case "ALWAYS_TRUE" -> Optional.of(new RowPredicate.Constant(true));
            case "ALWAYS_FALSE" -> Optional.of(new RowPredicate.Constant(false));
            case "AND" -> both(children, RowPredicate::and);
            case "OR" -> both(children, RowPredicate::or);
            case "NOT" -> children.length == 1 ? translate(children[0]).map(RowPredicate::negate) : Optional.empty();
            case "IS_NULL" -> isNull(children);
            case "IS_NOT_NULL" -> isNull(children).map(RowPredicate::negate);
            case "=", "<=>", "<>", "<", "<=", ">", ">=" -> comparison(predicate.name(), children);
            case "IN" -> in(children);
            case "STARTS_WITH" -> fileLike(children, Part.START);
            case "ENDS_WITH" -> fileLike(children, Part.END);
            case "CONTAINS" -> fileLike(children, Part.ANYWHERE);
            default -> Optional.empty();
        };
    }

    private Optional<RowPredicate> both(Expression[] children, BinaryOperator<RowPredicate> operator) {
        if (children.length != 2) {
            return Optional.empty();
        }
        return translate(children[0]).flatMap(left -> translate(children[1]).map(right -> operator.apply(left, right)));
    }

    private Optional<RowPredicate> isNull(Expression[] children) {
        if (children.length != 1) {
            return Optional.empty();
        }
        if (children[0] instanceof Literal<?> literal) {
            return Optional.of(new RowPredicate.Constant(literal.value() == null));
        }
        return column(children[0]).map(column -> new RowPredicate.Constant(false));
    }

    private Optional<RowPredicate> comparison(String operator, Expression[] children) {
        if (children.length != 2) {
            return Optional.empty();
        }
        if (children[1] instanceof Literal<?> literal) {
            return column(children[0]).flatMap(column -> comparison(column, operator, literal));
        }
        if (children[0] instanceof Literal<?> literal) {
            return column(children[1]).flatMap(column -> comparison(column, mirrored(operator), literal));
        }
        return Optional.empty();
    }

    private static Optional<RowPredicate> comparison(Column column, String operator, Literal<?> literal) {
        if (literal.value() == null) {
            return operator.equals("<=>") ? Optional.of(new RowPredicate.Constant(false)) : Optional.empty();
        }
        if (column.meaning() == Meaning.FILE) {
            return compareFile(column, operator, literal);
        }
        OptionalLong value = integral(literal);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = column.name() + " " + operator + " " + value.getAsLong();
        return Optional.of(positions(column, matching(operator, value.getAsLong()), text));
    }

    private static Optional<RowPredicate> compareFile(Column column, String operator, Literal<?> literal) {
        Optional<String> file = string(literal);
        String text = column.name() + " " + operator + " "
                + file.map(RowPredicateTranslator::quoted).orElse("");
        return switch (operator) {
            case "=", "<=>" -> file.map(name -> new RowPredicate.FileIn(Set.of(name), text));
            case "<>" ->
                file.map(name -> new RowPredicate.FileIn(Set.of(name), column.name() + " = " + quoted(name)).negate());
            default -> Optional.empty();
        };
    }

    private Optional<RowPredicate> in(Expression[] children) {
        if (children.length < 2) {
            return Optional.empty();
        }
        List<Expression> values = Arrays.asList(children).subList(1, children.length);
        return column(children[0])
                .flatMap(column -> column.meaning() == Meaning.FILE ? fileIn(column, values) : rowIn(column, values));
    }

    private static Optional<RowPredicate> fileIn(Column column, List<Expression> values) {
        Set<String> files = new LinkedHashSet<>();
        for (Expression value : values) {
            Optional<String> file = value instanceof Literal<?> literal ? string(literal) : Optional.empty();
            if (file.isEmpty()) {
                return Optional.empty();
            }
            files.add(file.get());
        }
        List<String> quoted = files.stream().map(RowPredicateTranslator::quoted).toList();
        return Optional.of(new RowPredicate.FileIn(files, inText(column, quoted)));
    }

    private Optional<RowPredicate> fileLike(Expression[] children, Part part) {
        if (children.length != 2 || !(children[1] instanceof Literal<?> literal)) {
            return Optional.empty();
        }
        return column(children[0])
                .filter(column -> column.meaning() == Meaning.FILE)
                .flatMap(column -> string(literal)
                        .map(value -> new RowPredicate.FileLike(
                                part, value, column.name() + " " + part + " " + quoted(value))));
    }

    private static Optional<RowPredicate> rowIn(Column column, List<Expression> values) {
        List<Long> rows = new ArrayList<>();
        for (Expression value : values) {
            OptionalLong row = value instanceof Literal<?> literal ? integral(literal) : OptionalLong.empty();
            if (row.isEmpty()) {
                return Optional.empty();
            }
            rows.add(row.getAsLong());
        }
        long[] possible = rows.stream()
                .mapToLong(Long::longValue)
                .filter(row -> row >= 0 && row < Long.MAX_VALUE)
                .toArray();
        return Optional.of(positions(column, RowSet.ofRows(possible), inText(column, rows)));
    }

    private static RowPredicate positions(Column column, RowSet positions, String text) {
        return column.meaning() == Meaning.ROW
                ? new RowPredicate.RowIn(positions, text)
                : new RowPredicate.FileRowIn(positions, text);
    }

    /** The positions for which {@code position operator value} holds. */
    private static RowSet matching(String operator, long value) {
        long from = Math.max(value, 0);
        long after = value < 0 ? 0 : value == Long.MAX_VALUE ? value : value + 1;
        return switch (operator) {
            case "=", "<=>" -> RowSet.of(from, after);
            case "<>" -> RowSet.of(from, after).complement(Long.MAX_VALUE);
            case "<" -> RowSet.of(0, from);
            case "<=" -> RowSet.of(0, after);
            case ">" -> RowSet.of(after, Long.MAX_VALUE);
            case ">=" -> RowSet.of(from, Long.MAX_VALUE);
            default ->
                throw new IllegalArgumentException(
                        "Cannot compare rows: operator '" + operator + "', expected one of = <=> <> < <= > >=");
        };
    }

    /** The operator that holds when the sides change places. */
    static String mirrored(String operator) {
        return switch (operator) {
            case "<" -> ">";
            case "<=" -> ">=";
            case ">" -> "<";
            case ">=" -> "<=";
            default -> operator;
        };
    }

    private Optional<Column> column(Expression expression) {
        if (!(expression instanceof NamedReference reference) || reference.fieldNames().length != 1) {
            return Optional.empty();
        }
        String name = reference.fieldNames()[0];
        return columns.meaning(name).map(meaning -> new Column(name, meaning));
    }

    private static OptionalLong integral(Literal<?> literal) {
        DataType type = literal.dataType();
        boolean integral = DataTypes.LongType.equals(type)
                || DataTypes.IntegerType.equals(type)
                || DataTypes.ShortType.equals(type)
                || DataTypes.ByteType.equals(type);
        return integral && literal.value() instanceof Number number
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    /** Empty also for bytes that are not UTF-8: as a Java string they would equal other names. */
    private static Optional<String> string(Literal<?> literal) {
        if (!DataTypes.StringType.equals(literal.dataType()) || !(literal.value() instanceof UTF8String value)) {
            return Optional.empty();
        }
        String text = value.toString();
        return UTF8String.fromString(text).equals(value) ? Optional.of(text) : Optional.empty();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String inText(Column column, List<?> values) {
        String shown = values.stream().limit(SHOWN_VALUES).map(Object::toString).collect(Collectors.joining(", "));
        int more = values.size() - SHOWN_VALUES;
        return column.name() + " IN (" + shown + (more > 0 ? ", and " + more + " more" : "") + ")";
    }

    private record Column(String name, Meaning meaning) {}
}
