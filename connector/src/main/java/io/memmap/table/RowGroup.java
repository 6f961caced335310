package io.memmap.table;

import io.memmap.format.ArrayFile;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Consecutive rows of a table and the files that hold them, side by side. Readers and the planner know nothing else of a
 * table's files. Immutable; crosses the wire.
 */
public sealed interface RowGroup extends Serializable {

    /** The position in the table of its first row. */
    long firstRow();

    long rowCount();

    /** The files of its rows, at most one for each array of the table. Rows without a source hold nothing but positions. */
    List<RowSource> sources();

    /** The file of all its rows, if each row is in one file. */
    default Optional<String> path() {
        return Optional.empty();
    }

    /** The values that the names of directories give to all its rows. */
    default List<Object> constants() {
        return List.of();
    }

    /** The names of its files, for messages. */
    default String files() {
        return sources().stream().map(source -> source.file().path()).collect(Collectors.joining(", "));
    }

    /** All rows of one file of a table that is one array. */
    record Shard(long firstRow, ArrayFile file) implements RowGroup {

        public Shard {
            Objects.requireNonNull(file);
        }

        @Override
        public long rowCount() {
            return file.layout().rowCount();
        }

        @Override
        public List<RowSource> sources() {
            return List.of(new RowSource(0, file, 0));
        }

        @Override
        public Optional<String> path() {
            return Optional.of(file.path());
        }

        @Override
        public List<Object> constants() {
            return file.constants();
        }
    }

    /**
     * Rows of several arrays side by side, each in one file.
     *
     * @param file the file of all arrays, if they are members of one container; else null
     */
    record Joined(long firstRow, long rowCount, List<RowSource> sources, String file) implements RowGroup {

        public Joined {
            sources = List.copyOf(sources);
        }

        @Override
        public Optional<String> path() {
            return Optional.ofNullable(file);
        }
    }
}
