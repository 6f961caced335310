package io.memmap.table;

import io.memmap.format.ArrayFile;
import java.io.Serializable;
import java.util.ArrayList;
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

    /**
     * Bytes of one of its rows on average.
     *
     * @param rowNbytes of a row of a table whose rows are equal; 0 if nothing of a row is read
     */
    default long rowNbytes(long rowNbytes) {
        return rowNbytes;
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

    /** All rows of one file whose rows are sequences of different lengths. Its index comes before it among the sources. */
    record Ragged(long firstRow, ArrayFile file) implements RowGroup {

        public Ragged {
            Objects.requireNonNull(file.sequences());
        }

        @Override
        public long rowCount() {
            return file.rowCount();
        }

        @Override
        public List<RowSource> sources() {
            List<ArrayFile> index = file.sequences().files();
            List<RowSource> sources = new ArrayList<>();
            for (int i = 0; i < index.size(); i++) {
                sources.add(new RowSource(i + 1, index.get(i), 0));
            }
            sources.add(new RowSource(0, file, 0));
            return sources;
        }

        @Override
        public long rowNbytes(long rowNbytes) {
            return rowNbytes == 0 ? 0 : nbytes(file.layout().rowCount(), rowCount()) / Math.max(rowCount(), 1);
        }

        /** Bytes that a number of its rows with this many elements cost to read. */
        public long nbytes(long elements, long rows) {
            long ofIndex = file.sequences().files().stream()
                    .mapToLong(index -> index.layout().dtype().itemsize())
                    .sum();
            return elements * file.layout().dtype().itemsize() + rows * ofIndex;
        }

        @Override
        public Optional<String> path() {
            return Optional.of(file.path());
        }

        @Override
        public String files() {
            return file.path();
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
