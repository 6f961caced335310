package io.memmap.format;

import java.io.Serializable;
import java.util.Objects;

/**
 * The state of a file that must stay as it was planned while the file is read.
 *
 * @param key what identifies the file: device and inode, or the ETag of an object; empty where the file system has neither
 * @param nbytes the file's length
 * @param modified the time of the last modification, in whatever unit the storage counts; 0 where an ETag says more
 */
public record Fingerprint(String key, long nbytes, long modified) implements Serializable {

    public Fingerprint {
        Objects.requireNonNull(key);
    }

    /**
     * Says how {@code now} differs from this, or null when what was planned is still there. A longer file with the same
     * key is growth, which is normal for a memmap that a simulation is filling; without keys it may be another file.
     */
    public String changeTo(Fingerprint now) {
        if (key.isEmpty() || now.key.isEmpty()) {
            // Times of two kinds of answers are not comparable.
            boolean same = nbytes == now.nbytes && (modified == now.modified || !key.equals(now.key));
            return same ? null : "its length went from " + nbytes + " to " + now.nbytes + " bytes, or it was modified";
        }
        if (!key.equals(now.key)) {
            return "it was replaced by another file";
        }
        if (now.nbytes < nbytes) {
            return "its length went from " + nbytes + " to " + now.nbytes + " bytes";
        }
        if (now.nbytes == nbytes && now.modified != modified) {
            return "it was modified at the same length of " + nbytes + " bytes";
        }
        return null;
    }
}
