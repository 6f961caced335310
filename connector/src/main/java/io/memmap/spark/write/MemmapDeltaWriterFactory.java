package io.memmap.spark.write;

import io.memmap.spark.failure.Entry;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DeltaWriter;
import org.apache.spark.sql.connector.write.DeltaWriterFactory;

/** Makes the writers of an update's tasks. Crosses the wire once per stage. */
record MemmapDeltaWriterFactory(WriteJob job, UpdatedArray array) implements DeltaWriterFactory {

    @Override
    public DeltaWriter<InternalRow> createWriter(int partitionId, long taskId) {
        return Entry.call(() -> new MemmapDeltaWriter(new TaskAttempt(job, partitionId, taskId), array));
    }
}
