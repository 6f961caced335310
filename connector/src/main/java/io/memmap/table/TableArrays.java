package io.memmap.table;

import io.memmap.format.ArrayFile;
import io.memmap.format.ShardedArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The arrays of a table: one alone, or several of equal row counts side by side. Immutable; driver only.
 *
 * @param arrays at least one
 * @param names the columns that the arrays are side by side; empty for one array alone
 */
public record TableArrays(List<ShardedArray> arrays, List<String> names) {

    public TableArrays {
        arrays = List.copyOf(arrays);
        names = List.copyOf(names);
    }

    /** The table that one array is. */
    public static TableArrays alone(ShardedArray array) {
        return new TableArrays(List.of(array), List.of());
    }

    /** Returns true if each array is one column. */
    public boolean isSideBySide() {
        return !names.isEmpty();
    }

    /** The file that represents all in messages. */
    public ArrayFile first() {
        return arrays.get(0).first();
    }

    public long rowCount() {
        return arrays.get(0).rowCount();
    }

    /** All files of all arrays. */
    public Stream<ArrayFile> files() {
        return arrays.stream().flatMap(array -> array.shards().stream());
    }

    /**
     * The rows of the table as row groups, in their order; at least one, which may have no rows.
     *
     * @param wanted the positions of the arrays that are read, ascending; an array alone is always read
     */
    public List<RowGroup> rowGroups(Collection<Integer> wanted) {
        return isSideBySide() ? joined(wanted) : shards();
    }

    private List<RowGroup> shards() {
        List<RowGroup> groups = new ArrayList<>();
        long firstRow = 0;
        for (ArrayFile file : arrays.get(0).shards()) {
            RowGroup group =
                    file.sequences() == null ? new RowGroup.Shard(firstRow, file) : new RowGroup.Ragged(firstRow, file);
            groups.add(group);
            firstRow += group.rowCount();
        }
        return groups;
    }

    /**
     * Returns true if the arrays are members of the same containers, so that each row is in one file. The row groups of such
     * a table are files.
     */
    public boolean sharesFiles() {
        List<ArrayFile> first = arrays.get(0).shards();
        return arrays.stream()
                .allMatch(array -> array.shards().size() == first.size()
                        && IntStream.range(0, first.size())
                                .allMatch(i -> isSameFile(array.shards().get(i), first.get(i))));
    }

    private static boolean isSameFile(ArrayFile one, ArrayFile other) {
        return one.path().equals(other.path())
                && one.layout().rowCount() == other.layout().rowCount();
    }

    /** A group ends where a shard of any wanted array ends. */
    private List<RowGroup> joined(Collection<Integer> wanted) {
        boolean sharesFiles = sharesFiles();
        List<ShardCursor> cursors = (wanted.isEmpty() && sharesFiles ? List.of(0) : wanted)
                .stream()
                        .map(array -> new ShardCursor(array, arrays.get(array).shards()))
                        .toList();
        List<RowGroup> groups = new ArrayList<>();
        long rowCount = rowCount();
        long row = 0;
        do {
            long count = rowCount - row;
            List<RowSource> sources = new ArrayList<>(cursors.size());
            String file = null;
            for (ShardCursor cursor : cursors) {
                RowSource source = cursor.source();
                sources.add(source);
                count = Math.min(count, cursor.rowsLeft());
                file = sharesFiles ? source.file().path() : null;
            }
            groups.add(new RowGroup.Joined(row, count, wanted.isEmpty() ? List.of() : sources, file));
            for (ShardCursor cursor : cursors) {
                cursor.advance(count);
            }
            row += count;
        } while (row < rowCount);
        return groups;
    }

    /** A position in the rows of one array. Shards of no rows are passed over. */
    private static final class ShardCursor {
        private final int array;
        private final List<ArrayFile> shards;
        private int shard;
        private long row;

        ShardCursor(int array, List<ArrayFile> shards) {
            this.array = array;
            this.shards = shards;
        }

        RowSource source() {
            while (rowsLeft() == 0 && shard < shards.size() - 1) {
                shard++;
                row = 0;
            }
            return new RowSource(array, shards.get(shard), row);
        }

        long rowsLeft() {
            return shards.get(shard).layout().rowCount() - row;
        }

        void advance(long rows) {
            row += rows;
        }
    }
}
