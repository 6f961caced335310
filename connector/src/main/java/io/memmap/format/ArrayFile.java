package io.memmap.format;

import io.memmap.layout.Layout;
import java.io.Serializable;
import java.util.Objects;

/**
 * One array in one file, as it was found when the query was planned. Crosses the wire.
 *
 * @param path the file's full name, as Hadoop prints it
 * @param header the bytes before the data that say what it is, one char a byte; empty for a raw file
 * @param layout where its elements stand
 */
public record ArrayFile(String path, Fingerprint fingerprint, String header, Layout layout) implements Serializable {

    public ArrayFile {
        Objects.requireNonNull(path);
        Objects.requireNonNull(fingerprint);
        Objects.requireNonNull(header);
        Objects.requireNonNull(layout);
    }

    /** Bytes after the array, which it does not claim. */
    public long trailingNbytes() {
        return fingerprint.nbytes() - layout.end();
    }

    /** The same file seen through another layout of the same bytes. */
    public ArrayFile withLayout(Layout other) {
        return new ArrayFile(path, fingerprint, header, other);
    }

    /** This file with the objects of {@code other} where they are equal: less memory, and less to send. */
    ArrayFile sharing(ArrayFile other) {
        Layout like = layout.equals(other.layout)
                ? other.layout
                : layout.dtype().equals(other.layout.dtype())
                        ? new Layout(other.layout.dtype(), layout.shape(), layout.order(), layout.offset())
                        : layout;
        return new ArrayFile(path, fingerprint, header.equals(other.header) ? other.header : header, like);
    }
}
