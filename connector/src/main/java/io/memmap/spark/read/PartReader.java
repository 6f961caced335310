package io.memmap.spark.read;

import io.memmap.spark.metric.TaskCounters;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.table.Selection;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads one part of a partition, split after split and batch after batch, and gives the rows that pass the filter to a
 * {@link BatchConsumer}. Executor side, one thread; its owner closes it.
 */
final class PartReader {
    private final TaskCounters counters = new TaskCounters();
    private final BatchConsumer consumer;
    private final SplitCursor cursor;
    /** Null where all rows pass. */
    private final Selection selection;

    private final String verb;

    private long position;
    private long end;

    PartReader(MemmapPartitionReaderFactory scan, List<Split> splits) {
        TaskPlan plan = scan.plan();
        this.consumer = plan.consumer();
        this.cursor = new SplitCursor(scan, consumer::columns, splits, counters);
        this.selection = plan.isFiltered() ? new Selection(plan.filter()) : null;
        this.verb = plan.aggregates().isEmpty() ? "read" : "aggregate";
    }

    /** Takes over what another one has read of later rows. */
    void addAll(PartReader later) {
        consumer.addAll(later.consumer);
    }

    /**
     * Reads on until the consumer is full, or the part has ended.
     *
     * @param open whether to go on; asked before each look at the file
     */
    void read(BooleanSupplier open) throws IOException {
        try {
            while (open.getAsBoolean() && !consumer.isFull() && (position < end || nextSplit())) {
                long start = System.nanoTime();
                long before = position;
                cursor.read(this::readBatches);
                counters.decoded(position - before, start);
            }
        } catch (ArithmeticException e) {
            throw failure(e);
        }
    }

    /** Returns null at the end. */
    ColumnarBatch take() throws IOException {
        try {
            return consumer.take();
        } catch (ArithmeticException e) {
            throw failure(e);
        }
    }

    private IOException failure(ArithmeticException e) {
        return new IOException("Cannot " + verb + " " + cursor.split().group().files() + ": " + e.getMessage(), e);
    }

    private boolean nextSplit() throws IOException {
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

    void addTo(TaskCounters all) {
        cursor.addTo(all);
    }

    void close() throws IOException {
        cursor.close();
    }
}
