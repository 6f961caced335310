package io.memmap.spark.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;

/** Makes the writers of a job's tasks. Crosses the wire once per stage. */
record MemmapDataWriterFactory(WriteJob job) implements DataWriterFactory {

    @Override
    public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
        try {
            return job.layout() == null
                    ? new MemmapDataWriter(job, partitionId, taskId)
                    : new PatchDataWriter(job, partitionId, taskId);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
