package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.spark.read.decode.ArrayDecoder;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads one partition, slice after slice, with one file open at a time. Executor side. Spark closes it; its batches live
 * on the heap, so nothing of a file is reachable from them.
 *
 * <p>One thread reads, but a task that ends early may close from another: a Python function's rows are read by a thread
 * of their own (SPARK-37089). So a batch that is being read is finished before its file is unmapped, and none is read
 * after that.
 */
final class MemmapPartitionReader implements PartitionReader<ColumnarBatch> {
    private final MemmapPartitionReaderFactory scan;
    private final List<Slice<ArrayFile>> slices;

    private int nextSlice;
    private long position;
    private long end;
    private Slice<ArrayFile> opened;
    private ArrayDecoder decoder;
    private ArrayInput input;
    private ColumnarBatch batch;
    private boolean closed;

    MemmapPartitionReader(MemmapPartitionReaderFactory scan, List<Slice<ArrayFile>> slices) {
        this.scan = scan;
        this.slices = slices;
    }

    @Override
    public synchronized boolean next() throws IOException {
        boolean sliceEnded = position == end;
        if (sliceEnded && nextSlice == slices.size()) {
            endFile();
            return false;
        }
        if (closed) {
            throw new IllegalStateException("Already closed: reader of " + slices.size() + " slices");
        }
        if (sliceEnded) {
            start(slices.get(nextSlice));
            nextSlice++;
        }
        input.read(() -> batch = decoder.decode(input, position, end));
        position += batch.numRows();
        return true;
    }

    private void start(Slice<ArrayFile> slice) throws IOException {
        if (!ofSameShard(slice, opened)) {
            endFile();
            open(slice);
        }
        position = slice.start();
        end = slice.end();
    }

    /** Opens the file of this slice for it and for those behind it that are of the same file. */
    private void open(Slice<ArrayFile> slice) throws IOException {
        ArrayFile file = slice.file();
        decoder = new ArrayDecoder(file, slice.firstRow(), scan.options(), scan.table(), scan.required());
        List<ByteRange> ranges = new ArrayList<>();
        for (int i = nextSlice; i < slices.size() && ofSameShard(slices.get(i), slice); i++) {
            ranges.addAll(decoder.ranges(slices.get(i).start(), slices.get(i).end()));
        }
        Storage storage = Storage.of(file.path(), scan.settings());
        input = scan.positioned()
                ? storage.openRead(file, scan.concurrentWrites())
                : storage.openMapped(file, ranges, scan.concurrentWrites());
        opened = slice;
    }

    /** A file that was given twice is two shards, whose rows count differently. */
    private static boolean ofSameShard(Slice<ArrayFile> slice, Slice<ArrayFile> other) {
        return other != null
                && slice.firstRow() == other.firstRow()
                && slice.file().equals(other.file());
    }

    @Override
    public ColumnarBatch get() {
        return batch;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        endFile();
    }

    /** A query that stops early has got rows too, whose file must have been the planned one. */
    private void endFile() throws IOException {
        if (input != null) {
            try (ArrayInput ended = input) {
                input = null;
                opened = null;
                ended.finish();
            }
        }
    }
}
