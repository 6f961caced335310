package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.storage.ByteRange;
import io.memmap.storage.GivenSecrets;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.StoredBlock;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSet;
import io.memmap.table.RowSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts that store each row on local disks, as the file systems report it. Sequences are where their index says; a
 * compressed member is read as a whole. In Fortran order a row is spread over the whole file, and no host is nearer to it.
 * Driver only.
 */
record FileBlocks(long tableRowsPerRow, HadoopSettings settings, Map<ArrayFile, List<StoredBlock>> blocks) {
    /** The number that Spark's own file sources name. */
    private static final int MOST_HOSTS = 3;
    /** A cut moves by at most this part of the shorter partition beside it. */
    private static final int NEAR_PART = 8;

    private static final Logger LOG = LoggerFactory.getLogger(FileBlocks.class);

    /**
     * Asks the file systems; one that does not answer has no say in the plan.
     *
     * @param tableRowsPerRow table rows of one row of an array
     */
    static FileBlocks of(long tableRowsPerRow, List<SelectedRows> selected, HadoopSettings settings) {
        Map<ArrayFile, ByteRange> ranges = new HashMap<>();
        for (SelectedRows group : selected) {
            List<RowSet.Range> rows = group.rows().ranges();
            for (RowSource source : group.group().sources()) {
                ArrayFile file = source.file();
                if (rows.isEmpty() || !isLocated(group.group(), source)) {
                    continue;
                }
                ByteRange range = isEven(group.group(), file)
                        ? bytes(
                                tableRowsPerRow,
                                source,
                                rows.get(0).start(),
                                rows.get(rows.size() - 1).end())
                        : new ByteRange(file.start(), file.end());
                ranges.merge(file, range, FileBlocks::spanning);
            }
        }
        try {
            return new FileBlocks(tableRowsPerRow, settings, StoredBlock.of(ranges, settings));
        } catch (IOException e) {
            LOG.warn("Cannot tell which hosts are near the rows; tasks run anywhere", GivenSecrets.hidden(e));
            return new FileBlocks(tableRowsPerRow, settings, Map.of());
        }
    }

    /** Returns true if the rows of a source are next to each other in its file. The index of sequences is small. */
    private static boolean isLocated(RowGroup group, RowSource source) {
        return group instanceof RowGroup.Ragged
                ? source.array() == 0
                : source.file().isSequential() || source.file().layout().planeCount() == 1;
    }

    /** Returns true if the rows of a file take equal numbers of its bytes. */
    private static boolean isEven(RowGroup group, ArrayFile file) {
        return !(group instanceof RowGroup.Ragged) && !file.isSequential();
    }

    private static ByteRange spanning(ByteRange one, ByteRange other) {
        return new ByteRange(Math.min(one.start(), other.start()), Math.max(one.end(), other.end()));
    }

    /** The bytes of table rows, which count from the first of the source's group. */
    private static ByteRange bytes(long tableRowsPerRow, RowSource source, long startRow, long endRow) {
        Layout layout = source.file().layout();
        long rowNbytes = layout.rowStride() / tableRowsPerRow;
        long first = layout.offset() + source.firstRow() * layout.rowStride();
        return new ByteRange(first + startRow * rowNbytes, first + endRow * rowNbytes);
    }

    /** The first table row of a group that begins in each block of a source, ascending. */
    private LongStream firstRows(RowSource source) {
        ByteRange row = bytes(tableRowsPerRow, source, 0, 1);
        long rowNbytes = row.end() - row.start();
        return blocks.getOrDefault(source.file(), List.of()).stream()
                .mapToLong(StoredBlock::start)
                .filter(start -> rowNbytes > 0 && start >= row.start())
                .map(start -> -Math.floorDiv(row.start() - start, rowNbytes))
                .distinct();
    }

    /** The hosts that have most of the rows of each partition, the nearest first. */
    List<List<String>> hosts(List<List<Split>> partitions) {
        if (blocks.isEmpty()) {
            return Collections.nCopies(partitions.size(), List.of());
        }
        Map<RowGroup, SequenceBytes> sequences = new HashMap<>();
        List<List<String>> hosts = new ArrayList<>(partitions.size());
        try {
            for (List<Split> splits : partitions) {
                hosts.add(hosts(splits, sequences));
            }
        } catch (IOException e) {
            LOG.warn("Cannot tell which hosts are near the rows; tasks run anywhere", GivenSecrets.hidden(e));
            return Collections.nCopies(partitions.size(), List.of());
        }
        return hosts;
    }

