package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.table.RowGroup;
import java.io.Serializable;
import java.util.Objects;

/** Adjacent table rows of one row group, [start, end) counted from its first row. Crosses the wire. */
record Split(RowGroup group, long start, long end) implements Serializable {

    /**
     * @throws IllegalArgumentException when start is negative, or no row is left
     */
    Split {
        Objects.requireNonNull(group);
        if (start < 0 || start >= end) {
            throw new IllegalArgumentException(
                    "Cannot slice " + group + ": rows [" + start + ", " + end + "), expected 0 <= start < end");
        }
    }

    private Object writeReplace() {
        return group instanceof RowGroup.Shard shard ? new OfShard(shard.file(), shard.firstRow(), start, end) : this;
    }

    /** A split of a shard on the wire: one object, as a plan may have 100 000 of them. */
    private record OfShard(ArrayFile file, long firstRow, long start, long end) implements Serializable {
        private Object readResolve() {
            return new Split(new RowGroup.Shard(firstRow, file), start, end);
        }
    }
}
