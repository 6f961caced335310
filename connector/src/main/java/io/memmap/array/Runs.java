package io.memmap.array;

import io.memmap.memory.MappedWindows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks over a view in C order, a run of evenly spaced elements inside one window at a time. Knows bytes, not values.
 * Used once, by one thread.
 */
final class Runs {
    private final MappedWindows windows;
    private final int itemsize;
    private final long[] dims;
    private final long[] strides;
    private final long[] index;
    private final long innerCount;
    private final long innerStride;

    private long position;
    private long innerLeft;
    private ByteBuffer buffer;
    private int at;
    private int stride;

    Runs(MappedWindows windows, Strided view) {
        Strided walk = view.coalesced();
        int outer = Math.max(walk.ndim() - 1, 0);
        this.windows = windows;
        this.itemsize = walk.dtype().itemsize();
        this.dims = walk.dims();
        this.strides = walk.strides();
        this.index = new long[outer];
        this.innerCount = walk.ndim() == 0 ? 1 : dims[outer];
        this.innerStride = walk.ndim() == 0 ? itemsize : strides[outer];
        this.position = walk.start();
        this.innerLeft = view.size() == 0 ? 0 : innerCount;
    }

    /** Moves on to the next run, of at most {@code limit} elements, and returns how many it has: 0 at the end. */
    int next(int limit) {
        if (innerLeft == 0 || limit == 0) {
            return 0;
        }
        int window = windows.window(position);
        buffer = windows.buffer(window, ByteOrder.nativeOrder());
        at = (int) (position - windows.start(window));
        int count = (int) Math.min(Math.min(innerLeft, limit), reach());
        // Of a single element the stride does not matter, and need not fit.
        stride = count > 1 ? (int) innerStride : itemsize;
        innerLeft -= count;
        position += count * innerStride;
        if (innerLeft == 0) {
            advance();
        }
        return count;
    }

    /** Elements from here on that lie in the same window. */
    private long reach() {
        return innerStride > 0
                ? (buffer.capacity() - at - itemsize) / innerStride + 1
                : innerStride < 0 ? at / -innerStride + 1 : innerLeft;
    }

    private void advance() {
        position -= innerCount * innerStride;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            position += strides[axis];
            if (++index[axis] < dims[axis]) {
                innerLeft = innerCount;
                return;
            }
            position -= dims[axis] * strides[axis];
            index[axis] = 0;
        }
    }

    /** The window of the run, in this machine's byte order. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** The index of the run's first byte in {@link #buffer}. */
    int at() {
        return at;
    }

    /** Bytes from one element of the run to the next. */
    int stride() {
        return stride;
    }

    /** Stores as many elements as {@code bytes} has before its limit, as they are, and moves on after them. */
    void put(ByteBuffer bytes) {
        ByteBuffer from = bytes.duplicate().order(ByteOrder.nativeOrder());
        int end = bytes.limit() / itemsize;
        for (int done = 0; done < end; ) {
            int count = next(end - done);
            if (count == 0) {
                return;
            }
            put(from, done * itemsize, count);
            done += count;
        }
    }

    private void put(ByteBuffer bytes, int from, int count) {
        ByteBuffer to = buffer;
        if (stride == itemsize) {
            to.put(at, bytes, from, count * itemsize);
            return;
        }
        switch (itemsize) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    to.put(at + i * stride, bytes.get(from + i));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    to.putShort(at + i * stride, bytes.getShort(from + i * 2));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    to.putInt(at + i * stride, bytes.getInt(from + i * 4));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    to.putLong(at + i * stride, bytes.getLong(from + i * 8));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    to.put(at + i * stride, bytes, from + i * itemsize, itemsize);
                }
            }
        }
    }
}
