package io.memmap.table;

import io.memmap.format.ArrayFile;
import java.io.Serializable;
import java.util.Objects;

/**
 * The part of a row group that one array of the table holds: consecutive rows of one file. Immutable; crosses the wire.
 *
 * @param array the position of the array among those of the table
 * @param firstRow the row of the file that is the group's first
 */
public record RowSource(int array, ArrayFile file, long firstRow) implements Serializable {

    public RowSource {
        Objects.requireNonNull(file);
    }
}
