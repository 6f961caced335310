package io.memmap.spark.read.aggregate;

import io.memmap.spark.read.aggregate.Aggregate.Function;
import io.memmap.spark.read.number.Totals;
import io.memmap.spark.read.vector.ValuesVector;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The aggregates that a scan answers instead of rows, for all rows or for each file. Immutable; crosses the wire.
 *
 * @param byFile the name of the grouping column, which holds the file; empty where there are no groups
 */
public record PushedAggregates(String byFile, List<Aggregate> aggregates) implements Serializable {
    public static final PushedAggregates NONE = new PushedAggregates("", List.of());

    /** What one group has come to. */
    public record Group(String file, long rows, Map<String, Totals> totals) {}

    public boolean isEmpty() {
        return aggregates.isEmpty();
    }

    public boolean isGrouped() {
        return !byFile.isEmpty();
    }

    /** Whether rows are counted and no value matters. */
    public boolean countRowsOnly() {
        return aggregates.stream().allMatch(aggregate -> aggregate.function() == Function.COUNT_ROWS);
    }

    /** New totals for each column that is aggregated. */
    public Map<String, Totals> newTotals() {
        Map<String, Totals> totals = new TreeMap<>();
        for (Aggregate aggregate : aggregates) {
            if (aggregate.column() != null) {
                totals.computeIfAbsent(
                        aggregate.column(),
                        column -> new Totals(asks(column, Function.SUM), asks(column, Function.MIN, Function.MAX)));
            }
        }
        return totals;
    }

    private boolean asks(String column, Function... functions) {
        return aggregates.stream()
                .anyMatch(aggregate ->
                        column.equals(aggregate.column()) && List.of(functions).contains(aggregate.function()));
    }

    /** The grouping column, if any, and a column for each aggregate. */
    public StructType structType() {
        List<StructField> fields = new ArrayList<>();
        if (isGrouped()) {
            fields.add(new StructField(byFile, DataTypes.StringType, false, Metadata.empty()));
        }
        for (Aggregate aggregate : aggregates) {
            fields.add(new StructField(aggregate.name(), aggregate.type(), true, Metadata.empty()));
        }
        return new StructType(fields.toArray(StructField[]::new));
    }

    /**
     * A row for each group.
     *
     * @throws ArithmeticException when a sum leaves its type; the message has no subject
     */
    public ColumnarBatch batch(List<Group> groups) {
        List<ColumnVector> columns = new ArrayList<>();
        if (isGrouped()) {
            columns.add(new ValuesVector(
                    DataTypes.StringType,
                    groups.stream()
                            .map(group -> (Object) UTF8String.fromString(group.file()))
                            .toArray()));
        }
        for (Aggregate aggregate : aggregates) {
            columns.add(new ValuesVector(
                    aggregate.type(),
                    groups.stream()
                            .map(group -> aggregate.value(
                                    group.rows(),
                                    aggregate.column() == null
                                            ? null
                                            : group.totals().get(aggregate.column())))
                            .toArray()));
        }
        return new ColumnarBatch(columns.toArray(ColumnVector[]::new), groups.size());
    }

    @Override
    public String toString() {
        return aggregates.stream().map(Aggregate::name).collect(Collectors.joining(", "))
                + (isGrouped() ? " by " + byFile : "");
    }
}
