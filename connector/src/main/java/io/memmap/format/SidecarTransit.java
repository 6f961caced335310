package io.memmap.format;

import io.memmap.dtype.Literal;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a sidecar while a write replaces or deletes the file beside it: the sidecars of the old and of the new
 * file. A reader takes the one that belongs to the file that it finds, so the rename of the new file changes both.
 * Immutable.
 *
 * @param texts the text of each sidecar, by the identity of the file that it describes; empty for a file without one
 */
public record SidecarTransit(Map<String, String> texts) {
    private static final String KEY = "inTransit";

    /** Keeps the order of the files. */
    public SidecarTransit {
        texts = new LinkedHashMap<>(texts);
    }

    /** The identity of a file, which a rename keeps and a copy does not have. */
    public static String identity(Fingerprint file) {
        return file.key() + " " + file.nbytes() + " " + file.modified();
    }

    /** The identity of a copy of a file: its length, if no other file that may be there has the same. */
    public static String copy(long nbytes) {
        return "copy " + nbytes;
    }

    /**
     * Reads the text of a sidecar.
     *
     * @param path the sidecar's path, for messages
     * @return empty if it is not in transit
     * @throws IOException when the text is no JSON object, or is not what a sidecar in transit has
     */
    public static Optional<SidecarTransit> parse(String json, String path) throws IOException {
        JsonFields fields = JsonFields.parse(json, path);
        return fields.has(KEY) ? Optional.of(new SidecarTransit(fields.texts(KEY))) : Optional.empty();
    }

    /** The text to write, read back by {@link #parse} to an equal value. */
    public String toJson() {
        return Literal.toJson(Map.of(KEY, texts)) + "\n";
    }

    /** The files that this describes, for messages. */
    String identities() {
        return String.join(" or ", texts.keySet());
    }

    /** The text of the old file's own sidecar, empty for none. */
    public String old() {
        return texts.values().iterator().next();
    }

    /** The text of a file's own sidecar, empty for none; null if the file is neither the old nor the new one. */
    public String of(Fingerprint file) {
        return texts.getOrDefault(identity(file), texts.get(copy(file.nbytes())));
    }
}
