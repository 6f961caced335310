package io.memmap.spark.write;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.metric.WriteMetric;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.Write;

/** A write of rows in the order that they come in. Driver side. */
class MemmapWrite implements Write {
    private final WriteContext context;
    private final PlannedWrite plan;
    private final String queryId;

    MemmapWrite(WriteContext context, PlannedWrite plan, String queryId) {
        this.context = context;
        this.plan = plan;
        this.queryId = queryId;
    }

    @Override
    public String description() {
        return "memmap " + plan.target().path();
    }

    /** Shown in plans. */
    @Override
    public String toString() {
        return description();
    }

    @Override
    public CustomMetric[] supportedCustomMetrics() {
        return Entry.call(WriteMetric::all);
    }

    @Override
    public BatchWrite toBatch() {
        return Entry.call(() -> new MemmapBatchWrite(context, plan, queryId));
    }
}
