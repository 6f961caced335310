package io.memmap.format;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DType;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.io.StringReader;
import java.util.function.IntFunction;

/**
 * Reads in thought the description of an array that is yet to be written, so that no write leaves a file, or replaces one
 * by a file, that NumPy or this library cannot read. Every method throws an IllegalArgumentException that names the file.
 */
public final class ReadBack {
    private ReadBack() {}

    /**
     * Checks a .npy header.
     *
     * @param maxHeaderNbytes the longest text that readers are told to take
     * @param remedy what the caller's users do about a longer one of this length
     */
    public static void checkHeader(
            String file, DType dtype, Shape shape, Order order, int maxHeaderNbytes, IntFunction<String> remedy) {
        byte[] header = NpyHeader.write(dtype, shape, order);
        int length = NpyHeader.textLength(header);
        if (length > maxHeaderNbytes) {
            throw new IllegalArgumentException("Cannot write " + file + ": its header would have " + length
                    + (header[6] == 3 ? " characters" : " bytes") + ", expected at most " + maxHeaderNbytes
                    + ", as np.load reads no longer one by default; " + remedy.apply(length)
                    + ", in NumPy by np.load(max_header_size=" + length + ")");
        }
        check(file, "header", Bfloat16.saved(dtype, ByteOrder.NONE), () -> NpyHeader.parse(header, file, Long.MAX_VALUE)
                .dtype());
    }

    /** Checks the sidecar of a raw file. */
    public static void checkSidecar(String file, Sidecar sidecar) {
        check(file, "sidecar", sidecar, () -> Sidecar.parse(sidecar.toJson(), Sidecar.pathOf(file)));
    }

    /** Checks the manifest of a directory. */
    public static void checkManifest(String directory, Manifest manifest) {
        check(
                directory,
                "manifest",
                manifest,
                () -> Manifest.parse(new StringReader(manifest.toJson()), directory + "/" + Manifest.NAME));
    }

    /** Reads what was written. */
    private interface Reader {
        Object read() throws IOException;
    }

    private static void check(String file, String description, Object written, Reader reader) {
        Object read;
        try {
            read = reader.read();
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(file, description, e.getMessage(), e);
        }
        if (!written.equals(read)) {
            throw unreadable(file, description, "found " + read + ", expected " + written, null);
        }
    }

    private static IllegalArgumentException unreadable(
            String file, String description, String problem, Exception cause) {
        return new IllegalArgumentException(
                "Cannot write " + file + ": its " + description + " could not be read again; " + problem
                        + "; rename or flatten the columns",
                cause);
    }
}
