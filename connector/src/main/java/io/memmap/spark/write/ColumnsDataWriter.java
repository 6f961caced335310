package io.memmap.spark.write;

import io.memmap.format.ColumnArray;
import io.memmap.memory.BlockWrites;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.WriteKind.InOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Writes one task's rows into arrays side by side, each column by a writer of its own. Executor side, one task thread; Spark
 * closes it.
 */
final class ColumnsDataWriter extends TaskWriter {
    /** The memory that all columns share. */
    private static final int BUFFERS_NBYTES = 64 << 20;

    private static final int MIN_BLOCK_NBYTES = 4 << 10;

    private final List<MemmapDataWriter> columns = new ArrayList<>();

    ColumnsDataWriter(TaskAttempt attempt, InOrder kind) {
        super(attempt);
        List<WrittenSchema> arrays = attempt.job().schema().arrays();
        int share = Integer.highestOneBit(BUFFERS_NBYTES / arrays.size());
        int blockNbytes = Math.max(MIN_BLOCK_NBYTES, Math.min(BlockWrites.BLOCK_NBYTES, share));
        for (WrittenSchema array : arrays) {
            String directory = ColumnArray.directory(array.columns().get(0).field());
            columns.add(new MemmapDataWriter(attempt, kind, array, row -> directory, blockNbytes));
        }
    }

    @Override
    void append(InternalRow row) throws IOException {
        for (MemmapDataWriter column : columns) {
            column.append(row);
        }
    }

    @Override
    long rowCount() {
        return columns.get(0).rowCount();
    }

    @Override
    long nbytes() {
        return columns.stream().mapToLong(MemmapDataWriter::nbytes).sum();
    }

    /** The lengths of all columns are together those of the schema's columns. */
    @Override
    SegmentsWritten finished() throws IOException {
        List<Segment> segments = new ArrayList<>();
        List<List<Integer>> lengths = new ArrayList<>();
        boolean found = false;
        for (MemmapDataWriter column : columns) {
            SegmentsWritten written = column.finished();
            segments.addAll(written.segments());
            if (written.lengths() != null) {
                found = true;
                lengths.addAll(written.lengths());
            }
        }
        return new SegmentsWritten(attempt().partition(), segments, List.of(), found ? lengths : null);
    }

    @Override
    void release() throws IOException {
        for (MemmapDataWriter column : columns) {
            column.release();
        }
    }

    @Override
    void remove() throws IOException {
        for (MemmapDataWriter column : columns) {
            column.remove();
        }
    }
}
