package io.memmap.spark.read.metric;

/** Time that tasks spent opening and checking files. */
public final class OpeningTime extends ScanMetric {
    public OpeningTime() {
        super("time opening files", Unit.TIME);
    }
}
