package io.memmap.cli;

import io.memmap.array.Slice;
import io.memmap.layout.Shape;
import io.memmap.layout.TransposeTile;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts an array into blocks of few elements, in C order, so that constant memory is enough whatever its shape. */
record Blocks(Shape shape, int most, Consumer<Slice[]> consumer) {
    private static final int MOST_ELEMENTS = 1 << 18;

    /** @param consumer takes each block's place on the first axes; blocks of a matrix of few columns are whole rows */
    static void forEach(Shape shape, Consumer<Slice[]> consumer) {
        forEach(shape, MOST_ELEMENTS, consumer);
    }

    /** @param most elements in a block, if fewer than usual */
    static void forEach(Shape shape, int most, Consumer<Slice[]> consumer) {
        if (shape.ndim() == 0) {
            consumer.accept(new Slice[0]);
        } else if (shape.size() > 0) {
            // A file of no bytes can declare any number of rows without elements.
            new Blocks(shape, Math.min(most, MOST_ELEMENTS), consumer).cut(new Slice[shape.ndim()], 0, shape.size());
        }
    }

    /**
     * Cuts an array that goes to the other order: the elements of a block are adjacent along the first axes, and along the
     * last ones, as far as few elements can be.
     */
    static void forEachTile(Shape shape, int itemsize, Consumer<Slice[]> consumer) {
        if (shape.size() > 0) {
            int most = (int) Math.min(Integer.MAX_VALUE, (long) MOST_ELEMENTS * itemsize);
            Shape extents = TransposeTile.of(shape, itemsize, most).extents();
            new Blocks(shape, MOST_ELEMENTS, consumer).tile(new Slice[shape.ndim()], 0, extents);
        }
    }

    private void tile(Slice[] place, int axis, Shape extents) {
        if (axis == place.length) {
            consumer.accept(place.clone());
            return;
        }
        long length = shape.dim(axis);
        for (long at = 0; at < length; at += extents.dim(axis)) {
            place[axis] = Slice.of(at, Math.min(length, at + extents.dim(axis)));
            tile(place, axis + 1, extents);
        }
    }

    /** @param size elements that the place on the axes before {@code axis} has */
    private void cut(Slice[] place, int axis, long size) {
        long length = shape.dim(axis);
        long each = size / length;
        boolean inParts = each > most && axis + 1 < shape.ndim();
        long step = inParts ? 1 : Math.max(1, most / each);
        for (long at = 0; at < length; at += step) {
            place[axis] = Slice.of(at, Math.min(length, at + step));
            if (inParts) {
                cut(place, axis + 1, each);
            } else {
                consumer.accept(Arrays.copyOf(place, axis + 1));
            }
        }
    }
}
