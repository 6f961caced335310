package io.memmap.spark.read;

import io.memmap.spark.read.PartitionCondition.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;

/** Turns Spark's comparisons of partition columns with literals of their types into {@link RowPredicate}s. Driver only. */
final class PartitionTranslator {
    private final RowColumns columns;

    PartitionTranslator(RowColumns columns) {
        this.columns = columns;
    }

    /** The same predicate; empty for all that is no comparison of a partition column. */
    Optional<RowPredicate> translate(Predicate predicate) {
        Expression[] children = predicate.children();
        return switch (predicate.name()) {
            case "IS_NULL" -> children.length == 1 ? operand(children[0]).map(this::isNull) : Optional.empty();
            case "IS_NOT_NULL" ->
                children.length == 1
                        ? operand(children[0]).map(this::isNull).map(RowPredicate::negate)
                        : Optional.empty();
            case "=", "<=>", "<>", "<", "<=", ">", ">=" -> comparison(predicate.name(), children);
            case "IN" -> in(children);
            case "STARTS_WITH" -> binary(children, Operator.STARTS_WITH);
            case "ENDS_WITH" -> binary(children, Operator.ENDS_WITH);
            case "CONTAINS" -> binary(children, Operator.CONTAINS);
            default -> Optional.empty();
        };
    }

    private RowPredicate isNull(PartitionOperand operand) {
        return test(operand, Operator.IS_NULL, List.of());
    }

    private static RowPredicate test(PartitionOperand operand, Operator operator, List<Object> values) {
        return new RowPredicate.Partition(new PartitionCondition(operand, operator, values, false));
    }

    private Optional<RowPredicate> comparison(String operator, Expression[] children) {
        if (children.length == 2 && children[0] instanceof Literal<?> && !(children[1] instanceof Literal<?>)) {
            return comparison(RowPredicateTranslator.mirrored(operator), new Expression[] {children[1], children[0]});
        }
        return switch (operator) {
            case "<" -> binary(children, Operator.LESS);
            case "<=" -> binary(children, Operator.AT_MOST);
            case ">" -> binary(children, Operator.AT_MOST).map(RowPredicate::negate);
            case ">=" -> binary(children, Operator.LESS).map(RowPredicate::negate);
            case "<>" -> binary(children, Operator.IN).map(RowPredicate::negate);
            case "=" -> binary(children, Operator.IN);
            default -> nullSafe(children);
        };
    }

    /** Its negation is true for NULL, unless it is compared with NULL. */
    private Optional<RowPredicate> nullSafe(Expression[] children) {
        if (children.length == 2 && children[1] instanceof Literal<?> literal && literal.value() == null) {
            return operand(children[0]).map(this::isNull);
        }
        return binary(children, Operator.IN).flatMap(equal -> operand(children[0])
                .map(operand -> isNull(operand).negate().and(equal)));
    }

    private Optional<RowPredicate> binary(Expression[] children, Operator operator) {
        return children.length == 2 ? tested(operator, children) : Optional.empty();
    }

    private Optional<RowPredicate> in(Expression[] children) {
        return children.length >= 1 ? tested(Operator.IN, children) : Optional.empty();
    }

    private Optional<RowPredicate> tested(Operator operator, Expression[] children) {
        return operand(children[0]).flatMap(operand -> {
            DataType type =
                    operand.isText() ? DataTypes.StringType : operand.column().type();
            boolean strings =
                    operator == Operator.STARTS_WITH || operator == Operator.ENDS_WITH || operator == Operator.CONTAINS;
            if (strings && !type.equals(DataTypes.StringType)) {
                return Optional.empty();
            }
            List<Object> values = new ArrayList<>();
            for (Expression value : Arrays.asList(children).subList(1, children.length)) {
                if (!(value instanceof Literal<?> literal)
                        || literal.value() == null
                        || !literal.dataType().equals(type)) {
                    return Optional.empty();
                }
                values.add(literal.value());
            }
            return Optional.of(test(operand, operator, values));
        });
    }

    private Optional<PartitionOperand> operand(Expression expression) {
        if (expression instanceof Cast cast && cast.dataType().equals(DataTypes.StringType)) {
            return operand(cast.expression())
                    .filter(PartitionTranslator::isPlainText)
                    .map(PartitionOperand::asText);
        }
        return expression instanceof NamedReference reference && reference.fieldNames().length == 1
                ? columns.partition(reference.fieldNames()[0])
                : Optional.empty();
    }

    /** The types whose values CAST writes as Java does. */
    private static boolean isPlainText(PartitionOperand operand) {
        DataType type = operand.column().type();
        return type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType
                || type instanceof DateType;
    }
}
