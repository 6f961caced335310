package io.memmap.spark.write;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.metric.WriteMetric;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** Writes one attempt's rows, and tells the driver what it wrote. Executor side, one task thread; Spark closes it. */
abstract class TaskWriter implements DataWriter<InternalRow> {
    private final TaskAttempt attempt;

    TaskWriter(TaskAttempt attempt) {
        this.attempt = attempt;
    }

    final TaskAttempt attempt() {
        return attempt;
    }

    abstract void append(InternalRow row) throws IOException;

    /** Rows so far. */
    abstract long rowCount();

    /** Their bytes in the array. */
    abstract long nbytes();

    /** Completes the files. */
    abstract SegmentsWritten finished() throws IOException;

    /** Closes the files. The second call does nothing. */
    abstract void release() throws IOException;

    /** Removes what this attempt wrote, after {@link #release}; another attempt's files have other names. */
    abstract void remove() throws IOException;

    @Override
    public final void write(InternalRow row) {
        try {
            append(row);
        } catch (Exception e) {
            throw Entry.failure(e);
        }
    }

    @Override
    public final CustomTaskMetric[] currentMetricsValues() {
        return Entry.call(() -> WriteMetric.ofTask(rowCount(), nbytes()));
    }

    @Override
    public final WriterCommitMessage commit() {
        Entry.run(() -> attempt.job().reports().send(finished()));
        return null;
    }

    @Override
    public final void abort() {
        Entry.run(() -> {
            release();
            remove();
        });
    }

    @Override
    public final void close() {
        Entry.run(this::release);
    }
}