    private List<String> hosts(List<Split> splits, Map<RowGroup, SequenceBytes> sequences) throws IOException {
        Map<String, Long> nbytes = new HashMap<>();
        for (Split split : splits) {
            for (RowSource source : split.group().sources()) {
                if (blocks.containsKey(source.file())) {
                    ByteRange wanted = bytes(split, source, sequences);
                    List<StoredBlock> all = blocks.get(source.file());
                    for (int i = firstAt(all, wanted.start());
                            i < all.size() && all.get(i).start() < wanted.end();
                            i++) {
                        StoredBlock block = all.get(i);
                        long common = Math.min(block.end(), wanted.end()) - Math.max(block.start(), wanted.start());
                        if (common > 0) {
                            block.hosts().forEach(host -> nbytes.merge(host, common, Long::sum));
                        }
                    }
                }
            }
        }
        return nbytes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_HOSTS)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The first of the blocks, which are in the order of the file, that ends after a position. */
    private static int firstAt(List<StoredBlock> blocks, long position) {
        int low = 0;
        int high = blocks.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (blocks.get(middle).end() > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private ByteRange bytes(Split split, RowSource source, Map<RowGroup, SequenceBytes> sequences) throws IOException {
        if (isEven(split.group(), source.file())) {
            return bytes(tableRowsPerRow, source, split.start(), split.end());
        } else if (split.group() instanceof RowGroup.Ragged group) {
            SequenceBytes known = sequences.get(group);
            if (known == null) {
                known = SequenceBytes.of(group, settings, 0);
                sequences.put(group, known);
            }
            return known.range(split.start(), split.end());
        }
        return new ByteRange(source.file().start(), source.file().end());
    }

    /**
     * Moves cuts to the rows with which blocks begin, where that is near: no partition's length changes by more than a
     * quarter.
     *
     * @param cuts ascending indexes into all selected rows; the last is their count
     */
    long[] moved(long[] cuts, List<SelectedRows> groups) {
        return blocks.isEmpty() ? cuts : moved(cuts, blockStarts(groups));
    }

    static long[] moved(long[] cuts, long[] starts) {
        long[] moved = cuts.clone();
        for (int i = 0; i < cuts.length - 1; i++) {
            long shorter = Math.min(cuts[i] - (i == 0 ? 0 : cuts[i - 1]), cuts[i + 1] - cuts[i]);
            moved[i] = nearest(starts, cuts[i], shorter / NEAR_PART);
        }
        return moved;
    }

    private static long nearest(long[] starts, long cut, long reach) {
        int found = Arrays.binarySearch(starts, cut);
        int above = found < 0 ? -found - 1 : found;
        return LongStream.range(Math.max(above - 1, 0), Math.min(above + 1, starts.length))
                .map(i -> starts[(int) i])
                .filter(start -> Math.abs(start - cut) <= reach)
                .boxed()
                .min(Comparator.comparingLong(start -> Math.abs(start - cut)))
                .orElse(cut);
    }

    /** The cuts as indexes into all selected rows. Where a predicate has left holes, cuts stay where they are. */
    private long[] blockStarts(List<SelectedRows> groups) {
        LongStream.Builder starts = LongStream.builder();
        long index = 0;
        for (SelectedRows group : groups) {
            List<RowSet.Range> ranges = group.rows().ranges();
            if (ranges.size() == 1) {
                RowSet.Range rows = ranges.get(0);
                long first = index - rows.start();
                group.group().sources().stream()
                        .filter(source -> isEven(group.group(), source.file()))
                        .flatMapToLong(this::firstRows)
                        .filter(row -> row > rows.start() && row < rows.end())
                        .sorted()
                        .forEach(row -> starts.add(first + row));
            }
            index += group.rows().count();
        }
        return starts.build().toArray();
    }
}
