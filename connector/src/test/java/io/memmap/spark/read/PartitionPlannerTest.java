package io.memmap.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSet;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionPlannerTest {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;

    @Test
    void givesEveryRowOnceAndInOrder() {
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            List<SelectedRows> files = randomFiles(random);
            long maxPartitionBytes = 1L << (5 + random.nextInt(25));
            int minPartitions = random.nextInt(4) == 0 ? random.nextInt(50) : 0;
            int cores = 1 + random.nextInt(8);
            String context = "seed " + seed + ": " + files + ", maxPartitionBytes " + maxPartitionBytes
                    + ", minPartitions " + minPartitions + ", cores " + cores;

            List<List<Split>> plan = plan(maxPartitionBytes, minPartitions, cores, files);

            assertThat(joined(plan)).as(context).isEqualTo(selection(files));
            assertThat(plan).as(context).allMatch(partition -> !partition.isEmpty());
            long rowCount =
                    files.stream().mapToLong(file -> file.rows().count()).sum();
            long nbytes = files.stream()
                    .mapToLong(file -> file.rows().count() * file.rowNbytes())
                    .sum();
            assertThat((long) plan.size())
                    .as(context)
                    .isGreaterThanOrEqualTo(Math.min(rowCount, minPartitions))
                    .isGreaterThanOrEqualTo(Math.min(rowCount, Math.min(cores, nbytes / MIB)))
                    .isLessThanOrEqualTo(rowCount);
        }
    }

    @Test
    void rowsLargerThanAPartitionStandAlone() {
        for (long seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            List<SelectedRows> files = randomFiles(random);
            long maxPartitionBytes = 4096;
            List<List<Split>> plan = plan(maxPartitionBytes, 0, 1, files);
            for (List<Split> partition : plan) {
                boolean large = partition.stream().anyMatch(split -> rowNbytes(split, files) > maxPartitionBytes);
                assertThat(large && rowCount(partition) > 1)
                        .as("seed " + seed + ": " + partition)
                        .isFalse();
            }
        }
    }

    @Test
    void cutsOneArrayIntoPiecesThatDifferByAtMostOneRow() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            long rowNbytes = 1 + random.nextInt(300);
            long rowCount = 1 + (random.nextLong() >>> 1 + random.nextInt(60)) / rowNbytes;
            long maxPartitionBytes = Math.max(1, rowCount * rowNbytes / (1 + random.nextInt(100)));
            int cores = 1 + random.nextInt(9);
            List<List<Split>> plan =
                    plan(maxPartitionBytes, random.nextInt(20), cores, List.of(group(0, rowCount, rowNbytes)));
            long[] sizes = plan.stream()
                    .mapToLong(PartitionPlannerTest::rowCount)
                    .sorted()
                    .toArray();
            String context = "seed " + seed + ": " + rowCount + " rows of " + rowNbytes + ", maxPartitionBytes "
                    + maxPartitionBytes;
            assertThat(sizes[sizes.length - 1] - sizes[0]).as(context).isLessThanOrEqualTo(1);
            assertThat(sizes[sizes.length - 1])
                    .as(context)
                    .isLessThanOrEqualTo(Math.max(1, maxPartitionBytes / rowNbytes));
        }
    }

    @Test
    void plansATebibyteAtOnce() {
        List<SelectedRows> tebibyte = List.of(group(0, TIB / 8, 8));
        List<List<Split>> plan = plan(128 * MIB, 0, 4, tebibyte);
        assertThat(plan).hasSize(8192);
        assertThat(plan.get(8191)).containsExactly(split(0, TIB / 8 - 16 * MIB, TIB / 8));
        assertThat(allocated(List.of(group(0, TIB / 4, 8)))).isLessThan(3 * allocated(tebibyte));
    }

    @Test
    void packsManySmallShards() {
        List<SelectedRows> shards = smallShards(10_000);
        List<List<Split>> plan = plan(128 * MIB, 0, 4, shards);
        assertThat(plan).hasSizeBetween(24, 48);
        assertThat(joined(plan)).isEqualTo(selection(shards));
        assertThat(plan.stream().mapToInt(List::size).sum())
                .as("no shard is opened twice")
                .isEqualTo(10_000);
        assertThat(plan.stream().mapToInt(List::size)).allMatch(files -> files >= 240 && files <= 260);
        assertThat(allocated(smallShards(20_000))).isLessThan(3 * allocated(shards));
    }

    private static List<SelectedRows> smallShards(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> group(1024L * i, 1024, 8))
                .toList();
    }

    @Test
    void leavesWholeShardsWhole() {
        List<SelectedRows> shards = IntStream.range(0, 3)
                .mapToObj(i -> group(16 * MIB * i, 16 * MIB, 8))
                .toList();
        assertThat(plan(128 * MIB, 0, 2, shards))
                .containsExactly(
                        List.of(split(0, 0, 16 * MIB)),
                        List.of(split(16 * MIB, 0, 16 * MIB)),
                        List.of(split(32 * MIB, 0, 16 * MIB)));
    }

    @Test
    void leavesNoTinyLastPartition() {
        List<SelectedRows> files = List.of(group(0, 64 * MIB, 8), group(64 * MIB, 100, 8));
        List<List<Split>> plan = plan(128 * MIB, 0, 2, files);
        assertThat(plan).hasSize(5);
        assertThat(plan.stream().mapToLong(PartitionPlannerTest::rowCount)).allMatch(rows -> rows > 12 * MIB);
    }

    @Test
    void givesEveryCoreWorkWhenThereIsEnough() {
        assertThat(plan(128 * MIB, 0, 8, List.of(group(0, 2 * MIB, 8)))).hasSize(8);
        assertThat(plan(128 * MIB, 0, 8, List.of(group(0, MIB / 2, 8)))).hasSize(4);
        assertThat(plan(128 * MIB, 0, 8, List.of(group(0, 1000, 8)))).hasSize(1);
    }

    @Test
    void honoursMinPartitionsAsFarAsThereAreRows() {
        assertThat(plan(128 * MIB, 10, 1, List.of(group(0, 1000, 8))))
                .hasSize(10)
                .allMatch(partition -> rowCount(partition) == 100);
        assertThat(plan(128 * MIB, 10, 1, List.of(group(0, 9, 8), group(9, 1, 8))))
                .hasSize(10);
        assertThat(plan(128 * MIB, Integer.MAX_VALUE, 1, List.of(group(0, 7, 8))))
                .hasSize(7);
    }

    @Test
    void cutsOnlyTheSelectedRows() {
        RowSet rows = RowSet.of(10, 20).union(RowSet.of(1000, 1010)).union(RowSet.of(5000, 5020));
        SelectedRows file = new SelectedRows(at(7), rows, 8);
        assertThat(plan(128, 0, 1, List.of(file)))
                .containsExactly(
                        List.of(split(7, 10, 20), split(7, 1000, 1003)),
                        List.of(split(7, 1003, 1010), split(7, 5000, 5006)),
                        List.of(split(7, 5006, 5020)));
    }

    @Test
    void keepsWholeRowsBelowTheLimit() {
        List<List<Split>> plan = plan(64 * MIB, 0, 1, List.of(group(0, 8, 40 * MIB)));
        assertThat(plan).hasSize(8);
    }

    @Test
    void emptySelectionHasNoPartition() {
        assertThat(plan(MIB, 5, 4, List.of())).isEmpty();
        assertThat(plan(MIB, 5, 4, List.of(new SelectedRows(at(0), RowSet.empty(), 8))))
                .isEmpty();
    }

    @Test
    void countsUpTo2To62RowsWithoutOverflow() {
        long rowCount = 1L << 62;
        List<List<Split>> plan = plan(128 * MIB, 0, 4, List.of(group(0, rowCount, 0)));
        assertThat(plan).hasSize((int) PartitionPlanner.MAX_PARTITIONS);
        assertThat(plan.get(plan.size() - 1).get(0).end()).isEqualTo(rowCount);
        for (SelectedRows many : List.of(group(0, rowCount, 8), group(0, Long.MAX_VALUE, 0))) {
            assertThatThrownBy(() -> plan(MIB, 0, 4, List.of(many)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot read " + many.group().files() + ": the query selects "
                            + many.rows().count() + " rows, which cost more than 2^63-1 bytes to read, expected less;"
                            + " select fewer rows, by a LIMIT or a predicate on _row");
        }
        assertThat(plan(Long.MAX_VALUE, 0, 4, List.of(group(0, rowCount, 1)))).hasSize(4);
    }

    @Test
    void makesNoMorePartitionsThanADriverCanCarry() {
        assertThat(plan(1, 0, 4, List.of(group(0, 1L << 30, 8)))).hasSize((int) PartitionPlanner.MAX_PARTITIONS);
        assertThat(plan(1, Integer.MAX_VALUE, 4, List.of(group(0, 1L << 30, 8))))
                .hasSize((int) PartitionPlanner.MAX_PARTITIONS);
    }

    @Test
    void refusesWhatItCannotPlan() {
        assertThatThrownBy(() -> new PartitionPlanner(0, -1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot plan partitions: maxPartitionBytes 0, minPartitions -1, cores 0,"
                        + " expected at least 1 byte, 0 partitions and 1 core");
        assertThatThrownBy(() -> new SelectedRows(at(0), RowSet.empty(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot select rows of " + at(0) + ": rowNbytes -1, expected 0 or more");
        assertThatThrownBy(() -> new Split(at(0), 3, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot slice " + at(0) + ": rows [3, 3), expected 0 <= start < end");
    }

    /** A row group that begins at this row; the planner needs to know nothing else of it. */
    private static List<List<Split>> plan(long maxBytes, int minPartitions, int cores, List<SelectedRows> groups) {
        return new PartitionPlanner(maxBytes, minPartitions, cores).plan(groups, (cuts, selected) -> cuts);
    }

    private static RowGroup at(long firstRow) {
        return new RowGroup.Joined(firstRow, 1L << 62, List.of(), null);
    }

    private static Split split(long firstRow, long start, long end) {
        return new Split(at(firstRow), start, end);
    }

    private static SelectedRows group(long firstRow, long rowCount, long rowNbytes) {
        return new SelectedRows(at(firstRow), RowSet.of(0, rowCount), rowNbytes);
    }

    private static List<SelectedRows> randomFiles(Random random) {
        List<SelectedRows> files = new ArrayList<>();
        long firstRow = 0;
        long uniform = 1 + random.nextInt(100);
        boolean mixed = random.nextBoolean();
        for (int i = random.nextInt(12); i >= 0; i--) {
            RowSet rows = RowSet.empty();
            for (int ranges = random.nextInt(4); ranges > 0; ranges--) {
                int start = random.nextInt(100);
                rows = rows.union(RowSet.of(start, start + random.nextInt(random.nextBoolean() ? 5 : 2000)));
            }
            long rowNbytes = mixed ? 1L << random.nextInt(14) : uniform;
            files.add(new SelectedRows(at(firstRow), rows, rowNbytes));
            firstRow += 200_000;
        }
        return files;
    }

    private static long rowNbytes(Split split, List<SelectedRows> files) {
        return files.stream()
                .filter(file -> file.group().equals(split.group()))
                .findFirst()
                .orElseThrow()
                .rowNbytes();
    }

    private static long rowCount(List<Split> partition) {
        return partition.stream()
                .mapToLong(split -> split.end() - split.start())
                .sum();
    }

    /** All splits in order, those that touch put together again. */
    private static List<Split> joined(List<List<Split>> plan) {
        List<Split> joined = new ArrayList<>();
        for (List<Split> partition : plan) {
            for (Split split : partition) {
                Split last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
                if (last != null && last.group().equals(split.group()) && last.end() == split.start()) {
                    joined.set(joined.size() - 1, new Split(last.group(), last.start(), split.end()));
                } else {
                    joined.add(split);
                }
            }
        }
        return joined;
    }

    private static List<Split> selection(List<SelectedRows> files) {
        return files.stream()
                .flatMap(file ->
                        file.rows().ranges().stream().map(range -> new Split(file.group(), range.start(), range.end())))
                .toList();
    }

    /** The least that a plan allocates in a few runs, in bytes. Twice as many splits or files are to need twice as much. */
    private static long allocated(List<SelectedRows> files) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            plan(128 * MIB, 0, 4, files);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
