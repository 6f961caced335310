package io.memmap.array;

import io.memmap.dtype.DType;
import io.memmap.format.LongHeaderException;
import io.memmap.format.NpyFormatException;
import io.memmap.format.NpyHeader;
import io.memmap.format.ReadBack;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A .npy file as a {@link MemmapArray}, NumPy's {@code numpy.lib.format.open_memmap}: the header has
 * dtype, shape, order and offset.
 */
public final class NpyFile {
    private NpyFile() {}

    /**
     * Opens a file in mode {@code r}, {@code r+} or {@code c}, or by one of their long names.
     *
     * @throws java.io.FileNotFoundException when the file is missing
     * @throws IOException when it is no regular file, no .npy file, or shorter than its header says
     * @throws IllegalArgumentException for another mode
     */
    public static MemmapArray openMemmap(Path path, String mode) throws IOException {
        return openMemmap(path, Mode.of(mode));
    }

    /** Opens a file, as {@link #openMemmap(Path, String)}. */
    public static MemmapArray openMemmap(Path path, Mode mode) throws IOException {
        return openMemmap(path, mode, NpyHeader.MAX_TEXT_NBYTES);
    }

    /**
     * Opens a file whose header may be longer than {@code np.load} reads by default, as {@link #openMemmap(Path, String)}.
     *
     * @param maxHeaderNbytes the longest header, in bytes; NumPy's {@code max_header_size}
     */
    public static MemmapArray openMemmap(Path path, Mode mode, int maxHeaderNbytes) throws IOException {
        if (mode == Mode.CREATE) {
            throw new IllegalArgumentException("Cannot open " + path
                    + ": mode w+ without dtype and shape, expected r, r+ or c; createMemmap() takes them");
        }
        Path file = MemmapFile.existing(path, mode);
        return MemmapArray.open(file, mode, layout(file, maxHeaderNbytes));
    }

    private static Layout layout(Path file, int maxHeaderNbytes) throws IOException {
        LocalInput input = LocalInput.of(file);
        try {
            long nbytes = input.fingerprint().nbytes();
            byte[] prefix = input.prefix();
            if (!NpyHeader.hasMagic(prefix) && prefix.length > 0) {
                throw new NpyFormatException(
                        file.toString(),
                        NpyHeader.noMagic(prefix, nbytes) + "; MemmapArray.raw(path) opens a file without a header");
            }
            byte[] header = input.read(0, NpyHeader.headerNbytes(prefix, file.toString(), nbytes, maxHeaderNbytes));
            NpyHeader.checkLength(header, file.toString(), maxHeaderNbytes);
            return NpyHeader.parse(header, file.toString(), nbytes).layout();
        } catch (LongHeaderException e) {
            throw e.advising(length -> "open it with openMemmap(path, mode, " + length + ")");
        }
    }

    /**
     * Creates a file of zeros in C order, or empties one, in mode {@code w+}.
     *
     * @throws IOException when it cannot be written, or the disk has too little room
     * @throws IllegalArgumentException for a dtype that a .npy header cannot say, or whose header would be longer than
     *     {@code np.load} reads by default
     */
    public static MemmapArray createMemmap(Path path, String dtype, long... shape) throws IOException {
        return createMemmap(path, DType.parse(dtype), Shape.of(shape), Order.C);
    }

    /** Creates a file of zeros, as {@link #createMemmap(Path, String, long...)}. */
    public static MemmapArray createMemmap(Path path, DType dtype, Shape shape, Order order) throws IOException {
        return createMemmap(path, dtype, shape, order, NpyHeader.MAX_TEXT_NBYTES);
    }

    /**
     * Creates a file whose header may be longer, as {@link #createMemmap(Path, String, long...)}.
     *
     * @param maxHeaderNbytes the longest header, in bytes; NumPy needs it as {@code max_header_size} to load the file
     */
    public static MemmapArray createMemmap(Path path, DType dtype, Shape shape, Order order, int maxHeaderNbytes)
            throws IOException {
        ReadBack.checkHeader(
                path.toString(),
                dtype,
                shape,
                order,
                maxHeaderNbytes,
                length ->
                        "make a raw file with MemmapArray.raw(path), or give createMemmap and openMemmap maxHeaderNbytes "
                                + length);
        byte[] header = NpyHeader.write(dtype, shape, order);
        return MemmapArray.create(path, header, new Layout(dtype, shape, order, header.length));
    }
}
