package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.spark.read.decode.ArrayDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.spark.read.metric.TaskCounters;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** Walks over the slices of one partition, with one file open at a time. Executor side, one thread; its owner closes it. */
final class SliceCursor implements AutoCloseable {
    private final MemmapPartitionReaderFactory scan;
    private final DecodedColumns columns;
    private final List<Slice<ArrayFile>> slices;
    private final TaskCounters counters;

    private int next;
    private Slice<ArrayFile> slice;
    private ArrayDecoder decoder;
    private ArrayInput input;

    SliceCursor(
            MemmapPartitionReaderFactory scan,
            DecodedColumns columns,
            List<Slice<ArrayFile>> slices,
            TaskCounters counters) {
        this.scan = scan;
        this.columns = columns;
        this.slices = slices;
        this.counters = counters;
    }

    /** Moves on to the next slice, if there is one, and opens its file, unless it is open. */
    boolean next() throws IOException {
        if (next == slices.size()) {
            close();
            return false;
        }
        Slice<ArrayFile> following = slices.get(next);
        if (input == null || !ofSameShard(following, slice)) {
            close();
            open(following);
        }
        slice = following;
        next++;
        return true;
    }

    /** Opens the file of this slice for it and for those after it that are of the same file. */
    private void open(Slice<ArrayFile> first) throws IOException {
        long opening = System.nanoTime();
        ArrayFile file = first.file();
        decoder = new ArrayDecoder(file, first.firstRow(), scan.options(), scan.table(), columns);
        List<List<ByteRange>> ranges = new ArrayList<>();
        for (int i = next; i < slices.size() && ofSameShard(slices.get(i), first); i++) {
            ranges.addAll(decoder.ranges(slices.get(i).start(), slices.get(i).end()));
        }
        Storage storage = Storage.of(file.path(), scan.settings());
        input = switch (scan.access()) {
            case AUTO -> storage.open(file, ranges, scan.concurrentWrites());
            case MAP -> storage.openMapped(file, ranges, scan.concurrentWrites());
            case READ -> storage.openRead(file, ranges, scan.concurrentWrites());
        };
        counters.opened(opening);
    }

    /** A file that was given twice is two shards, whose rows count differently. */
    private static boolean ofSameShard(Slice<ArrayFile> slice, Slice<ArrayFile> other) {
        return slice.firstRow() == other.firstRow() && slice.file().equals(other.file());
    }

    Slice<ArrayFile> slice() {
        return slice;
    }

    ArrayDecoder decoder() {
        return decoder;
    }

    ArrayInput input() {
        return input;
    }

    CustomTaskMetric[] metrics() {
        return counters.values(input == null ? 0 : input.inputNbytes());
    }

    /** Ends the open file: a query that stops early has got rows too, whose file must have been the planned one. */
    @Override
    public void close() throws IOException {
        if (input != null) {
            try (ArrayInput ended = input) {
                input = null;
                counters.closed(ended.inputNbytes());
                ended.finish();
            }
        }
    }
}
