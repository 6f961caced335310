package io.memmap.spark.read.metric;

/** Rows that conditions on positions, LIMIT and OFFSET left out before any was read. */
public final class RowsPruned extends ScanMetric {
    public RowsPruned() {
        super("rows pruned by range", Unit.COUNT);
    }
}
