package io.memmap.format;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a 1-D array that is cut into sequences of their own lengths: bound {@code i} is the element with which
 * sequence {@code i} begins, and sequence {@code i - 1} ends. The bounds stay in their file. Crosses the wire.
 *
 * @param count sequences
 * @param bounds a 1-D array of integers, the bounds from {@code firstStored} on. Those that it lacks are 0 and the number
 *     of elements
 * @param unit what a bound counts per element: 1, or the bytes of an element
 * @param sizes the elements of each sequence; null where only the bounds tell
 * @param documents the sequence with which each document begins, and the number of sequences in the end; null if a row is a
 *     sequence, else a row is a document
 */
public record Sequences(long count, ArrayFile bounds, int firstStored, int unit, ArrayFile sizes, ArrayFile documents)
        implements Serializable {

    /** The rows that an indexed dataset is read as. */
    public enum Rows {
        /** Those of the array. */
        ELEMENTS,
        SEQUENCES,
        DOCUMENTS
    }

    public Sequences {
        Objects.requireNonNull(bounds);
    }

    /** Rows, which are sequences or documents. */
    public long rowCount() {
        return documents == null ? count : Math.max(documents.layout().rowCount() - 1, 0);
    }

    /** The arrays that say where rows begin. */
    public List<ArrayFile> files() {
        List<ArrayFile> files = new ArrayList<>(List.of(bounds));
        if (sizes != null) {
            files.add(sizes);
        }
        if (documents != null) {
            files.add(documents);
        }
        return files;
    }
}
