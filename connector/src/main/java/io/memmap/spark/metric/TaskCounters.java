package io.memmap.spark.metric;

import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** Counts of the work of one task so far. Belongs to its thread; another one may read old values. */
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

    /**
     * The metrics so far.
     *
     * @param openNbytes mapped or read of the file that is open
     */
    public CustomTaskMetric[] values(long openNbytes) {
        return new CustomTaskMetric[] {
            new ScanMetric.FilesOpened().of(files),
            new ScanMetric.RowsRead().of(rows),
            new ScanMetric.BytesRead().of(nbytes + openNbytes),
            new ScanMetric.OpeningTime().of(openingNanos),
            new ScanMetric.DecodingTime().of(decodingNanos)
        };
    }
}
