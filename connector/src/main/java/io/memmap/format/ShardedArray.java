package io.memmap.format;

import io.memmap.format.Claims.Source;
import io.memmap.layout.Layout;
import io.memmap.layout.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays of equal rows laid end to end along axis 0: one array in many files.
 *
 * @param shards in row order; at least one
 * @param columnNames as a manifest or sidecar has them; empty for the usual ones
 * @param layout as a manifest or sidecar has it; null for the usual one
 * @param ignoredFiles files of the same directories that are no part of it
 */
public record ShardedArray(List<ArrayFile> shards, List<String> columnNames, RowLayout layout, int ignoredFiles) {

    /** @throws IllegalArgumentException naming the file from which on all rows are more than a long counts */
    public ShardedArray {
        shards = sharing(shards);
        columnNames = List.copyOf(columnNames);
        checkRows(shards);
    }

    /**
     * Checks that a long counts the rows of files end to end. Rows without elements need no bytes, so any file can declare
     * 2^63-1 of them.
     *
     * @throws IllegalArgumentException naming the file from which on it does not
     */
    public static void checkRows(List<ArrayFile> files) {
        long rows = 0;
        for (ArrayFile file : files) {
            if (file.rowCount() > Long.MAX_VALUE - rows) {
                throw new IllegalArgumentException("Cannot read " + file.shownName() + ": it has " + file.rowCount()
                        + " rows, and the files before it have " + rows + ", expected at most " + Long.MAX_VALUE
                        + " together; read fewer of these files at once");
            }
            rows += file.rowCount();
        }
    }

    private static List<ArrayFile> sharing(List<ArrayFile> shards) {
        List<ArrayFile> sharing = new ArrayList<>(shards.size());
        for (ArrayFile shard : shards) {
            sharing.add(sharing.isEmpty() ? shard : shard.sharing(sharing.get(sharing.size() - 1)));
        }
        return List.copyOf(sharing);
    }

    /** The same files with the axes of each reversed, NumPy's {@code .T}; no byte moves. */
    public ShardedArray transpose() {
        return new ShardedArray(
                shards.stream()
                        .map(shard -> shard.withLayout(shard.layout().transpose()))
                        .toList(),
                columnNames,
                layout,
                ignoredFiles);
    }

    /** The shard that represents all where they must agree. */
    public ArrayFile first() {
        return shards.get(0);
    }

    /** Statements about an array that is there, for a write to it. */
    public Claims claims() {
        Layout layout = first().layout();
        return new Claims(
                Source.EXISTING,
                layout.dtype(),
                Claims.dims(shape()),
                layout.order(),
                layout.offset(),
                first().format(),
                List.of(),
                null);
    }

    /** The shape of all shards together; of sequences only their number. */
    public Shape shape() {
        Shape shape = first().layout().shape();
        return shape.ndim() == 0 ? shape : shape.withRows(rowCount());
    }

    /** Rows of all shards together. */
    public long rowCount() {
        return shards.stream().mapToLong(ArrayFile::rowCount).sum();
    }

    /** Bytes after the arrays' ends, in all shards. */
    public long trailingNbytes() {
        return shards.stream().mapToLong(ArrayFile::trailingNbytes).sum();
    }
}
