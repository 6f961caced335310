package io.memmap.spark.write;

import io.memmap.spark.schema.PartitionColumn;
import io.memmap.spark.schema.WrittenPartition;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;

/**
 * A write of rows to directories by values of columns. Spark sorts the rows of each task by these, so that a task has one
 * open file at a time, and moves none to another task, as in its own sources. Driver side.
 */
final class MemmapWriteByPartition extends MemmapWrite implements RequiresDistributionAndOrdering {
    private final SortOrder[] byPartition;

    MemmapWriteByPartition(WriteContext context, PlannedWrite plan, String queryId) {
        super(context, plan, queryId);
        byPartition = plan.schema().partitions().stream()
                .map(MemmapWriteByPartition::ascending)
                .toArray(SortOrder[]::new);
    }

    private static SortOrder ascending(WrittenPartition partition) {
        return Expressions.sort(Expressions.column(PartitionColumn.quoted(partition.name())), SortDirection.ASCENDING);
    }

    @Override
    public Distribution requiredDistribution() {
        return Distributions.unspecified();
    }

    @Override
    public SortOrder[] requiredOrdering() {
        return byPartition.clone();
    }
}
