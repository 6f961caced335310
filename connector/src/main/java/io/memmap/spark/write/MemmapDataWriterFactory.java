package io.memmap.spark.write;

import io.memmap.spark.failure.Entry;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;

/** Makes the writers of a job's tasks. Crosses the wire once per stage. */
record MemmapDataWriterFactory(WriteJob job) implements DataWriterFactory {

    @Override
    public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
        return Entry.call(() -> job.kind().writer(new TaskAttempt(job, partitionId, taskId)));
    }
}
