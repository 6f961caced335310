package io.memmap.spark.read;

import io.memmap.spark.read.FilterOperand.Operator;
import io.memmap.table.Filter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;

/**
 * Translates Spark's predicates into {@link Filter}s, by a closed list of forms. What is not on the list becomes
 * {@link Filter#unknown}. NOT is pushed down to the comparisons, since NULL passes neither a comparison nor its negation.
 * Driver only.
 */
record FilterTranslator(RowColumns rowColumns, NumberColumns numberColumns) {
    /** Returns true for the name of a partition column, spelled as the table has it. */
    boolean isPartition(String name) {
        return rowColumns.partition(name).isPresent();
    }

    Filter translate(Predicate predicate) {
        return translate(predicate, false);
    }

    /** Translates predicates of which all have to hold. */
    Filter translate(Predicate[] predicates) {
        return Arrays.stream(predicates).map(this::translate).reduce(Filter.always(), Filter::and);
    }

    private Filter translate(Expression expression, boolean negated) {
        if (!(expression instanceof Predicate predicate)) {
            return Filter.unknown();
        }
        Expression[] children = predicate.children();
        return switch (predicate.name()) {
            case "ALWAYS_TRUE" -> negated ? Filter.never() : Filter.always();
            case "ALWAYS_FALSE" -> negated ? Filter.always() : Filter.never();
            case "AND" -> both(children, negated, negated ? Filter::or : Filter::and);
            case "OR" -> both(children, negated, negated ? Filter::and : Filter::or);
            case "NOT" -> children.length == 1 ? translate(children[0], !negated) : Filter.unknown();
            case "IS_NULL" -> children.length == 1 ? isNull(children[0], negated) : Filter.unknown();
            case "IS_NOT_NULL" -> children.length == 1 ? isNull(children[0], !negated) : Filter.unknown();
            case "=" -> equal(children, negated);
            case "<>" -> equal(children, !negated);
            case "<" -> ordered(children, Operator.LESS, negated);
            case ">=" -> ordered(children, Operator.LESS, !negated);
            case "<=" -> ordered(children, Operator.AT_MOST, negated);
            case ">" -> ordered(children, Operator.AT_MOST, !negated);
            case "<=>" -> nullSafe(children, negated);
            case "IN" -> in(children, negated);
            case "STARTS_WITH" -> literalOnRight(children, Operator.STARTS_WITH, negated);
            case "ENDS_WITH" -> literalOnRight(children, Operator.ENDS_WITH, negated);
            case "CONTAINS" -> literalOnRight(children, Operator.CONTAINS, negated);
            default -> Filter.unknown();
        };
    }

    private Filter both(Expression[] children, boolean negated, BinaryOperator<Filter> operator) {
        return children.length == 2
                ? operator.apply(translate(children[0], negated), translate(children[1], negated))
                : Filter.unknown();
    }

    private Filter isNull(Expression expression, boolean negated) {
        if (expression instanceof Literal<?> literal) {
            return (literal.value() == null) == negated ? Filter.never() : Filter.always();
        }
        return operand(expression).map(operand -> operand.isNull(negated)).orElse(Filter.unknown());
    }

    /** A comparison whose sides may change places. */
    private Filter equal(Expression[] children, boolean negated) {
        return children.length == 2 && children[0] instanceof Literal<?> literal
                ? compare(children[1], Operator.IN, List.of(literal), negated)
                : literalOnRight(children, Operator.IN, negated);
    }

    /** A comparison whose mirror image is the negation of another. */
    private Filter ordered(Expression[] children, Operator operator, boolean negated) {
        if (children.length == 2 && children[0] instanceof Literal<?> literal) {
            Operator mirrored = operator == Operator.LESS ? Operator.AT_MOST : Operator.LESS;
            return compare(children[1], mirrored, List.of(literal), !negated);
        }
        return literalOnRight(children, operator, negated);
    }

    /** A comparison with a literal on the right. */
    private Filter literalOnRight(Expression[] children, Operator operator, boolean negated) {
        return children.length == 2 && children[1] instanceof Literal<?> literal
                ? compare(children[0], operator, List.of(literal), negated)
                : Filter.unknown();
    }

    private Filter nullSafe(Expression[] children, boolean negated) {
        if (children.length != 2) {
            return Filter.unknown();
        }
        boolean left = children[0] instanceof Literal<?>;
        Expression column = children[left ? 1 : 0];
        if (children[left ? 0 : 1] instanceof Literal<?> literal && literal.value() == null) {
            return isNull(column, negated);
        }
        Filter equal = equal(children, negated);
        return negated ? equal.or(isNull(column, false)) : equal;
    }

    private Filter in(Expression[] children, boolean negated) {
        List<Literal<?>> literals = new ArrayList<>();
        for (int i = 1; i < children.length; i++) {
            if (!(children[i] instanceof Literal<?> literal)) {
                return Filter.unknown();
            }
            literals.add(literal);
        }
        return children.length == 0 ? Filter.unknown() : compare(children[0], Operator.IN, literals, negated);
    }

    /** A NULL on the right passes for no row, and neither does its negation. */
    private Filter compare(Expression left, Operator operator, List<Literal<?>> literals, boolean negated) {
        List<Literal<?>> values =
                literals.stream().filter(literal -> literal.value() != null).toList();
        Optional<FilterOperand> operand = operand(left);
        if (operand.isEmpty()) {
            return Filter.unknown();
        }
        if (values.size() < literals.size() && (negated || values.isEmpty())) {
            return Filter.never();
        }
        return operand.get().compare(operator, values, negated);
    }

    private Optional<FilterOperand> operand(Expression expression) {
        if (expression instanceof Cast cast && cast.dataType().equals(DataTypes.StringType)) {
            return RowColumns.name(cast.expression())
                    .flatMap(rowColumns::partition)
                    .filter(PartitionOperand::isPlainText)
                    .map(PartitionOperand::asText);
        }
        return RowColumns.name(expression).flatMap(name -> rowColumns
                .partition(name)
                .<FilterOperand>map(partition -> partition)
                .or(() -> rowColumns.meaning(name).map(meaning -> new RowOperand(name, meaning)))
                .or(() -> numberColumns.operand(name)));
    }
}
