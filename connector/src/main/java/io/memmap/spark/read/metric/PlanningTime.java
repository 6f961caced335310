package io.memmap.spark.read.metric;

/** Time that the driver spent looking at headers and cutting partitions. */
public final class PlanningTime extends ScanMetric {
    public PlanningTime() {
        super("time planning", Unit.TIME);
    }
}
