package io.memmap.layout;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The extents of the blocks by which an array in C order is made into one in Fortran order. Elements along the last axes
 * of a block are adjacent where it is read, those along the first axes where it is written. Immutable.
 *
 * @param shape of the array, with an element at least
 * @param extents lengths of a block on each axis; the last block on an axis may be shorter
 */
public record TransposeTile(Shape shape, int itemsize, Shape extents) {
    /** Longer runs are several reads, or writes, all the same. */
    private static final long MAX_RUN_NBYTES = 256 << 10;

    /**
     * Returns the tile that needs the fewest reads and writes.
     *
     * @param maxNbytes limit for a block, except that it has an element at least
     */
    public static TransposeTile of(Shape shape, int itemsize, int maxNbytes) {
        long maxSize = Math.max(1, maxNbytes / itemsize);
        TransposeTile best = of(shape, itemsize, 1, maxSize);
        for (long run = 2; run <= maxSize; run *= 2) {
            TransposeTile tile = of(shape, itemsize, run, maxSize);
            if (tile.callsPerByte() < best.callsPerByte()) {
                best = tile;
            }
        }
        return best;
    }

    /** Returns a tile of up to {@code run} adjacent elements in C order, extended from the first axis on. */
    private static TransposeTile of(Shape shape, int itemsize, long run, long maxSize) {
        long[] extents = new long[shape.ndim()];
        Arrays.fill(extents, 1);
        long size = 1;
        for (int axis = extents.length - 1; axis >= 0 && size * 2 <= run; axis--) {
            extents[axis] = even(shape.dim(axis), run / size);
            size *= extents[axis];
        }
        for (int axis = 0; axis < extents.length; axis++) {
            size /= extents[axis];
            extents[axis] = even(shape.dim(axis), maxSize / size);
            size *= extents[axis];
        }
        return new TransposeTile(shape, itemsize, Shape.of(extents));
    }

    /** Returns the length of equal pieces of at most {@code most}: no last piece is a sliver. */
    private static long even(long length, long most) {
        return length <= most ? length : ceilDiv(length, ceilDiv(length, most));
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /** The axis from which on a block's elements are adjacent in C order. */
    public int readAxis() {
        int axis = shape.ndim() - 1;
        while (axis > 0 && extents.dim(axis) == shape.dim(axis)) {
            axis--;
        }
        return axis;
    }

    /** Bytes of a block that are adjacent in C order. */
    public long readNbytes() {
        long nbytes = itemsize;
        for (int axis = readAxis(); axis < shape.ndim(); axis++) {
            nbytes *= extents.dim(axis);
        }
        return nbytes;
    }

    /** Bytes of a block that are adjacent in Fortran order. */
    public long writeNbytes() {
        long nbytes = itemsize;
        for (int axis = 0; axis < shape.ndim(); axis++) {
            nbytes *= extents.dim(axis);
            if (extents.dim(axis) < shape.dim(axis)) {
                break;
            }
        }
        return nbytes;
    }

    /** Bytes of a block. */
    public int nbytes() {
        return Math.toIntExact(extents.size() * itemsize);
    }

    private double callsPerByte() {
        return 1.0 / Math.min(readNbytes(), MAX_RUN_NBYTES) + 1.0 / Math.min(writeNbytes(), MAX_RUN_NBYTES);
    }

    /**
     * Copies elements that lie apart to the position of a buffer, and moves it past them.
     *
     * @param at the first element's place in {@code from}, in the byte order of {@code to}
     * @param stride bytes from one element to the next there
     */
    public static void gather(ByteBuffer from, int at, int stride, int itemsize, int count, ByteBuffer to) {
        int start = to.position();
        int end = start + count * itemsize;
        if (stride == itemsize) {
            to.put(start, from, at, end - start);
        } else if (itemsize == Integer.BYTES) {
            for (int i = start, j = at; i < end; i += Integer.BYTES, j += stride) {
                to.putInt(i, from.getInt(j));
            }
        } else if (itemsize == Long.BYTES) {
            for (int i = start, j = at; i < end; i += Long.BYTES, j += stride) {
                to.putLong(i, from.getLong(j));
            }
        } else if (itemsize == Short.BYTES) {
            for (int i = start, j = at; i < end; i += Short.BYTES, j += stride) {
                to.putShort(i, from.getShort(j));
            }
        } else if (itemsize == 1) {
            for (int i = start, j = at; i < end; i++, j += stride) {
                to.put(i, from.get(j));
            }
        } else {
            for (int i = start, j = at; i < end; i += itemsize, j += stride) {
                to.put(i, from, j, itemsize);
            }
        }
        to.position(end);
    }
}
