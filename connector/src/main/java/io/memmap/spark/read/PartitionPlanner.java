package io.memmap.spark.read;

import io.memmap.table.RowSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/**
 * Cuts the selected rows into partitions: whole rows, in dataset order, of about equal cost.
 *
 * <p>A file costs the bytes of its selected rows and something for being opened, spread evenly over those rows. The
 * files lie end to end on one axis of cost, and partition {@code k} of {@code n} ends at the row below
 * {@code k/n} of it; so the pieces of one file differ by at most one row, small files share partitions, and nothing is
 * left over for a tiny last one. Arithmetic per file, per range of rows and per partition, never per row. Stateless
 * between plans, driver only.
 */
record PartitionPlanner(long maxPartitionBytes, int minPartitions, int cores) {

    /**
     * Below this a partition is not made for the sake of a core alone: a task costs milliseconds to start and report,
     * and a mapped MiB is read in less than one.
     */
    static final long MIN_CORE_NBYTES = 1L << 20;

    /**
     * The bytes that could be read while one file is opened, checked, mapped and unmapped: about 100 µs at 5 GB/s. It
     * puts 10 000 shards of 8 KiB into some 40 partitions of 128 MiB; by bytes alone it would be one.
     */
    static final long OPEN_NBYTES = 512L << 10;

    /** However small {@code maxPartitionBytes} is: a driver drowns in more tasks than this. */
    static final long MAX_PARTITIONS = 1_000_000;

    /** Opening, and a sliver of a file that is not worth opening it, are at most this part of a partition. */
    private static final long SMALL_PART = 8;

    /**
     * @param maxPartitionBytes bytes that a partition should not exceed, unless it is a single row
     * @param minPartitions at least as many partitions, as far as there are rows and up to
     *     {@link #MAX_PARTITIONS}; 0 for no minimum
     * @param cores how many tasks run at once
     * @throws IllegalArgumentException when maxPartitionBytes or cores is below 1, or minPartitions negative
     */
    PartitionPlanner {
        if (maxPartitionBytes < 1 || minPartitions < 0 || cores < 1) {
            throw new IllegalArgumentException("Cannot plan partitions: maxPartitionBytes " + maxPartitionBytes
                    + ", minPartitions " + minPartitions + ", cores " + cores
                    + ", expected at least 1 byte, 0 partitions and 1 core");
        }
    }

    /**
     * The partitions, none of them empty; their splits one after another are exactly the selection.
     *
     * @param groups in their order
     * @param moved has the last word about where to cut; see {@link FileBlocks#moved}
     * @throws IllegalArgumentException when all rows cost more bytes than a long counts
     */
    List<List<Split>> plan(List<SelectedRows> groups, BiFunction<long[], List<SelectedRows>, long[]> moved) {
        List<SelectedRows> selected =
                groups.stream().filter(group -> !group.rows().isEmpty()).toList();
        return selected.isEmpty() ? List.of() : cutAt(moved.apply(cuts(checkedAxis(selected)), selected), selected);
    }

    private Axis checkedAxis(List<SelectedRows> groups) {
        try {
            return axis(groups);
        } catch (ArithmeticException e) {
            BigInteger rows =
                    groups.stream().map(group -> big(group.rows().count())).reduce(BigInteger.ZERO, BigInteger::add);
            throw new IllegalArgumentException(
                    "Cannot read " + groups.get(0).group().files() + ": the query selects " + rows
                            + " rows, which cost more than 2^63-1 bytes to read, expected less; select fewer rows, by a"
                            + " LIMIT or a predicate on _row",
                    e);
        }
    }

    /** One file's place on the axis of all selected rows. */
    private record Span(long firstIndex, long rowCount, long rowNbytes, long weight) {
        long endIndex() {
            return firstIndex + rowCount;
        }
    }

    /**
     * The selection without its file names.
     *
     * @param weight of all spans, opening included
     * @param openNbytes the part of each span's weight that is for opening
     */
    private record Axis(List<Span> spans, long rowCount, long nbytes, long weight, long openNbytes, long targetNbytes) {
        long partitionsByNbytes() {
            return ceilDiv(weight - openNbytes * spans.size(), targetNbytes);
        }
    }

