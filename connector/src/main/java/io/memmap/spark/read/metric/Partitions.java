package io.memmap.spark.read.metric;

/** Partitions that were planned. */
public final class Partitions extends ScanMetric {
    public Partitions() {
        super("partitions", Unit.COUNT);
    }
}
