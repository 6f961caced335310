package io.memmap.spark.write;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.metric.WriteMetric;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.write.DeltaBatchWrite;
import org.apache.spark.sql.connector.write.DeltaWrite;
import org.apache.spark.sql.connector.write.DeltaWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * Changes of single elements of one array: a {@link MemmapBatchWrite} whose tasks take updates too. Driver side.
 */
record MemmapDeltaWrite(UpdatedArray array, MemmapBatchWrite batch) implements DeltaWrite, DeltaBatchWrite {

    @Override
    public String description() {
        return "memmap update of " + array.file().path();
    }

    /** Shown in plans. */
    @Override
    public String toString() {
        return description();
    }

    @Override
    public DeltaBatchWrite toBatch() {
        return this;
    }

    @Override
    public CustomMetric[] supportedCustomMetrics() {
        return Entry.call(() -> WriteMetric.all());
    }

    @Override
    public DeltaWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
        return Entry.call(() -> new MemmapDeltaWriterFactory(batch.start(0), array));
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
        batch.commit(messages);
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
        batch.abort(messages);
    }
}
