package io.memmap.format;

import io.memmap.array.Order;
import io.memmap.dtype.DType;
import java.util.List;

/**
 * What a user says about array files: needed for raw ones, and held against what a header or sidecar says.
 *
 * @param dtype null when not said
 * @param shape null when not said; the first length may be -1, "as many as the file holds"
 * @param order null when not said
 * @param offset null when not said
 * @param schemaDtype what the columns that the user asked for would be as a packed record; the last resort for raw
 *     files, or null
 */
public record Claims(
        DType dtype,
        List<Long> shape,
        Order order,
        Long offset,
        DType schemaDtype,
        Container container,
        TrailingBytes trailingBytes,
        boolean sidecars) {

    /** How a file says what it holds. */
    public enum Container {
        /** By its first bytes. */
        AUTO,
        NPY,
        RAW
    }

    /** What to make of bytes behind the array. */
    public enum TrailingBytes {
        /** Ignored behind a .npy header or sidecar, as an append may be under way; refused in a raw file. */
        AUTO,
        ERROR,
        IGNORE
    }
}
