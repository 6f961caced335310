package io.memmap.spark.read;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.Access;
import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.schema.BoundTable;
import io.memmap.storage.HadoopSettings;
import io.memmap.table.Filter;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Makes the readers of a scan's partitions. Crosses the wire once per stage, with everything that is the same for all of
 * them.
 *
 * @param table all columns of the table, bound to its files
 * @param required the columns to read, metadata columns among them
 * @param filter selects rows of those that are read
 * @param limit how many rows of a partition are wanted at most
 * @param aggregates what is wanted instead of rows, if anything
 */
record MemmapPartitionReaderFactory(
        BoundTable table,
        StructType required,
        Filter filter,
        long limit,
        PushedAggregates aggregates,
        HadoopSettings settings,
        Access access,
        boolean concurrentWrites)
        implements PartitionReaderFactory {

    boolean isFiltered() {
        return !filter.isAlways();
    }

    @Override
    public boolean supportColumnarReads(InputPartition partition) {
        return true;
    }

    @Override
    public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
        return Entry.call(() -> {
            var slices = ((MemmapInputPartition) partition).slices();
            if (aggregates.isEmpty()) {
                return new MemmapPartitionReader(this, slices);
            }
            return aggregates.isByKey() ? new GroupReader(this, slices) : new AggregateReader(this, slices);
        });
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
        return Entry.call(() -> {
            throw new UnsupportedOperationException(
                    "Cannot read rows one by one: this source has columnar batches only");
        });
    }
}
