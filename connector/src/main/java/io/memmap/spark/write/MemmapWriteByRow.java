package io.memmap.spark.write;

import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;

/**
 * A write of rows that carry their index: Spark sorts them, strictly, so that each task touches one range of the array and
 * an index that comes twice comes twice to the same task. Driver side.
 */
final class MemmapWriteByRow extends MemmapWrite implements RequiresDistributionAndOrdering {
    private final SortOrder[] byIndex;

    MemmapWriteByRow(WriteContext context, PlannedWrite plan, String queryId) {
        super(context, plan, queryId);
        byIndex = new SortOrder[] {
            Expressions.sort(
                    Expressions.column(
                            "`" + context.options().rowColumn().orElseThrow().replace("`", "``") + "`"),
                    SortDirection.ASCENDING)
        };
    }

    @Override
    public Distribution requiredDistribution() {
        return Distributions.ordered(byIndex);
    }

    @Override
    public SortOrder[] requiredOrdering() {
        return byIndex.clone();
    }

    @Override
    public boolean distributionStrictlyRequired() {
        return true;
    }
}
