package io.memmap.layout;

import io.memmap.dtype.DType;
import java.io.Serializable;
import java.util.Objects;

/**
 * The place of each element of an array in its file. The one place with stride arithmetic.
 *
 * <p>Whatever its order, an array is {@link #planeCount} <em>planes</em>, end to end; in plane {@code p} row
 * {@code r} is the {@code rowStride} bytes at {@code offset + p * planeNbytes + r * rowStride}. In C order there is one
 * plane and a row is contiguous; in Fortran order there is a plane per element of a row.
 *
 * @param offset bytes from the start of the file to the first element
 */
public record Layout(DType dtype, Shape shape, Order order, long offset) implements Serializable {

    /**
     * @throws IllegalArgumentException when offset is negative, or the array's last byte lies beyond a long
     */
    public Layout {
        Objects.requireNonNull(dtype);
        Objects.requireNonNull(shape);
        Objects.requireNonNull(order);
        if (offset < 0) {
            throw new IllegalArgumentException("Cannot lay out an array: offset " + offset + ", expected 0 or more");
        }
        try {
            Math.addExact(offset, Math.multiplyExact(shape.size(), (long) dtype.itemsize()));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "Cannot lay out an array: shape " + shape + " of " + dtype
                            + " leaves 64 bits, expected at most 2^63-1 bytes",
                    e);
        }
        if (shape.ndim() < 2) {
            order = Order.C;
        }
    }

    /** Rows on axis 0; a 0-D array is one row. */
    public long rowCount() {
        return shape.ndim() == 0 ? 1 : shape.dim(0);
    }

    /** Elements of one row. */
    public long rowSize() {
        return shape.ndim() == 0 ? 1 : shape.trailing().size();
    }

    /** Bytes of one row, all its planes together. */
    public long rowNbytes() {
        return rowSize() * dtype.itemsize();
    }

    public long nbytes() {
        return shape.size() * dtype.itemsize();
    }

    /** The first byte after the array. */
    public long end() {
        return offset + nbytes();
    }

    public long planeCount() {
        return order == Order.C ? 1 : rowSize();
    }

    /** Bytes of one row inside one plane. */
    public long rowStride() {
        return order == Order.C ? rowNbytes() : dtype.itemsize();
    }

    /** Bytes from one plane to the next. */
    public long planeNbytes() {
        return rowCount() * rowStride();
    }

    /** The element of a row, counted in C order, that a plane holds: 0 in C order, whose one plane holds them all. */
    public long elementOf(long plane) {
        if (order == Order.C || rowSize() == 0) {
            return 0;
        }
        long element = 0;
        long rest = plane;
        for (int axis = 1; axis < shape.ndim(); axis++) {
            element = element * shape.dim(axis) + rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return element;
    }

    /** The plane that holds an element of a row, counted in C order. */
    public long planeOf(long element) {
        if (order == Order.C || rowSize() == 0) {
            return 0;
        }
        long plane = 0;
        long rest = element;
        for (int axis = shape.ndim() - 1; axis >= 1; axis--) {
            plane = plane * shape.dim(axis) + rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return plane;
    }

    /** The position in the file of row {@code row} of plane {@code plane}. */
    public long position(long plane, long row) {
        return offset + plane * planeNbytes() + row * rowStride();
    }

    /** The position in the file of element {@code element}, counted in C order, of row {@code row}. */
    public long elementPosition(long row, long element) {
        long inPlane = order == Order.C ? element * dtype.itemsize() : 0;
        return position(planeOf(element), row) + inPlane;
    }

    /** Bytes from an element to its neighbour, for each axis: NumPy's {@code strides}. */
    public long[] strides() {
        long[] strides = new long[shape.ndim()];
        long stride = dtype.itemsize();
        for (int i = 0; i < strides.length; i++) {
            int axis = order == Order.C ? strides.length - 1 - i : i;
            strides[axis] = stride;
            stride *= Math.max(shape.dim(axis), 1);
        }
        return strides;
    }

    /** The same bytes as one axis; in Fortran order that is not the order of the elements, and refused. */
    public Layout flat() {
        if (order == Order.F) {
            throw new IllegalStateException("Cannot flatten an array of shape " + shape + " in Fortran order");
        }
        return new Layout(dtype, Shape.of(shape.size()), Order.C, offset);
    }

    /** The same bytes with the axes reversed, NumPy's {@code .T}. */
    public Layout transpose() {
        return new Layout(dtype, shape.reversed(), order.transpose(), offset);
    }
}
