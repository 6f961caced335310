package io.memmap.spark.read;

import io.memmap.compute.KernelChoice;
import io.memmap.compute.Numbers;
import io.memmap.compute.Totals;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.read.aggregate.PushedAggregates.Group;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.spark.read.metric.TaskCounters;
import io.memmap.table.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up one partition: one row with the totals of its rows, or one for each of its files. Executor side. All of it is
 * done in the first {@link #next}, which leaves nothing open; Spark may close it from another thread meanwhile, and it
 * stops.
 */
final class AggregateReader implements PartitionReader<ColumnarBatch> {
    private static final Logger LOG = LoggerFactory.getLogger(AggregateReader.class);

    /** The last line about kernels in the log: one is written where they change. */
    private static volatile String kernels = "";

    /** File bytes that are added up between two looks at the file. */
    private static final long CHECK_NBYTES = 64L << 20;

    private final MemmapPartitionReaderFactory scan;
    private final PushedAggregates aggregates;
    private final List<Slice> slices;
    private final List<Group> groups = new ArrayList<>();
    private final TaskCounters counters = new TaskCounters();

    private SliceCursor cursor;
    private ColumnarBatch batch;
    private volatile boolean closed;

    AggregateReader(MemmapPartitionReaderFactory scan, List<Slice> slices) {
        this.scan = scan;
        this.aggregates = scan.aggregates();
        this.slices = slices;
        logKernels(KernelChoice.description());
    }

    private static void logKernels(String description) {
        if (!description.equals(kernels)) {
            kernels = description;
            LOG.info("Aggregates are computed by {}", description);
        }
    }

    @Override
    public boolean next() {
        return Entry.call(this::nextBatch);
    }

    private boolean nextBatch() throws IOException {
        checkOpen();
        if (batch != null) {
            return false;
        }
        // The slices of a partition are in the order of the files, so those of a file are neighbours.
        for (int from = 0; from < slices.size() && aggregates.isByFile(); ) {
            int to = from + 1;
            while (to < slices.size() && path(slices.get(to)).equals(path(slices.get(from)))) {
                to++;
            }
            add(slices.subList(from, to));
            from = to;
        }
        if (!aggregates.isByFile()) {
            add(slices);
        }
        try {
            batch = aggregates.batch(groups);
        } catch (ArithmeticException e) {
            throw new IOException(
                    "Cannot aggregate "
                            + (slices.isEmpty()
                                    ? "nothing"
                                    : slices.get(0).group().files()) + ": " + e.getMessage(),
                    e);
        }
        return batch.numRows() > 0;
    }

    private static String path(Slice slice) {
        return slice.group().path().orElse("");
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("Already closed: reader of " + slices.size() + " slices");
        }
    }

    private void add(List<Slice> group) throws IOException {
        Map<String, Totals> totals = aggregates.newTotals();
        long rows;
        if (scan.isFiltered()) {
            rows = addSelected(group, totals);
        } else {
            rows = group.stream().mapToLong(Slice::rowCount).sum();
            if (!totals.isEmpty()) {
                addAll(group, totals);
            }
        }
        if (rows > 0 || !aggregates.isByFile()) {
            groups.add(new Group(group.isEmpty() ? "" : path(group.get(0)), rows, totals));
        }
    }

    private void addAll(List<Slice> group, Map<String, Totals> totals) throws IOException {
        forEachBatch(
                group,
                DecodedColumns.ofTotals(totals),
                (decoder, start, count) -> decoder.decodeRest(cursor.inputs(), start, count));
    }

    private long addSelected(List<Slice> group, Map<String, Totals> totals) throws IOException {
        DecodedColumns columns = DecodedColumns.ofNumbers(scan.filter().columns(), aggregates.columns());
        Selection selection = new Selection(scan.filter());
        long[] rows = {0};
        forEachBatch(group, columns, (decoder, start, count) -> {
            decoder.enter(selection);
            decoder.decodeFirst(cursor.inputs(), start, count);
            int selected = selection.select(start, count);
            if (selected == 0) {
                return;
            }
            rows[0] += selected;
            decoder.decodeRest(cursor.inputs(), start, count);
            totals.forEach((name, total) -> {
                Numbers numbers = decoder.numbers(name);
                if (selected == count) {
                    numbers.addTo(total, count);
                } else {
                    numbers.addTo(total, selection.rows(), selected);
                }
            });
        });
        return rows[0];
    }

    /** Work on the {@code count} table rows from {@code start} on of the open file. */
    @FunctionalInterface
    private interface BatchWork {
        void run(BatchDecoder decoder, long start, int count) throws IOException;
    }

    private void forEachBatch(List<Slice> group, DecodedColumns columns, BatchWork work) throws IOException {
        try (SliceCursor opened = new SliceCursor(scan, columns, group, counters)) {
            cursor = opened;
            while (opened.next()) {
                BatchDecoder decoder = opened.decoder();
                long end = opened.slice().end();
                long step = Math.max(1, CHECK_NBYTES / Math.max(decoder.rowNbytes(), 1));
                for (long start = opened.slice().start(); start < end; ) {
                    checkOpen();
                    long from = start;
                    long started = System.nanoTime();
                    long to = end - start > step ? start + step : end;
                    opened.read(() -> {
                        for (long at = from; at < to; ) {
                            int count = decoder.batchRows(cursor.inputs(), at, to);
                            work.run(decoder, at, count);
                            at += count;
                        }
                    });
                    counters.decoded(to - from, started);
                    start = to;
                }
            }
        }
    }

    @Override
    public ColumnarBatch get() {
        return batch;
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
        return Entry.call(() -> counters.values(0));
    }

    @Override
    public void close() {
        closed = true;
    }
}
