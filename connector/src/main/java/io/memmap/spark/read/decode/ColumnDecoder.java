package io.memmap.spark.read.decode;

import io.memmap.layout.Layout;
import io.memmap.spark.read.vector.AxisVector;
import io.memmap.spark.read.vector.ConstantVector;
import io.memmap.spark.read.vector.SequenceVector;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One column of the batches of one file: either made of the file's bytes, plane by plane, or of row numbers alone.
 * Belongs to one task thread.
 */
abstract class ColumnDecoder {

    /** Makes ready for {@code count} table rows from {@code start} on, counted within the file. */
    abstract void begin(long start, int count);

    /** The one plane that its bytes are in; empty when they are in every plane, or it has none. */
    OptionalLong plane() {
        return OptionalLong.empty();
    }

    /** The bytes of each row of a plane that it needs, as {@code [lo, hi)}. */
    int lo() {
        return 0;
    }

    int hi() {
        return 0;
    }

    /**
     * Decodes its part of some rows of one plane.
     *
     * @param position where the first of them starts in {@code source}; may lie before it, as only the bytes from
     *     {@link #lo} on are asked for
     */
    void decode(ByteBuffer source, int position, int stride, int rows, long plane) {}

    /** Completes a batch. */
    void finish(int count) {}

    abstract ColumnVector vector();

    /** Heap bytes of one table row. */
    long rowNbytes() {
        return 0;
    }

    /** The name of the file. */
    static ColumnDecoder ofFile(String path) {
        return ofConstant(DataTypes.StringType, UTF8String.fromString(path));
    }

    /** The same value in all rows, as Spark holds it internally; may be null. */
    static ColumnDecoder ofConstant(DataType type, Object value) {
        ConstantVector vector = new ConstantVector(type, value);
        return new OfPositions(vector, (start, count) -> vector.reset(count));
    }

    /** The position of a row, counted from {@code first}; {@code rowSize} table rows share one. */
    static ColumnDecoder ofRow(long first, long rowSize) {
        if (rowSize > 1) {
            return ofAxis(first * rowSize, rowSize, Long.MAX_VALUE);
        }
        SequenceVector vector = new SequenceVector();
        return new OfPositions(vector, (start, count) -> vector.reset(first + start));
    }

    /** The position on one axis of an array that is read element by element. */
    static ColumnDecoder ofAxis(long firstElement, long divisor, long modulus) {
        AxisVector vector = new AxisVector(divisor, modulus);
        return new OfPositions(vector, (start, count) -> vector.reset(firstElement + start));
    }

    /** A column that is made of the positions of its rows, not of bytes. */
    private static final class OfPositions extends ColumnDecoder {
        /** Sets a vector to some rows. */
        @FunctionalInterface
        interface Reset {
            void to(long start, int count);
        }

        private final ColumnVector vector;
        private final Reset reset;

        OfPositions(ColumnVector vector, Reset reset) {
            this.vector = vector;
            this.reset = reset;
        }

        @Override
        void begin(long start, int count) {
            reset.to(start, count);
        }

        @Override
        ColumnVector vector() {
            return vector;
        }
    }

    /** A column that is decoded from the bytes of its items, from {@code lo} to {@code hi} of a row. */
    abstract static class OfItems extends ColumnDecoder {
        final ItemReader items;
        private final int lo;
        private final int hi;

        OfItems(ItemReader items, int lo, int nbytes) {
            this.items = items;
            this.lo = lo;
            this.hi = lo + nbytes;
        }

        @Override
        final int lo() {
            return lo;
        }

        @Override
        final int hi() {
            return hi;
        }

        @Override
        void begin(long start, int count) {
            items.reserve(count);
        }

        @Override
        void finish(int count) {
            items.finish(count);
        }

        @Override
        ColumnVector vector() {
            return items.vector();
        }

        @Override
        long rowNbytes() {
            return items.slotNbytes();
        }
    }

    /** One element per row. */
    static final class OfElement extends OfItems {
        private final long plane;

        OfElement(ItemReader items, Layout layout, long element, int fieldOffset, int nbytes) {
            super(items, Math.toIntExact(inPlane(layout, element) + fieldOffset), nbytes);
            this.plane = layout.planeOf(element);
        }

        private static long inPlane(Layout layout, long element) {
            return (element - layout.elementOf(layout.planeOf(element)))
                    * layout.dtype().itemsize();
        }

        @Override
        OptionalLong plane() {
            return OptionalLong.of(plane);
        }

        @Override
        void decode(ByteBuffer source, int position, int stride, int rows, long plane) {
            items.decode(source, position + lo(), stride, rows, 1, 0, 1);
        }
    }

    /** All elements of a row as nested arrays. */
    static final class OfRow extends OfItems {
        private final ListReader lists;
        private final Layout layout;

        OfRow(ListReader lists, Layout layout) {
            super(lists, 0, Math.toIntExact(layout.rowStride()));
            this.lists = lists;
            this.layout = layout;
        }

        @Override
        void decode(ByteBuffer source, int position, int stride, int rows, long plane) {
            if (layout.planeCount() == 1) {
                items.decode(source, position, stride, rows, 1, 0, 1);
            } else {
                lists.decodeElement(source, position, stride, rows, Math.toIntExact(layout.elementOf(plane)));
            }
        }
    }

    /**
     * Each element of a Fortran-ordered array as a table row, in C order: a batch is some elements of one row, or whole
     * rows.
     */
    static final class OfScatteredElements extends OfItems {
        private final Layout layout;
        private long firstElement;
        private int width;

        OfScatteredElements(ItemReader items, Layout layout, int fieldOffset, int nbytes) {
            super(items, fieldOffset, nbytes);
            this.layout = layout;
        }

        @Override
        void begin(long start, int count) {
            super.begin(start, count);
            firstElement = start % layout.rowSize();
            width = (int) Math.min(count, layout.rowSize());
        }

        @Override
        void decode(ByteBuffer source, int position, int stride, int rows, long plane) {
            int at = (int) (layout.elementOf(plane) - firstElement);
            items.decode(source, position + lo(), stride, rows, 1, at, width);
        }
    }
}
