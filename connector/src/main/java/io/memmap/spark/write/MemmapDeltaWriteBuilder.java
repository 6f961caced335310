package io.memmap.spark.write;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.spark.write.encode.RowEncoder;
import org.apache.spark.sql.connector.write.DeltaWrite;
import org.apache.spark.sql.connector.write.DeltaWriteBuilder;

/** Decides on the driver, before any job starts, how rows of an array are updated. Nothing that exists is touched. */
public record MemmapDeltaWriteBuilder(WriteContext context, UpdatedArray array, String queryId)
        implements DeltaWriteBuilder {
    @Override
    public DeltaWrite build() {
        return Entry.call(() -> {
            PlannedWrite plan = PlannedWrite.ofDelta(context, array);
            RowEncoder.of(array.cells());
            return new MemmapDeltaWrite(array, new MemmapBatchWrite(context, plan, queryId));
        });
    }
}
