package io.memmap.storage;

import io.memmap.format.Fingerprint;
import io.memmap.format.HiddenName;
import io.memmap.format.PartitionPath;
import io.memmap.memory.LocalPath;
import java.io.IOException;

/**
 * A file or directory as its file system lists it.
 *
 * @param path its full name, as Hadoop prints it
 * @param name the last part of the path
 * @param fingerprint null for a name in a listing that was not looked at, or that is neither file nor directory
 */
public record StoredFile(String path, String name, boolean directory, Fingerprint fingerprint) {

    /** Spark's and Hadoop's convention for what is no data. */
    public boolean hidden() {
        return HiddenName.isHidden(name);
    }

    /** Returns true if its name is no text in this JVM, so that its path leads elsewhere; see {@link LocalPath#isSpelled}. */
    boolean unspelled() {
        return fingerprint == null && !hidden() && name.indexOf('\uFFFD') >= 0;
    }

    /** @throws IOException when its path leads elsewhere */
    StoredFile checkSpelled() throws IOException {
        if (unspelled()) {
            throw LocalPath.unspelled(path);
        }
        return this;
    }

    /** Returns true for a directory such as {@code _year=2026}, which Spark takes for a partition all the same. */
    public static boolean isHiddenPartition(String name) {
        return name.startsWith("_") && PartitionPath.isPartition(name);
    }
}
