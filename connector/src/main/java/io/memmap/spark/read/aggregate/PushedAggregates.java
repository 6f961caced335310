package io.memmap.spark.read.aggregate;

import io.memmap.compute.Totals;
import io.memmap.spark.read.aggregate.Aggregate.Function;
import io.memmap.spark.read.vector.ValuesVector;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The aggregates that a scan answers instead of rows: for all rows, for each file, or for each group of rows whose keys
 * are equal. Immutable; crosses the wire.
 *
 * @param byFile the name of the grouping column, which holds the file; empty where it does not group
 * @param keys what groups; empty where nothing does, or files do
 */
public record PushedAggregates(String byFile, List<GroupKey> keys, List<Aggregate> aggregates) implements Serializable {
    public static final PushedAggregates NONE = new PushedAggregates("", List.of(), List.of());

    /** The totals of one file, or of all. */
    public record Group(String file, long rows, Map<String, Totals> totals) {}

    public boolean isEmpty() {
        return aggregates.isEmpty();
    }

    public boolean isByFile() {
        return !byFile.isEmpty();
    }

    public boolean isByKey() {
        return !keys.isEmpty();
    }

    /** Returns true if rows are counted and no value matters. */
    public boolean countRowsOnly() {
        return !isByKey() && aggregates.stream().allMatch(aggregate -> aggregate.function() == Function.COUNT_ROWS);
    }

    /** The columns whose numbers it needs. */
    public Set<String> columns() {
        Set<String> columns = new TreeSet<>();
        keys.forEach(key -> columns.addAll(key.formula().columns()));
        aggregates.stream()
                .filter(aggregate -> aggregate.column() != null)
                .forEach(aggregate -> columns.add(aggregate.column()));
        return columns;
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

    boolean asks(String column, Function... functions) {
        return aggregates.stream()
                .anyMatch(aggregate ->
                        column.equals(aggregate.column()) && List.of(functions).contains(aggregate.function()));
    }

    /** The grouping columns, if any, and a column for each aggregate. */
    public StructType structType() {
        List<StructField> fields = new ArrayList<>();
        if (isByFile()) {
            fields.add(new StructField(byFile, DataTypes.StringType, false, Metadata.empty()));
        }
        for (GroupKey key : keys) {
            fields.add(new StructField(key.toString(), key.type(), false, Metadata.empty()));
        }
        for (Aggregate aggregate : aggregates) {
            fields.add(new StructField(aggregate.name(), aggregate.type(), true, Metadata.empty()));
        }
        return new StructType(fields.toArray(StructField[]::new));
    }

    /**
     * A row for each file, or one for everything.
     *
     * @throws ArithmeticException when a sum leaves its type; the message has no subject
     */
    public ColumnarBatch batch(List<Group> groups) {
        List<ColumnVector> columns = new ArrayList<>();
        if (isByFile()) {
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
        List<String> by = new ArrayList<>();
        if (isByFile()) {
            by.add(byFile);
        }
        keys.forEach(key -> by.add(key.toString()));
        return aggregates.stream().map(Aggregate::name).collect(Collectors.joining(", "))
                + (by.isEmpty() ? "" : " by " + String.join(", ", by));
    }
}
