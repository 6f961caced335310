package io.memmap.layout;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The lengths of an array's axes. Immutable; {@code ()} is a single element. */
public final class Shape implements Serializable {
    private static final long serialVersionUID = 1L;

    /** NumPy's limit since 2.0. */
    public static final int MAX_NDIM = 64;

    private final long[] dims;

    private Shape(long[] dims) {
        this.dims = dims;
    }

    /**
     * A shape of these lengths.
     *
     * @throws IllegalArgumentException for a negative length, or more than {@link #MAX_NDIM} of them
     */
    public static Shape of(long... dims) {
        if (dims.length > MAX_NDIM) {
            throw new IllegalArgumentException(
                    "Cannot make a shape: " + dims.length + " dimensions, expected at most " + MAX_NDIM);
        }
        for (long dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("Cannot make a shape: " + text(dims) + " has the negative length "
                        + dim + ", expected 0 or more");
            }
        }
        return new Shape(dims.clone());
    }

    /** The same, of lengths as a sub-array of a dtype has them. */
    public static Shape of(List<Integer> lengths) {
        return of(lengths.stream().mapToLong(Integer::longValue).toArray());
    }

    public int ndim() {
        return dims.length;
    }

    /** The length of one axis. */
    public long dim(int axis) {
        return dims[axis];
    }

    public long[] toArray() {
        return dims.clone();
    }

    /**
     * The lengths as a sub-array of a dtype has them.
     *
     * @throws ArithmeticException for a length beyond an int
     */
    public List<Integer> lengths() {
        return LongStream.of(dims).mapToObj(Math::toIntExact).toList();
    }

    /** The shape of one row: without axis 0. A 0-D shape is its own. */
    public Shape trailing() {
        return dims.length == 0 ? this : new Shape(Arrays.copyOfRange(dims, 1, dims.length));
    }

    /** The axes in reverse, NumPy's {@code .T}. */
    public Shape reversed() {
        long[] reversed = new long[dims.length];
        for (int i = 0; i < dims.length; i++) {
            reversed[i] = dims[dims.length - 1 - i];
        }
        return new Shape(reversed);
    }

    /** The shape of an array whose rows have this one. */
    public Shape ofRows(long rows) {
        return of(LongStream.concat(LongStream.of(rows), LongStream.of(dims)).toArray());
    }

    /** This shape with another length on axis 0. */
    public Shape withRows(long rows) {
        long[] copy = dims.clone();
        copy[0] = rows;
        return of(copy);
    }

    /**
     * Returns the number of elements; zero as soon as one length is.
     *
     * @throws ArithmeticException when the product leaves a long, also where a zero hides it
     */
    public long size() {
        long size = 1;
        boolean empty = false;
        for (long dim : dims) {
            empty |= dim == 0;
            size = Math.multiplyExact(size, Math.max(dim, 1));
        }
        return empty ? 0 : size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The text that Python writes for a tuple: {@code (1000,)}, {@code (1000, 16)}, {@code ()}. */
    @Override
    public String toString() {
        return text(dims);
    }

    private static String text(long[] dims) {
        String joined = LongStream.of(dims).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return dims.length == 1 ? "(" + joined + ",)" : "(" + joined + ")";
    }
}
