package io.memmap.array;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.layout.Layout;
import io.memmap.layout.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The bytes of a view in its order: element {@code (i, j, …)} starts at {@code start + i * strides[0] + j *
 * strides[1] + …}. Positions and strides count bytes from the array's first one. Immutable.
 */
final class Strided {
    /** Elements from which on a run is worth what it costs to start one. */
    static final int MIN_RUN = 8;

    private final DType dtype;
    private final long start;
    private final long[] dims;
    private final long[] strides;

    private Strided(DType dtype, long start, long[] dims, long[] strides) {
        this.dtype = dtype;
        this.start = start;
        this.dims = dims;
        this.strides = strides;
    }

    /** The whole of an array. */
    static Strided of(Layout layout) {
        return of(layout.dtype(), 0, layout.shape().toArray(), layout.strides());
    }

    /** A sub-array is as many more axes, as in NumPy. */
    private static Strided of(DType dtype, long start, long[] dims, long[] strides) {
        if (!(dtype instanceof SubArrayDType array)) {
            return new Strided(dtype, start, dims, strides);
        }
        int outer = dims.length;
        int ndim = outer + array.shape().size();
        long[] allDims = Arrays.copyOf(dims, ndim);
        long[] allStrides = Arrays.copyOf(strides, ndim);
        long stride = array.base().itemsize();
        for (int axis = ndim - 1; axis >= outer; axis--) {
            allDims[axis] = array.shape().get(axis - outer);
            allStrides[axis] = stride;
            stride *= allDims[axis];
        }
        return of(array.base(), start, Shape.of(allDims).toArray(), allStrides);
    }

    DType dtype() {
        return dtype;
    }

    Shape shape() {
        return Shape.of(dims);
    }

    int ndim() {
        return dims.length;
    }

    long start() {
        return start;
    }

    long[] dims() {
        return dims.clone();
    }

    long[] strides() {
        return strides.clone();
    }

    long size() {
        long size = 1;
        for (long dim : dims) {
            size *= dim;
        }
        return size;
    }

    /** Evenly spaced elements that follow each other in this order. */
    long runSize() {
        Strided walk = coalesced();
        return walk.dims.length == 0 ? 1 : walk.dims[walk.dims.length - 1];
    }

    /** The position of an element. */
    long position(long... index) {
        if (index.length != dims.length) {
            throw new IllegalArgumentException("Cannot take an element of shape " + shape() + ": " + index.length
                    + " indices, expected " + dims.length + "; slice() gives views");
        }
        long position = start;
        for (int axis = 0; axis < index.length; axis++) {
            position += onAxis(axis, index[axis]) * strides[axis];
        }
        return position;
    }

    private long onAxis(int axis, long index) {
        long length = dims[axis];
        long fromStart = index < 0 ? index + length : index;
        if (fromStart < 0 || fromStart >= length) {
            throw new IndexOutOfBoundsException(
                    "index " + index + " is out of bounds for axis " + axis + " with size " + length);
        }
        return fromStart;
    }

    Strided slice(List<Slice> slices) {
        List<Slice> perAxis = expand(slices);
        long from = start;
        int kept = 0;
        long[] keptDims = new long[dims.length];
        long[] keptStrides = new long[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            Slice slice = perAxis.get(axis);
            if (slice instanceof Slice.At at) {
                from += onAxis(axis, at.index()) * strides[axis];
                continue;
            }
            Slice.Range range = (Slice.Range) slice;
            long count = range.count(dims[axis]);
            if (count > 0) {
                from += range.first(dims[axis]) * strides[axis];
            }
            keptDims[kept] = count;
            // Of one position the step does not matter, and a huge one would leave 64 bits.
            keptStrides[kept++] = count > 1 ? strides[axis] * range.step() : strides[axis];
        }
        return new Strided(dtype, from, Arrays.copyOf(keptDims, kept), Arrays.copyOf(keptStrides, kept));
    }

    /** One slice for each axis: an ellipsis, or its absence at the end, means as many {@code :} as are missing. */
    private List<Slice> expand(List<Slice> slices) {
        List<Integer> ellipses = IntStream.range(0, slices.size())
                .filter(i -> slices.get(i) instanceof Slice.Ellipsis)
                .boxed()
                .toList();
        if (ellipses.size() > 1) {
            throw new IllegalArgumentException(
                    "Cannot slice " + text(slices) + ": " + ellipses.size() + " ellipses ('...'), expected at most 1");
        }
        int named = slices.size() - ellipses.size();
        if (named > dims.length) {
            throw new IndexOutOfBoundsException("too many indices for array: array is " + dims.length
                    + "-dimensional, but " + named + " were indexed");
        }
        int gap = ellipses.isEmpty() ? slices.size() : ellipses.get(0);
        return IntStream.range(0, dims.length)
                .mapToObj(axis -> axis < gap
                        ? slices.get(axis)
                        : axis < gap + dims.length - named
                                ? Slice.all()
                                : slices.get(axis - dims.length + slices.size()))
                .toList();
    }

