package io.memmap.spark.read;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.metric.TaskCounters;
import io.memmap.storage.SideBySide;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads one partition. Executor side. Spark closes it; its batches live on the heap, so nothing of a file is reachable from
 * them.
 *
 * <p>The task's thread reads, and others if the partition has several parts. A task that ends early may close from yet another:
 * a Python function's rows are read by a thread of their own (SPARK-37089). So a batch that is being read is finished before
 * its file is unmapped, and none is read after that.
 */
final class MemmapPartitionReader implements PartitionReader<ColumnarBatch> {
    private final List<PartReader> parts;
    /** Hands out the rows of all parts. */
    private final PartReader first;

    private final int splits;
    private final int threads;
    /** Null outside of a task. Other threads than the task's have none of their own. */
    private final TaskContext task = TaskContext.get();

    private ColumnarBatch batch;
    private volatile boolean closed;

    MemmapPartitionReader(MemmapPartitionReaderFactory scan, MemmapInputPartition partition) {
        this.parts = partition.parts().stream()
                .map(part -> new PartReader(scan, part))
                .toList();
        this.first = parts.get(0);
        this.splits = partition.parts().stream().mapToInt(List::size).sum();
        this.threads = scan.threads();
    }

    @Override
    public synchronized boolean next() {
        return Entry.call(this::nextBatch);
    }

    private boolean nextBatch() throws IOException {
        checkOpen();
        if (parts.size() == 1 || batch != null) {
            first.read(this::isOpen);
        } else {
            SideBySide.toTheEnd("add up " + splits + " slices", threads, parts, part -> part.read(this::isOpen));
            parts.stream().skip(1).forEach(first::addAll);
        }
        checkOpen();
        batch = first.take();
        return batch != null;
    }

    /** Looks for the end of the task too: Spark looks only between batches, and all totals are one batch. */
    private boolean isOpen() {
        return !closed && !isKilled();
    }

    private boolean isKilled() {
        return task != null && task.isInterrupted();
    }

    private void checkOpen() throws InterruptedIOException {
        if (closed) {
            throw new IllegalStateException("Already closed: reader of " + splits + " slices");
        } else if (isKilled()) {
            throw new InterruptedIOException("Cannot read " + splits + " slices: Spark has ended the task");
        }
    }

    @Override
    public ColumnarBatch get() {
        return batch;
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
        return Entry.call(() -> {
            TaskCounters all = new TaskCounters();
            parts.forEach(part -> part.addTo(all));
            return all.values();
        });
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            Entry.run(this::closeAll);
        }
    }

    private void closeAll() throws IOException {
        Throwable failure = null;
        for (PartReader part : parts) {
            try {
                part.close();
            } catch (Throwable e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        SplitCursor.rethrow(failure);
    }
}
