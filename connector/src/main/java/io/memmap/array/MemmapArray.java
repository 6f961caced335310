package io.memmap.array;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Decoder;
import io.memmap.layout.Layout;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * An array in a mapped file, NumPy's {@code memmap}: of any length, any rank and any scalar or record dtype.
 *
 * <pre>{@code
 * try (MemmapArray a = MemmapArray.raw(path).dtype("<f8").mode("w+").shape(100, 100).open()) {
 *     a.slice("10:15, 10:15").fill(5.5);
 *     a.flush();
 *     a.sum(); // 137.5
 * }
 * }</pre>
 *
 * <p>Slices, transposes and fields are views: they share the array's bytes, and what is put into one is seen in all. Bulk
 * operations go through a view in C order, whatever the order of the file.
 *
 * <p>Stricter than NumPy on purpose: {@code r+} never makes a file longer, a file that is shorter than the shape says is
 * refused in every mode; {@code w+} writes its zeros, so that a full disk is an {@link IOException} here and no fault
 * later; files that are no regular ones are refused before they are opened; values that a dtype cannot hold are refused
 * instead of wrapped or cut. {@code w+} follows a symbolic link and replaces the file that it leads to, as NumPy does:
 * {@link #path} says which. Mode {@code c} needs the right to write, though it never does, as Java maps privately only
 * what it may write. An array without elements maps nothing and needs no byte in its file.
 *
 * <p>Not thread-safe, but threads may read at the same time. Whoever opened the array closes it, when no thread uses it
 * any more: from then on it and its views throw {@link IllegalStateException}. Closing a view does nothing. What was put
 * into a writable array is in the system's cache at once, for all who map or read the file, and on the disk after
 * {@link #flush}, which close does not call.
 *
 * <p>A bulk operation over a file that another process has cut, or whose disk is full, throws
 * {@link UncheckedIOException} before any result gets out; single elements: see {@link TypedElements}. After the
 * first failed write or flush all others fail and name it, as it is unknown what has reached the disk.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.memmap.html">numpy.memmap</a>
 */
public final class MemmapArray extends Reductions implements AutoCloseable {
    private final boolean isView;

    private MemmapArray(MemmapFile file, Strided view, boolean isView) {
        super(file, view);
        this.isView = isView;
    }

    /** A file without a header, to be described: {@code np.memmap(path, …)}. */
    public static RawMemmap raw(Path path) {
        return new RawMemmap(path);
    }

    /**
     * Opens a file, or with {@link Mode#CREATE} creates one, as this layout says.
     *
     * @throws java.io.FileNotFoundException when the file, or the directory to create it in, is missing
     * @throws IOException when the file is too short, no regular one, or the disk has too little room
     */
    public static MemmapArray open(Path path, Mode mode, Layout layout) throws IOException {
        if (mode == Mode.CREATE) {
            return create(path, new byte[0], layout);
        }
        return of(MemmapFile.open(path, mode, layout));
    }

    /**
     * Maps one array of a container, such as a .npz or .safetensors file or the two files of a dataset of Megatron, in mode
     * {@code r}; NumPy has no equivalent.
     *
     * @param member the name of the array, as {@code np.load} lists it
     * @throws java.io.FileNotFoundException when the file is missing
     * @throws IOException when the file holds no such array, or holds it deflated
     */
    public static MemmapArray open(Path path, String member) throws IOException {
        ArrayFile found = LocalInput.member(path, Objects.requireNonNull(member));
        return open(Path.of(found.path()), Mode.READ_ONLY, found.layout());
    }

    /**
     * Creates a file, or empties one: {@code head}, then zeros to the end of the layout.
     *
     * @param head the bytes before the data, at most the layout's offset long
     * @throws IOException as {@link #open}
     */
    public static MemmapArray create(Path path, byte[] head, Layout layout) throws IOException {
        return of(MemmapFile.create(path, head, layout));
    }

    private static MemmapArray of(MemmapFile file) {
        return new MemmapArray(file, Strided.of(file.layout()), false);
    }

    /** The file, with no symbolic link left in it. */
    public Path path() {
        return file.path();
    }

    public Mode mode() {
        return file.mode();
    }

    public DType dtype() {
        return view.dtype();
    }

    public Shape shape() {
        return view.shape();
    }

    public int ndim() {
        return view.ndim();
    }

    /** The number of elements. */
    public long size() {
        return view.size();
    }

    /** Bytes of all elements together, not of the gaps between them in a view. */
    public long nbytes() {
        return size() * dtype().itemsize();
    }

    /** Bytes from an element to its neighbour, for each axis; negative where a view runs backwards. */
    public long[] strides() {
        return view.strides();
    }

    /** Bytes from the start of the file to the whole array's first element. */
    public long offset() {
        return file.layout().offset();
    }

    /**
     * A view, as NumPy slices: {@code slice("10:15, ::-1")}, {@code slice("..., 0")}. An integer drops its axis, axes that
     * are not named are kept whole.
     *
     * @throws IllegalArgumentException when the text is no slice
     * @throws IndexOutOfBoundsException for an integer that is not on its axis, or more slices than axes
     */
    public MemmapArray slice(String text) {
        return slice(Slice.parse(text));
    }

    /** A view, as {@link #slice(String)}. */
    public MemmapArray slice(Slice... slices) {
        return slice(List.of(slices));
    }

    private MemmapArray slice(List<Slice> slices) {
        return view(view.slice(slices));
    }

    /** A view with the axes reversed, NumPy's {@code .T}. */
    public MemmapArray transpose() {
        return view(view.transpose());
    }

    /**
     * A view of one field of every record, NumPy's {@code a['name']}; a sub-array adds its axes at the end.
     *
     * @throws IllegalArgumentException when the dtype is no record, or has no such field
     */
    public MemmapArray field(String name) {
        return view(view.field(name));
    }

    /**
     * A view of the real parts.
     *
     * @throws IllegalArgumentException when the dtype is not complex
     */
    public MemmapArray real() {
        return part(0);
    }

    /**
     * A view of the imaginary parts.
     *
     * @throws IllegalArgumentException when the dtype is not complex
     */
    public MemmapArray imag() {
        return part(1);
    }

    private MemmapArray part(int index) {
        if (!(dtype() instanceof ScalarDType scalar) || scalar.kind() != Kind.COMPLEX) {
            throw new IllegalArgumentException(
                    "Cannot take a part of a complex number: dtype " + dtype() + ", expected c8 or c16");
        }
        ScalarDType part = scalar.part();
        return view(view.part(part, index * part.itemsize()));
    }

    private MemmapArray view(Strided other) {
        file.windows();
        return new MemmapArray(file, other, true);
    }

    /** Puts one integer everywhere; {@code fill(0)}. */
    public void fill(long value) {
        byte[] encoded = new byte[dtype().itemsize()];
        element.putLong(encoding(encoded), 0, value);
        fill(encoded);
    }

    /** Puts one number everywhere. */
    public void fill(double value) {
        byte[] encoded = new byte[dtype().itemsize()];
        element.putDouble(encoding(encoded), 0, value);
        fill(encoded);
    }

    private ByteBuffer encoding(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(element.order());
    }

    private void fill(byte[] encoded) {
        var windows = file.writableWindows();
        file.write(() -> Bulk.fill(windows, view, encoded));
    }

    /**
     * Copies all numbers, in C order, into an array of {@code double}, {@code float}, {@code long}, {@code int},
     * {@code short} or {@code byte}.
     *
     * @throws IllegalArgumentException for another kind of array, one whose length is not {@link #size}, or elements
     *     that are no numbers
     * @throws ArithmeticException for a value that the array cannot hold
     */
    public void copyTo(Object array) {
        checkArray("copy to", array);
        var windows = file.windows();
        file.read(() -> {
            Bulk.read(windows, view, array);
            return array;
        });
    }

    /**
     * Puts the numbers of an array, as {@link #copyTo} takes it, in C order. Where one is refused, those before it may
     * have been put.
     *
     * @throws IllegalArgumentException as {@link #copyTo}
     * @throws ArithmeticException for a value that the dtype cannot hold
     */
    public void copyFrom(Object array) {
        checkArray("copy from", array);
        var windows = file.writableWindows();
        file.write(() -> Bulk.write(windows, view, element, array));
    }

    private void checkArray(String verb, Object array) {
        numbers(verb + " an array");
        boolean known = array instanceof double[]
                || array instanceof float[]
                || array instanceof long[]
                || array instanceof int[]
                || array instanceof short[]
                || array instanceof byte[];
        if (!known || Array.getLength(array) != size()) {
            throw new IllegalArgumentException("Cannot " + verb + " an array: "
                    + array.getClass().getSimpleName() + (known ? " of length " + Array.getLength(array) : "")
                    + ", expected double[], float[], long[], int[], short[] or byte[] of length " + size());
        }
    }

    /**
     * A copy of all elements' bytes, in C order, as in the file, NumPy's {@code tobytes}.
     *
     * @throws ArithmeticException beyond 2^31-1 bytes
     */
    public byte[] toBytes() {
        byte[] bytes = new byte[Math.toIntExact(nbytes())];
        Decoder decoder = Decoder.of(new ScalarDType(Kind.VOID, dtype().itemsize(), ByteOrder.NONE, null, 1));
        var windows = file.windows();
        return file.read(() -> {
            Bulk.decode(windows, view, decoder, bytes);
            return bytes;
        });
    }

    /**
     * Writes all that was put to the disk; nothing in modes {@code r} and {@code c}.
     *
     * @throws IOException when the disk does not take it; what it holds is then unknown, and flushing again cannot tell
     */
    public void flush() throws IOException {
        file.flush(0, file.layout().nbytes());
    }

    /**
     * Writes the rows from {@code from} up to {@code to}, and whatever lies between them in the file, to the disk.
     *
     * @throws IOException as {@link #flush()}
     * @throws IndexOutOfBoundsException when the rows are not all there
     */
    public void flush(long from, long to) throws IOException {
        file.windows();
        long rows = ndim() == 0 ? 1 : view.dims()[0];
        if (from < 0 || to < from || to > rows) {
            throw new IndexOutOfBoundsException(
                    "Cannot flush rows " + from + " to " + to + ": expected a range within 0 to " + rows);
        }
        Strided part = ndim() == 0 ? view : view.slice(List.of(Slice.of(from, to)));
        file.flush(part.low(), from == to ? part.low() : part.high());
    }

    /** Unmaps the file, at once; again, or on a view, does nothing. */
    @Override
    public void close() {
        if (!isView) {
            file.close();
        }
    }

    /**
     * Returns its dtype, shape and file in one line, and its values as NumPy's {@code repr} shows them: all of at most
     * 1000, else the first and last three on each axis. Never throws: an array that is closed, or whose file was cut, says so in place of the values.
     */
    @Override
    public String toString() {
        String head = "memmap" + shape() + " of " + dtype() + ", mode " + mode() + ", " + path();
        try {
            return head + "\n" + file.read(() -> ArrayText.of(this));
        } catch (IllegalStateException e) {
            return head + ", closed";
        } catch (UncheckedIOException e) {
            return head + "\n" + e.getCause().getMessage();
        }
    }
}
