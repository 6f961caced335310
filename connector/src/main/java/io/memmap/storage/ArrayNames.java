package io.memmap.storage;

import io.memmap.format.ArrayFormats;
import io.memmap.format.DirectoryRule;
import io.memmap.format.Reading;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * The names that a query takes for arrays. Driver side.
 *
 * @param rule the names of a directory that may be arrays
 * @param formats those that the query knows
 * @param filter of names within directories, or null
 */
record ArrayNames(DirectoryRule rule, ArrayFormats formats, GlobFilter filter) {

    /** @throws IllegalArgumentException with the reason, when {@code pattern} is no glob */
    static ArrayNames of(Reading reading, String pattern) {
        try {
            return new ArrayNames(
                    new DirectoryRule(reading), reading.formats(), pattern == null ? null : new GlobFilter(pattern));
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
        return rule.mayBeArray(file.name());
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
