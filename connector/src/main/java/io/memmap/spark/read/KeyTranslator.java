package io.memmap.spark.read;

import io.memmap.spark.read.aggregate.GroupKey;
import io.memmap.spark.read.formula.DoubleFormula;
import io.memmap.spark.read.formula.DoubleFormula.Arithmetic;
import io.memmap.spark.read.formula.LongFormula;
import io.memmap.spark.read.formula.LongFormula.Operation;
import io.memmap.spark.read.formula.LongFormula.Rounded;
import io.memmap.spark.read.formula.LongFormula.Truncated;
import io.memmap.spark.schema.SparkTypes;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.GeneralScalarExpression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Turns Spark's expressions of integers into {@link GroupKey}s, by a closed list of forms; whatever is not on it is
 * empty, and Spark groups. Operations arrive only where Spark's own would raise an error instead of wrapping (ANSI), so
 * only those that cannot overflow are on the list. Driver only.
 */
record KeyTranslator(NumberColumns columns) {
    private static final Map<String, Operation.Operator> OPERATIONS = Map.of(
            "%", Operation.Operator.REMAINDER,
            "&", Operation.Operator.AND,
            "|", Operation.Operator.OR,
            "^", Operation.Operator.XOR);

    private static final Map<String, Arithmetic.Operator> ARITHMETIC = Map.of(
            "+", Arithmetic.Operator.ADD,
            "-", Arithmetic.Operator.SUBTRACT,
            "*", Arithmetic.Operator.MULTIPLY,
            "/", Arithmetic.Operator.DIVIDE);

    /** The same integer; empty when any part of it is not understood. */
    Optional<GroupKey> key(Expression expression) {
        if (expression instanceof NamedReference) {
            return columns.column(expression)
                    .filter(column -> columns.isPlain(column.name()) && width(column.dataType()) > 0)
                    .map(column -> new GroupKey(new LongFormula.Column(column.name()), column.dataType()));
        }
        if (expression instanceof Literal<?> literal) {
            return width(literal.dataType()) > 0 && literal.value() instanceof Number number
                    ? Optional.of(new GroupKey(new LongFormula.Constant(number.longValue()), literal.dataType()))
                    : Optional.empty();
        }
        if (expression instanceof Cast cast) {
            return cast(cast.expression(), cast.dataType());
        }
        if (expression instanceof GeneralScalarExpression scalar) {
            Expression[] children = scalar.children();
            return switch (scalar.name()) {
                case "FLOOR", "CEIL" -> children.length == 1 ? rounded(children[0], scalar.name()) : Optional.empty();
                case "%", "&", "|", "^" ->
                    children.length == 2 ? operation(OPERATIONS.get(scalar.name()), children) : Optional.empty();
                default -> Optional.empty();
            };
        }
        return Optional.empty();
    }

    /** Bytes of an integer; 0 for all else. */
    private static int width(DataType type) {
        return SparkTypes.isInteger(type) ? type.defaultSize() : 0;
    }

    private Optional<GroupKey> cast(Expression expression, DataType type) {
        Optional<GroupKey> widened = key(expression).filter(key -> width(key.type()) <= width(type));
        if (widened.isPresent()) {
            return widened.map(key -> new GroupKey(key.formula(), type));
        }
        boolean isLong = type.equals(DataTypes.LongType);
        if (!isLong && !type.equals(DataTypes.IntegerType)) {
            return Optional.empty();
        }
        long least = isLong ? Long.MIN_VALUE : Integer.MIN_VALUE;
        long greatest = isLong ? Long.MAX_VALUE : Integer.MAX_VALUE;
        return number(expression)
                .map(number -> new GroupKey(new Truncated(number, least, greatest, type.catalogString()), type));
    }

    private Optional<GroupKey> rounded(Expression expression, String name) {
        return number(expression)
                .map(number -> new GroupKey(new Rounded(number, name.equals("CEIL")), DataTypes.LongType));
    }

    private Optional<GroupKey> operation(Operation.Operator operator, Expression[] children) {
        Optional<GroupKey> left = key(children[0]);
        Optional<GroupKey> right = key(children[1])
                .filter(key -> operator != Operation.Operator.REMAINDER
                        || (key.formula() instanceof LongFormula.Constant divisor && divisor.value() != 0));
        return left.flatMap(one -> right.filter(other -> other.type().equals(one.type()))
                .map(other -> new GroupKey(new Operation(operator, one.formula(), other.formula()), one.type())));
    }

    /** The same DOUBLE; empty when any part of it is not understood. */
    private Optional<DoubleFormula> number(Expression expression) {
        if (expression instanceof NamedReference) {
            return column(expression, false);
        }
        if (expression instanceof Literal<?> literal) {
            return literal.value() instanceof Double value
                    ? Optional.of(new DoubleFormula.Constant(value))
                    : Optional.empty();
        }
        if (expression instanceof Cast cast) {
            return cast.dataType().equals(DataTypes.DoubleType) ? column(cast.expression(), true) : Optional.empty();
        }
        return expression instanceof GeneralScalarExpression scalar
                        && scalar.children().length == 2
                        && ARITHMETIC.containsKey(scalar.name())
                ? arithmetic(ARITHMETIC.get(scalar.name()), scalar.children())
                : Optional.empty();
    }

    /** @param cast whether a number of another type becomes a double */
    private Optional<DoubleFormula> column(Expression expression, boolean cast) {
        return columns.column(expression)
                .filter(column -> columns.isPlain(column.name())
                        && (cast || column.dataType().equals(DataTypes.DoubleType)))
                .map(column -> new DoubleFormula.Column(column.name()));
    }

    private Optional<DoubleFormula> arithmetic(Arithmetic.Operator operator, Expression[] children) {
        Optional<DoubleFormula> right = number(children[1])
                .filter(number -> operator != Arithmetic.Operator.DIVIDE
                        || (number instanceof DoubleFormula.Constant divisor && divisor.value() != 0));
        return number(children[0]).flatMap(left -> right.map(other -> new Arithmetic(operator, left, other)));
    }
}
