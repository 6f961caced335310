package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.storage.ByteRange;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.StoredBlock;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts that store each row on local disks, as the file systems report it. For arrays in one plane only: in
 * Fortran order a row is spread over the whole file, and no host is nearer to it. Driver only.
 */
final class FileBlocks {
    /** The number that Spark's own file sources name. */
    private static final int MOST_HOSTS = 3;
    /** A cut moves by at most this part of the shorter partition beside it. */
    private static final int NEAR_PART = 8;

    private static final Logger LOG = LoggerFactory.getLogger(FileBlocks.class);

    private final DescribedArray described;
    private final Map<ArrayFile, List<StoredBlock>> blocks;

    private FileBlocks(DescribedArray described, Map<ArrayFile, List<StoredBlock>> blocks) {
        this.described = described;
        this.blocks = blocks;
    }

    /** Asks the file systems; one that does not answer has no say in the plan. */
    static FileBlocks of(DescribedArray described, List<FileRows<ArrayFile>> selected, HadoopSettings settings) {
        Map<ArrayFile, ByteRange> ranges = new HashMap<>();
        for (FileRows<ArrayFile> file : selected) {
            if (file.file().layout().planeCount() == 1
                    && !file.file().isSequential()
                    && !file.rows().isEmpty()) {
                List<RowSet.Range> rows = file.rows().ranges();
                ranges.put(
                        file.file(),
                        bytes(
                                described,
                                file.file(),
                                rows.get(0).start(),
                                rows.get(rows.size() - 1).end()));
            }
        }
        try {
            return new FileBlocks(described, StoredBlock.of(ranges, settings));
        } catch (IOException e) {
            LOG.warn("Cannot tell which hosts are near the rows; tasks run anywhere", e);
            return new FileBlocks(described, Map.of());
        }
    }

    private static ByteRange bytes(DescribedArray described, ArrayFile file, long startRow, long endRow) {
        Layout layout = file.layout();
        long rowNbytes = layout.rowStride() / described.tableRowsPerRow(file);
        return new ByteRange(layout.offset() + startRow * rowNbytes, layout.offset() + endRow * rowNbytes);
    }

    /** The first row that begins in each block, ascending. */
    long[] firstRows(ArrayFile file) {
        long rowNbytes = bytes(described, file, 0, 1).end() - file.layout().offset();
        return blocks.getOrDefault(file, List.of()).stream()
                .mapToLong(StoredBlock::start)
                .filter(start -> rowNbytes > 0 && start >= file.layout().offset())
                .map(start -> -Math.floorDiv(file.layout().offset() - start, rowNbytes))
                .distinct()
                .toArray();
    }

    /** The hosts that have most of these rows, the nearest first. */
    List<String> hosts(List<Slice<ArrayFile>> slices) {
        Map<String, Long> nbytes = new HashMap<>();
        for (Slice<ArrayFile> slice : slices) {
            if (blocks.containsKey(slice.file())) {
                ByteRange wanted = bytes(described, slice.file(), slice.start(), slice.end());
                for (StoredBlock block : blocks.get(slice.file())) {
                    long common = Math.min(block.end(), wanted.end()) - Math.max(block.start(), wanted.start());
                    if (common > 0) {
                        block.hosts().forEach(host -> nbytes.merge(host, common, Long::sum));
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

    /**
     * Moves cuts to the rows with which blocks begin, where that is near: no partition's length changes by more than a
     * quarter.
     *
     * @param cuts ascending indexes into all selected rows; the last is their count
     */
    long[] moved(long[] cuts, List<FileRows<ArrayFile>> files) {
        return blocks.isEmpty() ? cuts : moved(cuts, blockStarts(files));
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
    private long[] blockStarts(List<FileRows<ArrayFile>> files) {
        LongStream.Builder starts = LongStream.builder();
        long index = 0;
        for (FileRows<ArrayFile> file : files) {
            List<RowSet.Range> ranges = file.rows().ranges();
            if (ranges.size() == 1) {
                RowSet.Range rows = ranges.get(0);
                long first = index - rows.start();
                LongStream.of(firstRows(file.file()))
                        .filter(row -> row > rows.start() && row < rows.end())
                        .forEach(row -> starts.add(first + row));
            }
            index += file.rows().count();
        }
        return starts.build().toArray();
    }
}
