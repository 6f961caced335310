package io.memmap.format;

import java.io.Serializable;
import java.util.Objects;

/**
 * A file in the directory of an array that decides what its values are, such as an index of tokens. It must stay as it was
 * planned. Crosses the wire.
 *
 * @param path its full name, as Hadoop prints it
 */
public record Companion(String path, Fingerprint fingerprint) implements Serializable {
    public Companion {
        Objects.requireNonNull(path);
        Objects.requireNonNull(fingerprint);
    }

    /** The file as a format has read it. */
    public static Companion of(FormatInput input) {
        return new Companion(input.path(), input.fingerprint());
    }
}