    private static String text(List<Slice> slices) {
        return slices.stream().map(Slice::toString).collect(Collectors.joining(", ", "[", "]"));
    }

    Strided transpose() {
        return permute(IntStream.range(0, dims.length)
                .map(axis -> dims.length - 1 - axis)
                .toArray());
    }

    private Strided permute(int[] axes) {
        return new Strided(
                dtype,
                start,
                IntStream.of(axes).mapToLong(axis -> dims[axis]).toArray(),
                IntStream.of(axes).mapToLong(axis -> strides[axis]).toArray());
    }

    /** The same elements' bytes from {@code offset} on, as another dtype. */
    Strided part(DType part, int offset) {
        return of(part, start + offset, dims, strides);
    }

    /** One field of every record. */
    Strided field(String name) {
        if (!(dtype instanceof RecordDType record)) {
            throw new IllegalArgumentException(
                    "Cannot take field '" + name + "': the dtype is " + dtype + ", expected a record");
        }
        for (RecordDType.Field field : record.fields()) {
            if (field.name().equals(name) || name.equals(field.title())) {
                return part(field.dtype(), field.offset());
            }
        }
        throw new IllegalArgumentException("Cannot take field '" + name + "': no field of that name, expected one of "
                + String.join(", ", record.names()));
    }

    /**
     * The same elements, for work that does not care which comes first: in the order of their bytes, unless that makes
     * many short runs, then in long ones.
     */
    Strided inAnyOrder() {
        Strided ordered = inMemoryOrder().coalesced();
        int last = ordered.dims.length - 1;
        int longest = last;
        for (int axis = last - 1; axis >= 0; axis--) {
            longest = ordered.dims[axis] > ordered.dims[longest] ? axis : longest;
        }
        if (last < 1 || ordered.dims[last] >= MIN_RUN) {
            return ordered;
        }
        return ordered.withLast(longest);
    }

    /** The axis whose elements are read fastest: among those that make a run, the one of the smallest stride. */
    int runAxis() {
        int best = dims.length - 1;
        for (int axis = best - 1; axis >= 0; axis--) {
            boolean closer = dims[best] < MIN_RUN || Math.abs(strides[axis]) < Math.abs(strides[best]);
            best = dims[axis] >= MIN_RUN && closer ? axis : best;
        }
        return best;
    }

    /** The same elements with one of the axes as the last one. */
    Strided withLast(int inner) {
        int last = dims.length - 1;
        return permute(IntStream.rangeClosed(0, last)
                .map(axis -> axis == last ? inner : axis < inner ? axis : axis + 1)
                .toArray());
    }

    private Strided inMemoryOrder() {
        long from = start;
        long[] forward = strides.clone();
        for (int axis = 0; axis < dims.length; axis++) {
            if (forward[axis] < 0) {
                from += Math.max(dims[axis] - 1, 0) * forward[axis];
                forward[axis] = -forward[axis];
            }
        }
        int[] axes = IntStream.range(0, dims.length)
                .boxed()
                .sorted((a, b) -> Long.compare(forward[b], forward[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        return new Strided(dtype, from, dims, forward).permute(axes);
    }

    /** The same elements in the same order with as few axes as can be: none of length 1, and adjacent ones joined. */
    Strided coalesced() {
        long[] joinedDims = new long[dims.length];
        long[] joinedStrides = new long[dims.length];
        int kept = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 1) {
                continue;
            }
            if (kept > 0 && joinedStrides[kept - 1] == dims[axis] * strides[axis]) {
                joinedDims[kept - 1] *= dims[axis];
                joinedStrides[kept - 1] = strides[axis];
            } else {
                joinedDims[kept] = dims[axis];
                joinedStrides[kept++] = strides[axis];
            }
        }
        return new Strided(dtype, start, Arrays.copyOf(joinedDims, kept), Arrays.copyOf(joinedStrides, kept));
    }

    /** The first byte of any element. */
    long low() {
        return inMemoryOrder().start;
    }

    /** The first byte after all elements; {@link #low} when there are none. */
    long high() {
        if (size() == 0) {
            return low();
        }
        long high = low() + dtype.itemsize();
        for (int axis = 0; axis < dims.length; axis++) {
            high += (dims[axis] - 1) * Math.abs(strides[axis]);
        }
        return high;
    }
}
