package io.memmap.spark.read.metric;

/** Rows that were decoded, or added up where the aggregate is pushed down, before any condition on values. */
public final class RowsRead extends ScanMetric {
    public RowsRead() {
        super("rows decoded", Unit.COUNT);
    }
}
