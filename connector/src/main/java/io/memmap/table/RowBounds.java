package io.memmap.table;

import io.memmap.format.ArrayFile;
import io.memmap.format.Sequences;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The elements with which the rows of a ragged array begin and end, as its index has them. Reads the index some KiB at a
 * time. Belongs to one thread; its owner closes what the bytes come from.
 */
public final class RowBounds {
    private final ArrayFile file;
    private final Sequences rows;
    private final long elements;
    private final IndexItems bounds;
    /** Null if there are none. */
    private final IndexItems sizes;
    /** Null if there are none. */
    private final IndexItems documents;

    private long row = -1;
    private long sequence;
    private long element;

    /** The bytes of an array of the index, valid until the next call. */
    @FunctionalInterface
    public interface Bytes {
        ByteBuffer at(long offset, int nbytes) throws IOException;
    }

    /**
     * @param file an array with {@link ArrayFile#sequences}
     * @param index the bytes of {@link Sequences#files}, in their order
     */
    public RowBounds(ArrayFile file, List<Bytes> index) {
        this.file = file;
        this.rows = file.sequences();
        this.elements = file.layout().rowCount();
        this.bounds = new IndexItems(rows.bounds(), index.get(0));
        this.sizes = rows.sizes() == null ? null : new IndexItems(rows.sizes(), index.get(1));
        this.documents =
                rows.documents() == null ? null : new IndexItems(rows.documents(), index.get(index.size() - 1));
    }

    /**
     * The first element of a row; that of the row after the last is the number of elements.
     *
     * @throws IOException naming the index, when it is none
     */
    public long start(long wanted) throws IOException {
        return bound(firstSequence(wanted));
    }

    /** Goes to a row, and returns its first element as {@link #start}. */
    public long seek(long wanted) throws IOException {
        if (wanted != row) {
            sequence = firstSequence(wanted);
            element = bound(sequence);
            row = wanted;
        }
        return element;
    }

    /**
     * Goes on to the next row, and returns its first element, where the row before ends.
     *
     * @throws IOException naming the index, when its bounds do not rise, or differ from its sizes
     */
    public long next() throws IOException {
        long end = firstSequence(row + 1);
        if (end < sequence) {
            throw refusal("document " + row + " begins with sequence " + sequence + " and the next one with " + end
                    + ", expected numbers that rise");
        }
        while (sequence < end) {
            long after = bound(sequence + 1);
            long size = sizes == null ? after - element : sizes.at(sequence);
            if (after < element || size != after - element) {
                throw refusal("sequence " + sequence + " begins with token " + element
                        + (sizes == null ? "" : " and has " + size) + ", and the next one begins with token " + after
                        + (sizes == null
                                ? ", expected numbers that rise"
                                : ", expected sequences end to end in the order of their numbers"));
            }
            sequence++;
            element = after;
        }
        row++;
        return element;
    }

    private long firstSequence(long wanted) throws IOException {
        if (documents == null) {
            return wanted;
        }
        long found = documents.at(wanted);
        if (found < 0 || found > rows.count()) {
            throw refusal("document " + wanted + " begins with sequence " + found + ", expected 0 to " + rows.count());
        }
        return found;
    }

    private long bound(long index) throws IOException {
        if (index < rows.firstStored()) {
            return 0;
        }
        long stored = index - rows.firstStored();
        if (stored >= rows.bounds().layout().rowCount()) {
            return elements;
        }
        long found = bounds.at(stored);
        if (found < 0 || found % rows.unit() != 0 || found / rows.unit() > elements) {
            throw refusal("sequence " + index + " begins at " + (rows.unit() == 1 ? "token " : "byte ") + found
                    + ", expected " + (rows.unit() == 1 ? "" : "a multiple of " + rows.unit() + " of ") + "at most "
                    + elements * rows.unit());
        }
        return found / rows.unit();
    }

    private IOException refusal(String problem) {
        return new IOException("Cannot read the sequences of " + file.path() + ": by its index "
                + rows.bounds().path() + " " + problem + "; read its tokens without the option layout");
    }
}
