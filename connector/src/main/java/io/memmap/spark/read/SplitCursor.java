package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.format.Companion;
import io.memmap.spark.metric.TaskCounters;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.storage.AccessTrial;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import io.memmap.storage.Storage;
import io.memmap.table.RowGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Walks over the splits of one part of a partition, with the files of one row group open at a time. Executor side, one thread; its
 * owner closes it.
 */
final class SplitCursor implements AutoCloseable {
    /** Failures of other files that an exception carries, which crosses the wire. */
    private static final int MOST_SUPPRESSED = 8;

    private final MemmapPartitionReaderFactory scan;
    private final Function<RowGroup, DecodedColumns> columns;
    private final List<Split> splits;
    private final TaskCounters counters;
    private final AccessTrial trial = new AccessTrial();
    /** Another thread may ask for metrics, which may be old ones. */
    private final List<OpenFile> open = new CopyOnWriteArrayList<>();

    private int next;
    private Split split;
    private BatchDecoder decoder;
    private ArrayInput[] inputs = {};

    /**
     * A file at its place in the table: one that was given twice is two shards, whose rows count differently.
     *
     * @param tableRow the position in the table of the file's first row
     */
    private record Shard(int array, long tableRow, ArrayFile file) {
        static List<Shard> allOf(RowGroup group) {
            return group.sources().stream()
                    .map(source -> new Shard(source.array(), group.firstRow() - source.firstRow(), source.file()))
                    .toList();
        }
    }

    private record OpenFile(Shard shard, ArrayInput input) {}

    /** @param columns those that are decoded of a row group */
    SplitCursor(
            MemmapPartitionReaderFactory scan,
            Function<RowGroup, DecodedColumns> columns,
            List<Split> splits,
            TaskCounters counters) {
        this.scan = scan;
        this.columns = columns;
        this.splits = splits;
        this.counters = counters;
    }

    /** Moves on to the next split, if there is one, and opens those of its files that are not open. */
    boolean next() throws IOException {
        if (next == splits.size()) {
            close();
            return false;
        }
        Split following = splits.get(next);
        if (decoder == null || !following.group().equals(split.group())) {
            enter(following.group());
        }
        split = following;
        next++;
        return true;
    }

    private void enter(RowGroup group) throws IOException {
        List<Shard> shards = Shard.allOf(group);
        Set<Shard> needed = new HashSet<>(shards);
        IdentityHashMap<RowGroup, Set<Shard>> following = new IdentityHashMap<>();
        following.put(group, needed);
        close(open.stream().filter(file -> !needed.contains(file.shard())).toList());
        decoder = BatchDecoder.of(group, scan.table(), columns.apply(group));
        Map<Shard, ArrayInput> kept = new HashMap<>();
        open.forEach(file -> kept.put(file.shard(), file.input()));
        inputs = new ArrayInput[shards.size()];
        trial.shareAmong(inputs.length);
        for (int i = 0; i < inputs.length; i++) {
            Shard shard = shards.get(i);
            inputs[i] = kept.get(shard);
            if (inputs[i] == null) {
                long opening = System.nanoTime();
                inputs[i] = open(shard, ranges(shard, i, group, following));
                counters.opened(opening);
            }
        }
    }

    /**
     * The parts of a source of a row group that are needed by the following splits, up to the first one that does not need it.
     *
     * @param following the shards of the groups that were looked at before; there can be thousands in each
     */
    private List<List<ByteRange>> ranges(
            Shard shard, int source, RowGroup group, IdentityHashMap<RowGroup, Set<Shard>> following)
            throws IOException {
        List<List<ByteRange>> ranges = new ArrayList<>();
        for (Split planned : splits.subList(next, splits.size())) {
            if (!following
                    .computeIfAbsent(planned.group(), other -> new HashSet<>(Shard.allOf(other)))
                    .contains(shard)) {
                break;
            }
            long rowsAhead = planned.group().firstRow() - group.firstRow();
            ranges.addAll(decoder.ranges(inputs, source, rowsAhead + planned.start(), rowsAhead + planned.end()));
        }
        return ranges;
    }

    private ArrayInput open(Shard shard, List<List<ByteRange>> ranges) throws IOException {
        ArrayFile file = shard.file();
        Storage storage = Storage.of(file.path(), scan.settings());
        ArrayInput input =
                switch (scan.access()) {
                    case AUTO -> storage.open(file, ranges, scan.concurrentWrites(), trial);
                    case MAP -> storage.openMapped(file, ranges, scan.concurrentWrites());
                    case READ -> storage.openRead(file, ranges, scan.concurrentWrites());
                };
        open.add(new OpenFile(shard, input));
        checkCompanions(file);
        return input;
    }

    /** Refuses rows whose meaning may be another than planned, as the dtype of tokens is in their index. */
    private void checkCompanions(ArrayFile file) throws IOException {
        for (Companion companion :
                scan.concurrentWrites() ? List.<Companion>of() : file.origin().companions()) {
            Storage storage = Storage.of(companion.path(), scan.settings());
            if (!storage.stat(companion.path()).fingerprint().equals(companion.fingerprint())) {
                throw new IOException("Cannot read " + file.path() + ": " + companion.path()
                        + ", which says what it holds, changed since the query was planned, expected the planned file;"
                        + " run the query again, or set concurrentWrites=allow to read whatever is there");
            }
        }
    }

    Split split() {
        return split;
    }

    BatchDecoder decoder() {
        return decoder;
    }

    /** The open files, one for each source of the split's row group. */
    ArrayInput[] inputs() {
        return inputs;
    }

    /** Runs work on the bytes of all open files as inside {@link ArrayInput#read} of each. There can be thousands. */
    void read(ArrayInput.Work work) throws IOException {
        ArrayInput.Work timed = () -> {
            work.run();
            trial.end();
        };
        if (inputs.length == 0) {
            work.run();
        } else if (inputs.length == 1) {
            inputs[0].read(timed);
        } else {
            inputs[0].read(() -> readOthers(timed));
        }
    }

    /** Each file may explain a failure of the work, by a change or a fault of its own; the first explanation is enough. */
    private void readOthers(ArrayInput.Work work) throws IOException {
        Throwable failure = failure(inputs[inputs.length - 1], work);
        boolean explained = false;
        for (int i = inputs.length - 2; i > 0 && !explained; i--) {
            Throwable before = failure;
            failure = failure(inputs[i], () -> rethrow(before));
            explained = before != null && failure != before;
        }
        rethrow(failure);
    }

    private static Throwable failure(ArrayInput input, ArrayInput.Work work) {
        try {
            input.read(work);
            return null;
        } catch (IOException | RuntimeException | InternalError e) {
            // A fault of another file, which that one is asked about.
            return e;
        }
    }

    /** Does nothing for null. */
    static void rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
    }

    void addTo(TaskCounters all) {
        all.add(counters);
        open.forEach(file -> all.closed(file.input().inputNbytes()));
    }

    /** Ends the open files: a query that stops early has got rows too, whose files must have been the planned ones. */
    @Override
    public void close() throws IOException {
        close(List.copyOf(open));
    }

    private void close(List<OpenFile> files) throws IOException {
        open.removeAll(files);
        Throwable failure = null;
        for (OpenFile file : files) {
            try (ArrayInput ended = file.input()) {
                counters.closed(ended.inputNbytes());
                ended.finish();
                checkCompanions(file.shard().file());
            } catch (Throwable e) {
                if (failure == null) {
                    failure = e;
                } else if (failure.getSuppressed().length < MOST_SUPPRESSED) {
                    failure.addSuppressed(e);
                }
            }
        }
        rethrow(failure);
    }
}
