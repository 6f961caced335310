package io.memmap.spark.write;

import io.memmap.spark.options.ColumnNames;
import io.memmap.spark.schema.WrittenPartition;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;

/** A write of rows that Spark sorts before the tasks get them. Driver side. */
final class MemmapSortedWrite extends MemmapWrite implements RequiresDistributionAndOrdering {
    private final Distribution distribution;
    private final SortOrder[] order;

    private MemmapSortedWrite(
            WriteContext context, PlannedWrite plan, String queryId, Distribution distribution, SortOrder[] order) {
        super(context, plan, queryId);
        this.distribution = distribution;
        this.order = order;
    }

    /**
     * Rows that carry their index. Spark sorts them across tasks, so that each task touches one range of the array and an
     * index that comes twice comes twice to the same task.
     */
    static MemmapSortedWrite byIndex(WriteContext context, PlannedWrite plan, String queryId) {
        SortOrder[] byIndex = ascending(context.options().rowColumn().stream());
        return new MemmapSortedWrite(context, plan, queryId, Distributions.ordered(byIndex), byIndex);
    }

    /**
     * Rows that go to directories by values of columns. Spark sorts the rows of each task, so that a task has one open file
     * at a time, and moves none to another task, as in its own sources.
     */
    static MemmapSortedWrite byPartition(WriteContext context, PlannedWrite plan, String queryId) {
        SortOrder[] byPartition = ascending(plan.schema().partitions().stream().map(WrittenPartition::name));
        return new MemmapSortedWrite(context, plan, queryId, Distributions.unspecified(), byPartition);
    }

    private static SortOrder[] ascending(Stream<String> columns) {
        return columns.map(
                        name -> Expressions.sort(Expressions.column(ColumnNames.quoted(name)), SortDirection.ASCENDING))
                .toArray(SortOrder[]::new);
    }

    @Override
    public Distribution requiredDistribution() {
        return distribution;
    }

    @Override
    public SortOrder[] requiredOrdering() {
        return order.clone();
    }
}
