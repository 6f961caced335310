package io.memmap.spark.read;

import io.memmap.storage.HadoopSettings;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Cuts of partitions inside rows of different lengths: as the planner counts rows, a cut moves to the row before which as
 * large a part of the bytes lies. Reads some KiB of an index for each cut. Driver only.
 */
final class SequenceCuts {
    /** The number of ranges of a file up to which cuts are moved; with more, they stay by row count. */
    private static final int MAX_RANGES = 64;
    /** A cut is right if it is off by at most this part of a partition. */
    private static final int NEAR_PART = 16;

    private SequenceCuts() {}

    /**
     * Moves the cuts inside of such row groups.
     *
     * @param cuts ascending indexes into all selected rows; the last is their count
     * @throws IOException naming the index of a file, when it contradicts itself
     */
    static long[] byNbytes(long[] cuts, List<SelectedRows> selected, HadoopSettings settings) throws IOException {
        long[] moved = cuts.clone();
        long first = 0;
        int next = 0;
        for (SelectedRows rows : selected) {
            long end = first + rows.rows().count();
            int from = next;
            while (next < cuts.length - 1 && cuts[next] < end) {
                next++;
            }
            boolean read = rows.rowNbytes() > 0 && rows.rows().ranges().size() <= MAX_RANGES;
            if (next > from && read && rows.group() instanceof RowGroup.Ragged group) {
                Axis axis = Axis.of(group, rows.rows().ranges(), next - from, settings);
                for (int i = from; i < next; i++) {
                    double part = (double) (cuts[i] - first) / (end - first);
                    long before = axis.rowsBefore(part, next - from + 1);
                    moved[i] = Math.max(first + before, i == 0 ? 1 : moved[i - 1]);
                }
            }
            first = end;
        }
        return LongStream.of(moved).distinct().toArray();
    }

    /** The selected rows of a group by what they cost to read. */
    private static final class Axis {
        private final SequenceBytes bytes;
        private final List<RowSet.Range> ranges;
        /** Before each range, and of all of them. */
        private final long[] nbytes;

        private Axis(SequenceBytes bytes, List<RowSet.Range> ranges) {
            this.bytes = bytes;
            this.ranges = ranges;
            this.nbytes = new long[ranges.size() + 1];
        }

        static Axis of(RowGroup.Ragged group, List<RowSet.Range> ranges, int cuts, HadoopSettings settings)
                throws IOException {
            Axis axis = new Axis(SequenceBytes.of(group, settings, cuts), ranges);
            for (int i = 0; i < ranges.size(); i++) {
                long start = axis.position(ranges.get(i).start());
                axis.nbytes[i + 1] =
                        axis.nbytes[i] + Math.max(axis.position(ranges.get(i).end()) - start, 0);
            }
            return axis;
        }

        private long position(long row) throws IOException {
            return bytes.costBefore(row);
        }

        /** The number of selected rows before a part of the bytes, give or take a little of one of so many partitions. */
        long rowsBefore(double part, int partitions) throws IOException {
            long total = nbytes[nbytes.length - 1];
            long wanted = (long) (part * total);
            int at = Arrays.binarySearch(nbytes, wanted);
            int range = Math.min(at < 0 ? -at - 2 : at, ranges.size() - 1);
            long rows = 0;
            for (int i = 0; i < range; i++) {
                rows += ranges.get(i).count();
            }
            RowSet.Range within = ranges.get(range);
            long start = position(within.start());
            long near = total / partitions / NEAR_PART;
            return rows + row(within, start, start + wanted - nbytes[range], near) - within.start();
        }

        /** The row of a range that begins nearest to a position: guessed between two known ones, or halfway. */
        private long row(RowSet.Range range, long start, long wanted, long near) throws IOException {
            long low = range.start();
            long high = range.end();
            long lowAt = start;
            long highAt = position(high);
            boolean halve = false;
            while (high - low > 1 && wanted - lowAt > near && highAt - wanted > near) {
                double part = halve ? 0.5 : (double) (wanted - lowAt) / (highAt - lowAt);
                long middle = low + Math.min(Math.max((long) (part * (high - low)), 1), high - low - 1);
                long middleAt = position(middle);
                if (middleAt <= wanted) {
                    low = middle;
                    lowAt = middleAt;
                } else {
                    high = middle;
                    highAt = middleAt;
                }
                halve = !halve;
            }
            return wanted - lowAt <= highAt - wanted ? low : high;
        }
    }
}
