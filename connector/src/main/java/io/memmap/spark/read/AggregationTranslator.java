package io.memmap.spark.read;

import io.memmap.spark.read.RowColumns.Meaning;
import io.memmap.spark.read.aggregate.Aggregate;
import io.memmap.spark.read.aggregate.Aggregate.Function;
import io.memmap.spark.read.aggregate.GroupKey;
import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.schema.SparkTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Avg;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.connector.expressions.aggregate.Sum;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Turns what Spark wants to aggregate into {@link PushedAggregates}, or nothing where any of it is Spark's to do. */
record AggregationTranslator(NumberColumns numbers, RowColumns rowColumns) {
    /** With fewer rows than this no sum of INT leaves BIGINT. */
    private static final long MAX_INT_ROWS = 1L << 32;

    /**
     * Returns true if an average cannot be taken as a sum and a count, which is what Spark makes of it: Spark itself adds up
     * averages as doubles, and the sum, in BIGINT, may overflow where they do not.
     *
     * @param rowCount of the table
     */
    boolean averagesLongs(Aggregation aggregation, double rowCount) {
        return Arrays.stream(aggregation.aggregateExpressions())
                .anyMatch(function -> function instanceof Avg average
                        && numbers.column(average.column())
                                .filter(column -> column.dataType().equals(DataTypes.LongType)
                                        || (column.dataType().equals(DataTypes.IntegerType)
                                                && rowCount >= MAX_INT_ROWS))
                                .isPresent());
    }

    Optional<PushedAggregates> translate(Aggregation aggregation) {
        Expression[] groups = aggregation.groupByExpressions();
        boolean isByFile = groups.length == 1 && isFile(groups[0]);
        List<GroupKey> keys = isByFile
                ? List.of()
                : Arrays.stream(groups)
                        .map(new KeyTranslator(numbers)::key)
                        .flatMap(Optional::stream)
                        .toList();
        if (!isByFile && keys.size() < groups.length) {
            return Optional.empty();
        }
        List<Aggregate> aggregates = new ArrayList<>();
        for (AggregateFunc function : aggregation.aggregateExpressions()) {
            Optional<Aggregate> translated = translate(function);
            if (translated.isEmpty() || !(keys.isEmpty() || isGroupable(translated.get()))) {
                return Optional.empty();
            }
            aggregates.add(translated.get());
        }
        String byFile = isByFile ? RowColumns.name(groups[0]).orElseThrow() : "";
        return aggregates.isEmpty() ? Optional.empty() : Optional.of(new PushedAggregates(byFile, keys, aggregates));
    }

    private boolean isGroupable(Aggregate aggregate) {
        return aggregate.column() == null || numbers.isPlain(aggregate.column());
    }

    private boolean isFile(Expression expression) {
        return RowColumns.name(expression)
                .flatMap(rowColumns::meaning)
                .filter(Meaning.FILE::equals)
                .isPresent();
    }

    private Optional<Aggregate> translate(AggregateFunc function) {
        if (function instanceof CountStar) {
            return Optional.of(new Aggregate(Function.COUNT_ROWS, null, DataTypes.LongType));
        } else if (function instanceof Count count && !count.isDistinct()) {
            return count(count.column());
        } else if (function instanceof Sum sum && !sum.isDistinct()) {
            return numbers.column(sum.column()).flatMap(column -> sumType(column.dataType())
                    .map(type -> new Aggregate(Function.SUM, column.name(), type)));
        } else if (function instanceof Min min) {
            return extreme(Function.MIN, min.column());
        } else if (function instanceof Max max) {
            return extreme(Function.MAX, max.column());
        }
        return Optional.empty();
    }

    private Optional<Aggregate> count(Expression expression) {
        if (neverNull(expression)) {
            return Optional.of(new Aggregate(Function.COUNT_ROWS, null, DataTypes.LongType));
        }
        return numbers.column(expression)
                .map(column -> new Aggregate(Function.COUNT, column.name(), DataTypes.LongType));
    }

    private boolean neverNull(Expression expression) {
        return numbers.isNeverNull(expression)
                || RowColumns.name(expression).flatMap(rowColumns::meaning).isPresent();
    }

    /** None for DECIMAL: Spark casts the sum of each partition to the type of the column, which few values of u8 leave. */
    private static Optional<DataType> sumType(DataType type) {
        if (type.equals(DataTypes.FloatType) || type.equals(DataTypes.DoubleType)) {
            return Optional.of(DataTypes.DoubleType);
        }
        return SparkTypes.isInteger(type) ? Optional.of(DataTypes.LongType) : Optional.empty();
    }

    private Optional<Aggregate> extreme(Function function, Expression expression) {
        return numbers.column(expression)
                .filter(column -> !column.dataType().equals(DataTypes.BooleanType))
                .map(column -> new Aggregate(function, column.name(), column.dataType()));
    }
}
