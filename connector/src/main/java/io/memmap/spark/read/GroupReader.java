package io.memmap.spark.read;

import io.memmap.compute.Numbers;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.read.aggregate.GroupTotals;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.spark.read.metric.TaskCounters;
import io.memmap.table.Selection;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Adds up one partition by keys: a row for each group. Where there are many groups, those so far are handed out and
 * forgotten, and may come again; Spark adds up what is of one group. Executor side. Spark may close it from another
 * thread, and it stops.
 */
final class GroupReader implements PartitionReader<ColumnarBatch> {
    /** File bytes that are added up between two looks at the file. */
    private static final long CHECK_NBYTES = 4L << 20;

    private final TaskCounters counters = new TaskCounters();
    private final List<Slice> slices;
    private final SliceCursor cursor;
    private final Set<String> columns;
    private final GroupTotals totals;
    /** Null where there is no condition. */
    private final Selection selection;

    private final Map<String, Numbers> selected = new HashMap<>();

    private long position;
    private long end;
    private ColumnarBatch batch;
    private volatile boolean closed;

    GroupReader(MemmapPartitionReaderFactory scan, List<Slice> slices) {
        this.slices = slices;
        this.columns = scan.aggregates().columns();
        this.cursor =
                new SliceCursor(scan, DecodedColumns.ofNumbers(scan.filter().columns(), columns), slices, counters);
        this.totals = new GroupTotals(scan.aggregates());
        this.selection = scan.isFiltered() ? new Selection(scan.filter()) : null;
    }

    @Override
    public synchronized boolean next() {
        return Entry.call(this::nextBatch);
    }

    private boolean nextBatch() throws IOException {
        while (!closed && !totals.isFull() && (position < end || nextSlice())) {
            long start = System.nanoTime();
            long before = position;
            try {
                cursor.read(this::addRows);
            } catch (ArithmeticException e) {
                throw cannot(cursor.slice(), e);
            }
            counters.decoded(position - before, start);
        }
        if (closed) {
            throw new IllegalStateException("Already closed: reader of " + slices.size() + " slices");
        }
        try {
            batch = totals.drain();
        } catch (ArithmeticException e) {
            throw cannot(slices.get(0), e);
        }
        return batch.numRows() > 0;
    }

    private static IOException cannot(Slice slice, ArithmeticException e) {
        return new IOException("Cannot aggregate " + slice.group().files() + ": " + e.getMessage(), e);
    }

    private boolean nextSlice() throws IOException {
        if (!cursor.next()) {
            return false;
        }
        position = cursor.slice().start();
        end = cursor.slice().end();
        return true;
    }

    private void addRows() throws IOException {
        BatchDecoder decoder = cursor.decoder();
        long rows = Math.max(1, CHECK_NBYTES / Math.max(decoder.rowNbytes(), 1));
        long to = end - position > rows ? position + rows : end;
        while (position < to && !totals.isFull()) {
            int count = decoder.batchRows(cursor.inputs(), position, to);
            addBatch(decoder, count);
            position += count;
        }
    }

    private void addBatch(BatchDecoder decoder, int count) throws IOException {
        decoder.decodeFirst(cursor.inputs(), position, count);
        int found = count;
        if (selection != null) {
            decoder.enter(selection);
            found = selection.select(position, count);
        }
        if (found == 0) {
            return;
        }
        decoder.decodeRest(cursor.inputs(), position, count);
        if (found == count) {
            totals.add(decoder::numbers, count);
            return;
        }
        for (String column : columns) {
            selected.put(column, decoder.numbers(column).selected(selection.rows(), found));
        }
        totals.add(selected::get, found);
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
