package io.memmap.storage;

import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.format.Reading;
import io.memmap.format.Sidecar;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * The names that a query takes for arrays. Driver side.
 *
 * @param formats those that the query knows
 * @param container the format that the query names, or null
 * @param filter of names within directories, or null
 */
record ArrayNames(ArrayFormats formats, ArrayFormat container, GlobFilter filter) {

    /** @throws IllegalArgumentException with the reason, when {@code pattern} is no glob */
    static ArrayNames of(Reading reading, String pattern) {
        try {
            return new ArrayNames(
                    reading.formats(), reading.claims().container(), pattern == null ? null : new GlobFilter(pattern));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Returns true if a file of a directory may be an array. */
    boolean isListed(StoredFile file) {
        return isMatched(file) && (filter == null || filter.accept(new Path("/" + file.name())));
    }

    /** Returns true if a file that a pattern matches may be an array: no hidden file, sidecar or other companion. */
    boolean isMatched(StoredFile file) {
        boolean raw = container != null && !container.describesItself();
        boolean companion = raw ? Sidecar.isSidecar(file.name()) : formats.isCompanion(file.name());
        return !file.hidden() && !companion;
    }

    /**
     * Looks at the file of a path, or at the one that a path without its suffix means.
     *
     * @throws FileNotFoundException when there is neither
     */
    StoredFile stat(Storage storage, String path) throws IOException {
        try {
            return storage.stat(path);
        } catch (FileNotFoundException e) {
            for (String suffix : formats.impliedSuffixes()) {
                if (storage.exists(path + suffix)) {
                    return storage.stat(path + suffix);
                }
            }
            throw e;
        }
    }
}
