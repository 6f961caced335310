package io.memmap.spark.read.metric;

/** Files that tasks opened; one of several partitions counts in each. */
public final class FilesOpened extends ScanMetric {
    public FilesOpened() {
        super("files opened", Unit.COUNT);
    }
}
