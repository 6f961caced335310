package io.memmap.spark.metric;

import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** Counts of the work of one thread of a task so far. Belongs to it; another one may read old values. */
public final class TaskCounters {
    private long files;
    private long rows;
    private long nbytes;
    private long openingNanos;
    private long decodingNanos;

    public void opened(long startNanos) {
        files++;
        openingNanos += System.nanoTime() - startNanos;
    }

    /** Counts what was mapped or read of a file since it was opened. */
    public void closed(long fileNbytes) {
        nbytes += fileNbytes;
    }

    public void decoded(long batchRows, long startNanos) {
        rows += batchRows;
        decodingNanos += System.nanoTime() - startNanos;
    }

    public void add(TaskCounters other) {
        files += other.files;
        rows += other.rows;
        nbytes += other.nbytes;
        openingNanos += other.openingNanos;
        decodingNanos += other.decodingNanos;
    }

    /** The metrics so far. */
    public CustomTaskMetric[] values() {
        return new CustomTaskMetric[] {
            new ScanMetric.FilesOpened().of(files),
            new ScanMetric.RowsRead().of(rows),
            new ScanMetric.BytesRead().of(nbytes),
            new ScanMetric.OpeningTime().of(openingNanos),
            new ScanMetric.DecodingTime().of(decodingNanos)
        };
    }
}
