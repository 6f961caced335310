package io.memmap.spark.read;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.spark.read.metric.TaskCounters;
import io.memmap.spark.read.vector.SelectedVector;
import io.memmap.table.Selection;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads the rows of one partition that the pushed condition is true for, slice after slice. Executor side. Spark closes
 * it; its batches live on the heap, so nothing of a file is reachable from them.
 *
 * <p>One thread reads, but a task that ends early may close from another: a Python function's rows are read by a thread
 * of their own (SPARK-37089). So a batch that is being read is finished before its file is unmapped, and none is read
 * after that.
 */
final class MemmapPartitionReader implements PartitionReader<ColumnarBatch> {
    private final TaskCounters counters = new TaskCounters();
    private final SliceCursor cursor;
    /** Null where there is no condition. */
    private final Selection selection;

    private final int slices;

    private long rowsLeft;
    private long position;
    private long end;
    private BatchDecoder decoder;
    private ColumnarBatch all;
    private SelectedVector[] selected;
    private ColumnarBatch some;
    private ColumnarBatch batch;
    private boolean closed;

    MemmapPartitionReader(MemmapPartitionReaderFactory scan, List<Slice> slices) {
        DecodedColumns columns =
                DecodedColumns.ofVectors(scan.required(), scan.filter().columns());
        this.cursor = new SliceCursor(scan, columns, slices, counters);
        this.selection = scan.isFiltered() ? new Selection(scan.filter()) : null;
        this.slices = slices.size();
        this.rowsLeft = scan.limit();
    }

    @Override
    public synchronized boolean next() {
        return Entry.call(this::nextBatch);
    }

    private boolean nextBatch() throws IOException {
        if (closed) {
            throw new IllegalStateException("Already closed: reader of " + slices + " slices");
        }
        do {
            if (rowsLeft == 0 || (position == end && !nextSlice())) {
                return false;
            }
            long start = System.nanoTime();
            long before = position;
            cursor.read(this::readBatch);
            counters.decoded(position - before, start);
        } while (batch.numRows() == 0);
        rowsLeft -= batch.numRows();
        return true;
    }

    private boolean nextSlice() throws IOException {
        if (!cursor.next()) {
            return false;
        }
        position = cursor.slice().start();
        end = cursor.slice().end();
        if (decoder != cursor.decoder()) {
            decoder = cursor.decoder();
            all = new ColumnarBatch(decoder.vectors());
            if (selection != null) {
                selected = Arrays.stream(decoder.vectors())
                        .map(SelectedVector::new)
                        .toArray(SelectedVector[]::new);
                some = new ColumnarBatch(Arrays.copyOf(selected, selected.length, ColumnVector[].class));
            }
        }
        return true;
    }

    private void readBatch() throws IOException {
        int count = decoder.batchRows(cursor.inputs(), position, end);
        batch = selection == null ? all : select(count);
        if (selection == null || selection.count() > 0) {
            decoder.decodeRest(cursor.inputs(), position, count);
        }
        batch.setNumRows(selection == null ? count : selection.count());
        position += count;
    }

    /** The batch for what the condition selects of the next rows. */
    private ColumnarBatch select(int count) throws IOException {
        decoder.decodeFirst(cursor.inputs(), position, count);
        decoder.enter(selection);
        selection.select(position, count);
        selection.limit(rowsLeft);
        if (selection.count() == count) {
            return all;
        }
        for (SelectedVector vector : selected) {
            vector.aim(selection.rows());
        }
        return some;
    }

    @Override
    public ColumnarBatch get() {
        return batch;
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
        return Entry.call(cursor::metrics);
    }

    @Override
    public synchronized void close() {
        closed = true;
        Entry.run(cursor::close);
    }
}
