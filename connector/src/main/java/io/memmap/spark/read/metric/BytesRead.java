package io.memmap.spark.read.metric;

/** Bytes of files that were mapped, or read where files cannot be mapped. */
public final class BytesRead extends ScanMetric {
    public BytesRead() {
        super("bytes mapped or read", Unit.SIZE);
    }
}