    private Axis axis(List<SelectedRows> groups) {
        long nbytes = 0;
        for (SelectedRows group : groups) {
            nbytes = Math.addExact(nbytes, Math.multiplyExact(group.rows().count(), readNbytes(group)));
        }
        long targetNbytes = Math.max(maxPartitionBytes, ceilDiv(nbytes, MAX_PARTITIONS));
        long openNbytes = Math.min(OPEN_NBYTES, targetNbytes / SMALL_PART);
        List<Span> spans = new ArrayList<>(groups.size());
        long rowCount = 0;
        long weight = 0;
        for (SelectedRows group : groups) {
            long rowNbytes = readNbytes(group);
            Span span = new Span(
                    rowCount,
                    group.rows().count(),
                    rowNbytes,
                    Math.addExact(openNbytes, weight(group.rows().count(), rowNbytes, targetNbytes)));
            spans.add(span);
            rowCount = Math.addExact(rowCount, span.rowCount());
            weight = Math.addExact(weight, span.weight());
        }
        return new Axis(spans, rowCount, nbytes, weight, openNbytes, targetNbytes);
    }

    /** A row of which nothing is read is still produced; it counts as one byte. */
    private static long readNbytes(SelectedRows group) {
        return Math.max(group.rowNbytes(), 1);
    }

    /**
     * The bytes of the rows, with the room added that whole rows leave in a partition: rows of 40 in partitions of 64
     * weigh 64 each.
     */
    private static long weight(long rowCount, long rowNbytes, long targetNbytes) {
        long rowsPerPartition = Math.max(targetNbytes / rowNbytes, 1);
        return big(rowCount)
                .multiply(big(targetNbytes))
                .divide(big(rowsPerPartition))
                .longValueExact();
    }

    private long partitionCount(Axis axis) {
        long byNbytes = axis.partitionsByNbytes();
        long byWeight = axis.weight() / axis.targetNbytes();
        long byCores = Math.min(cores, axis.nbytes() / MIN_CORE_NBYTES);
        long wanted = Math.max(Math.max(byNbytes, byWeight), Math.max(byCores, Math.max(minPartitions, 1)));
        return Math.min(Math.min(wanted, MAX_PARTITIONS), axis.rowCount());
    }

    /** The ends of the partitions, ascending, as indexes into all selected rows; the last is their count. */
    private long[] cuts(Axis axis) {
        int count = Math.toIntExact(partitionCount(axis));
        long sliver = Math.min(axis.openNbytes(), axis.weight() / count / SMALL_PART);
        long[] cuts = new long[count];
        int i = 0;
        long spanStart = 0;
        for (int k = 1; k < count; k++) {
            BigInteger position = big(axis.weight()).multiply(big(k));
            long floor = position.divide(big(count)).longValueExact();
            while (floor >= spanStart + axis.spans().get(i).weight()) {
                spanStart += axis.spans().get(i).weight();
                i++;
            }
            BigInteger intoSpan = position.subtract(big(spanStart).multiply(big(count)));
            long cut = cut(axis.spans().get(i), floor - spanStart, intoSpan, count, sliver);
            long before = k == 1 ? 0 : cuts[k - 2];
            cuts[k - 1] = Math.max(before + 1, Math.min(cut, axis.rowCount() - (count - k)));
        }
        cuts[count - 1] = axis.rowCount();
        LongStream alone = axis.spans().stream()
                .filter(span -> span.rowNbytes() > axis.targetNbytes())
                .flatMapToLong(span -> LongStream.rangeClosed(span.firstIndex(), span.endIndex()))
                .filter(index -> index > 0);
        return LongStream.concat(LongStream.of(cuts), alone).sorted().distinct().toArray();
    }

    /** The row at {@code intoSpan / count} of a span's weight, or the file's end when that is a sliver away. */
    private static long cut(Span span, long nbytesInto, BigInteger intoSpan, int count, long sliver) {
        long nbytesLeft = span.weight() - nbytesInto;
        if (Math.min(nbytesInto, nbytesLeft) <= sliver) {
            return nbytesInto <= nbytesLeft ? span.firstIndex() : span.endIndex();
        }
        BigInteger row = intoSpan.multiply(big(span.rowCount()))
                .divide(big(span.weight()).multiply(big(count)));
        return span.firstIndex() + row.longValueExact();
    }

    private static List<List<Split>> cutAt(long[] cuts, List<SelectedRows> groups) {
        List<List<Split>> partitions = new ArrayList<>(cuts.length);
        List<Split> splits = new ArrayList<>();
        long index = 0;
        for (SelectedRows group : groups) {
            for (RowSet.Range range : group.rows().ranges()) {
                long start = range.start();
                while (start < range.end()) {
                    long cut = cuts[partitions.size()];
                    long end = start + Math.min(range.end() - start, cut - index);
                    splits.add(new Split(group.group(), start, end));
                    index += end - start;
                    start = end;
                    if (index == cut) {
                        partitions.add(List.copyOf(splits));
                        splits.clear();
                    }
                }
            }
        }
        return List.copyOf(partitions);
    }

    private static long ceilDiv(long dividend, long divisor) {
        return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
    }

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }
}
