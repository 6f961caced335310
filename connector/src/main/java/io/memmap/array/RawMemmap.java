package io.memmap.array;

import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says what a file without a header holds, with the arguments of {@code np.memmap} and their defaults: dtype
 * {@code uint8}, mode {@code r+}, offset 0, order C, and as many elements on one axis as the file has.
 */
public final class RawMemmap {
    private final Path path;
    private DType dtype = ScalarDType.of(Kind.UINT, 1);
    private Mode mode = Mode.READ_WRITE;
    private long offset;
    private Shape shape;
    private Order order = Order.C;

    RawMemmap(Path path) {
        this.path = path;
    }

    /**
     * A dtype in any of NumPy's spellings: {@code <f8}, {@code int32}, {@code [('a', '<i4'), ('b', 'S10')]}.
     *
     * @throws io.memmap.dtype.DTypeException when the text is none, or one that cannot be mapped
     */
    public RawMemmap dtype(String text) {
        return dtype(DType.parse(text));
    }

    public RawMemmap dtype(DType given) {
        dtype = given;
        return this;
    }

    /**
     * {@code r}, {@code r+}, {@code w+}, {@code c}, or {@code readonly}, {@code readwrite}, {@code write},
     * {@code copyonwrite}.
     *
     * @throws IllegalArgumentException for any other name
     */
    public RawMemmap mode(String name) {
        return mode(Mode.of(name));
    }

    public RawMemmap mode(Mode given) {
        mode = given;
        return this;
    }

    /** Bytes from the start of the file to the first element; need not be aligned to anything. */
    public RawMemmap offset(long nbytes) {
        offset = nbytes;
        return this;
    }

    /**
     * One length per axis, none for a 0-D array; {@code shape(1000, 1000)}. A length of -1 is refused, as in NumPy:
     * leave the shape out to take it from the file.
     *
     * @throws IllegalArgumentException for a negative length
     */
    public RawMemmap shape(long... dims) {
        return shape(Shape.of(dims));
    }

    public RawMemmap shape(Shape given) {
        shape = given;
        return this;
    }

    public RawMemmap order(Order given) {
        order = given;
        return this;
    }

    /**
     * Opens or creates the file.
     *
     * @throws java.io.FileNotFoundException when the file, or the directory to create it in, is missing
     * @throws IOException when the file is too short, not a whole number of elements long where the shape was left out,
     *     no regular one, or the disk has too little room
     * @throws IllegalArgumentException when mode {@code w+} has no shape, or the offset is negative, or a dtype
     *     that is a sub-array is in order F
     */
    public MemmapArray open() throws IOException {
        // The layout of one axis has no order.
        MemmapFile.checkOrder(path, dtype, order);
        if (shape != null) {
            return MemmapArray.open(path, mode, new Layout(dtype, shape, order, offset));
        }
        if (mode == Mode.CREATE) {
            throw new IllegalArgumentException("Cannot create " + path + ": no shape, expected one for mode w+");
        }
        Layout empty = new Layout(dtype, Shape.of(0), order, offset);
        return MemmapArray.open(path, mode, new Layout(dtype, Shape.of(count(empty)), order, offset));
    }

    /** Elements from the offset to the end of the file. */
    private long count(Layout layout) throws IOException {
        Path existing = MemmapFile.existing(path, mode);
        long size = Files.size(existing);
        int itemsize = dtype.itemsize();
        String expected = ", expected a whole number of elements of " + itemsize + " bytes from offset "
                + layout.offset() + " on";
        if (size == 0) {
            throw new IOException("Cannot open " + existing + ": the file is empty" + expected);
        }
        if (layout.offset() > size) {
            throw new IOException("Cannot open " + existing + ": the file has " + size + " bytes" + expected);
        }
        if ((size - layout.offset()) % itemsize != 0) {
            throw new IOException("Cannot open " + existing + ": the file has " + size + " bytes, "
                    + (size - layout.offset()) % itemsize + " too many" + expected
                    + "; check the dtype and the offset, or give a shape");
        }
        return (size - layout.offset()) / itemsize;
    }
}
