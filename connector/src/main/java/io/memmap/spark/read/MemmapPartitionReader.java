package io.memmap.spark.read;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.metric.TaskCounters;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.table.Selection;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads one partition, split after split and batch after batch, and gives the rows that pass the filter to a
 * {@link BatchConsumer}. Executor side. Spark closes it; its batches live on the heap, so nothing of a file is reachable
 * from them.
 *
 * <p>One thread reads, but a task that ends early may close from another: a Python function's rows are read by a thread
 * of their own (SPARK-37089). So a batch that is being read is finished before its file is unmapped, and none is read
 * after that.
 */
final class MemmapPartitionReader implements PartitionReader<ColumnarBatch> {
    private final TaskCounters counters = new TaskCounters();
    private final BatchConsumer consumer;
    private final SplitCursor cursor;
    /** Null where all rows pass. */
    private final Selection selection;

    private final String verb;
    private final int splits;

    private long position;
    private long end;
    private ColumnarBatch batch;
    private volatile boolean closed;

    MemmapPartitionReader(MemmapPartitionReaderFactory scan, List<Split> splits) {
        TaskPlan plan = scan.plan();
        this.consumer = plan.consumer();
        this.cursor = new SplitCursor(scan, consumer::columns, splits, counters);
        this.selection = plan.isFiltered() ? new Selection(plan.filter()) : null;
        this.verb = plan.aggregates().isEmpty() ? "read" : "aggregate";
        this.splits = splits.size();
    }

    @Override
    public synchronized boolean next() {
        return Entry.call(this::nextBatch);
    }

    private boolean nextBatch() throws IOException {
        checkOpen();
        try {
            while (!consumer.isFull() && (position < end || nextSlice())) {
                checkOpen();
                long start = System.nanoTime();
                long before = position;
                cursor.read(this::readBatches);
                counters.decoded(position - before, start);
            }
            batch = consumer.take();
        } catch (ArithmeticException e) {
            throw new IOException(
                    "Cannot " + verb + " " + cursor.split().group().files() + ": " + e.getMessage(), e);
        }
        return batch != null;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("Already closed: reader of " + splits + " slices");
        }
    }

    private boolean nextSlice() throws IOException {
        if (!cursor.next()) {
            return false;
        }
        position = cursor.split().start();
        end = cursor.split().end();
        if (selection != null) {
            cursor.decoder().enter(selection);
        }
        return true;
    }

    /** Reads at least one batch. */
    private void readBatches() throws IOException {
        BatchDecoder decoder = cursor.decoder();
        long rows = consumer.checkNbytes() / Math.max(decoder.rowNbytes(), 1);
        long checked = end - position > rows ? position + rows : end;
        do {
            int count = decoder.batchRows(cursor.inputs(), position, end);
            readBatch(decoder, count);
            position += count;
        } while (position < checked && !consumer.isFull());
    }

    private void readBatch(BatchDecoder decoder, int count) throws IOException {
        if (selection != null) {
            decoder.decodeFirst(cursor.inputs(), position, count);
            if (selection.select(position, count) == 0) {
                return;
            }
        }
        decoder.decodeRest(cursor.inputs(), position, count);
        consumer.add(decoder, selection, count);
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
    public void close() {
        closed = true;
        synchronized (this) {
            Entry.run(cursor::close);
        }
    }
}
