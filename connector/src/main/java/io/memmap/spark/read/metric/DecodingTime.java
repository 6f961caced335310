package io.memmap.spark.read.metric;

/** Time that tasks spent decoding bytes, evaluating conditions and adding up. */
public final class DecodingTime extends ScanMetric {
    public DecodingTime() {
        super("time decoding", Unit.TIME);
    }
}
