package io.memmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TableArraysTest {

    @Test
    void aShardIsARowGroupOfOneSource() {
        TableArrays table = TableArrays.alone(array("a", 3, 0, 5));
        assertThat(table.rowGroups(List.of()))
                .containsExactly(
                        new RowGroup.Shard(0, file("a0", 3)),
                        new RowGroup.Shard(3, file("a1", 0)),
                        new RowGroup.Shard(3, file("a2", 5)));
        RowGroup last = table.rowGroups(List.of(0)).get(2);
        assertThat(last.rowCount()).isEqualTo(5);
        assertThat(last.sources()).containsExactly(new RowSource(0, file("a2", 5), 0));
        assertThat(last.path()).contains("a2");
        assertThat(last.files()).isEqualTo("a2");
    }

    @Test
    void arraysSideBySideAreCutWhereAShardOfOneEnds() {
        TableArrays table = new TableArrays(List.of(array("a", 3, 0, 5), array("b", 4, 4)), List.of("a", "b"));
        assertThat(table.rowGroups(List.of(0, 1)))
                .containsExactly(
                        joined(0, 3, source(0, "a0", 3, 0), source(1, "b0", 4, 0)),
                        joined(3, 1, source(0, "a2", 5, 0), source(1, "b0", 4, 3)),
                        joined(4, 4, source(0, "a2", 5, 1), source(1, "b1", 4, 0)));
        assertThat(table.rowGroups(List.of(1)))
                .as("only the wanted arrays cut, and are sources")
                .containsExactly(joined(0, 4, source(1, "b0", 4, 0)), joined(4, 4, source(1, "b1", 4, 0)));
        assertThat(table.rowGroups(List.of())).as("no array is wanted").containsExactly(joined(0, 8));
        assertThat(table.rowGroups(List.of(0)).get(0).path()).isEmpty();
        assertThat(table.rowGroups(List.of(0, 1)).get(1).files()).isEqualTo("a2, b0");
    }

    @Test
    void membersOfTheSameFilesHaveTheseAsRowGroups() {
        TableArrays table = new TableArrays(List.of(array("x", 3, 0, 5), array("x", 3, 0, 5)), List.of("a", "b"));
        assertThat(table.sharesFiles()).isTrue();
        assertThat(table.rowGroups(List.of(1)))
                .containsExactly(
                        new RowGroup.Joined(0, 3, List.of(source(1, "x0", 3, 0)), "x0"),
                        new RowGroup.Joined(3, 5, List.of(source(1, "x2", 5, 0)), "x2"));
        assertThat(table.rowGroups(List.of()))
                .containsExactly(
                        new RowGroup.Joined(0, 3, List.of(), "x0"), new RowGroup.Joined(3, 5, List.of(), "x2"));
        assertThat(table.rowGroups(List.of()).get(1).path()).contains("x2");
        TableArrays other = new TableArrays(List.of(array("x", 3, 5), array("x", 5, 3)), List.of("a", "b"));
        assertThat(other.sharesFiles()).isFalse();
    }

    @Test
    void arraysWithoutRowsAreOneGroup() {
        TableArrays table = new TableArrays(List.of(array("a", 0, 0), array("b", 0)), List.of("a", "b"));
        assertThat(table.rowGroups(List.of(0, 1)))
                .containsExactly(joined(0, 0, source(0, "a1", 0, 0), source(1, "b0", 0, 0)));
    }

    @Test
    void everyRowOfEveryArrayIsInOneGroup() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            long rows = random.nextInt(40);
            List<ShardedArray> arrays = new ArrayList<>();
            List<Integer> wanted = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                arrays.add(array("a" + i + ".", randomCuts(random, rows)));
                if (random.nextBoolean()) {
                    wanted.add(i);
                }
            }
            TableArrays table = new TableArrays(arrays, List.of("named"));
            long row = 0;
            for (RowGroup group : table.rowGroups(wanted)) {
                assertThat(group.firstRow()).as("seed " + seed).isEqualTo(row);
                assertThat(group.sources()).extracting(RowSource::array).isEqualTo(wanted);
                for (RowSource source : group.sources()) {
                    assertThat(before(arrays.get(source.array()), source.file()) + source.firstRow())
                            .as("seed " + seed)
                            .isEqualTo(row);
                    assertThat(source.firstRow() + group.rowCount())
                            .isLessThanOrEqualTo(source.file().layout().rowCount());
                }
                row += group.rowCount();
            }
            assertThat(row).as("seed " + seed).isEqualTo(rows);
        }
    }

    private static long[] randomCuts(Random random, long rows) {
        List<Long> lengths = new ArrayList<>();
        long left = rows;
        while (left > 0) {
            long length = random.nextLong(left + 1);
            lengths.add(length);
            left -= length;
        }
        lengths.add(0L);
        return lengths.stream().mapToLong(Long::longValue).toArray();
    }

    /** The rows of the shards before this one, whose names are distinct. */
    private static long before(ShardedArray array, ArrayFile file) {
        return array.shards().stream()
                .takeWhile(shard -> !shard.equals(file))
                .mapToLong(shard -> shard.layout().rowCount())
                .sum();
    }

    private static RowGroup joined(long firstRow, long rowCount, RowSource... sources) {
        return new RowGroup.Joined(firstRow, rowCount, List.of(sources), null);
    }

    private static RowSource source(int array, String path, long rows, long firstRow) {
        return new RowSource(array, file(path, rows), firstRow);
    }

    private static ShardedArray array(String name, long... rows) {
        List<ArrayFile> shards = new ArrayList<>();
        LongStream.of(rows).forEach(count -> shards.add(file(name + shards.size(), count)));
        return new ShardedArray(shards, List.of(), null, 0);
    }

    private static ArrayFile file(String path, long rows) {
        return new ArrayFile(
                path, new Fingerprint("", rows, 0), new Layout(DType.parse("u1"), Shape.of(rows), Order.C, 0));
    }
}
