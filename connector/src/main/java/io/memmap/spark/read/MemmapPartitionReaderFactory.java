package io.memmap.spark.read;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.failure.FailureForm;
import io.memmap.spark.options.Access;
import io.memmap.spark.schema.BoundTable;
import io.memmap.storage.HadoopSettings;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Makes the readers of a scan's partitions. Crosses the wire once per stage, with everything that is the same for all of
 * them.
 *
 * @param table all columns of the table, bound to its files
 * @param threads at most as many read the parts of a partition
 */
record MemmapPartitionReaderFactory(
        BoundTable table,
        TaskPlan plan,
        HadoopSettings settings,
        Access access,
        boolean concurrentWrites,
        int threads,
        FailureForm failures)
        implements PartitionReaderFactory {

    @Override
    public boolean supportColumnarReads(InputPartition partition) {
        return true;
    }

    @Override
    public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
        return Entry.call(() -> new MemmapPartitionReader(this, (MemmapInputPartition) partition));
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
        return Entry.call(() -> {
            throw new UnsupportedOperationException(
                    "Cannot read rows one by one: this source has columnar batches only");
        });
    }
}
