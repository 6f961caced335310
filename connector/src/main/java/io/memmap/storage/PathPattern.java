package io.memmap.storage;

import io.memmap.format.HiddenName;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** A path with the characters of a pattern. A read takes it for one, unless something has this very name. Driver side. */
public record PathPattern(String path) {

    /** Returns true if the path, or a part of one, has a character of a pattern. */
    static boolean isPossible(String path) {
        return path.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    /**
     * Returns true for a match in a hidden directory whose name a wildcard matches. A pattern may name hidden directories,
     * and begin like them.
     */
    static boolean isInHiddenDirectory(String match, String pattern) {
        Path part = new Path(pattern).getParent();
        Path found = new Path(match).getParent();
        while (part != null && found != null) {
            if (isPossible(part.getName())
                    && HiddenName.isHidden(found.getName())
                    && !HiddenName.isHidden(part.getName())) {
                return true;
            }
            part = part.getParent();
            found = found.getParent();
        }
        return false;
    }

    /** Returns true if a write must not make a file of this name. Brackets and braces that match nothing are a name. */
    public boolean isRead(Storage storage, HadoopSettings settings) throws IOException {
        if (!isPossible(path) || storage.exists(path)) {
            return false;
        }
        return path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || isMatched(storage, settings);
    }

    private boolean isMatched(Storage storage, HadoopSettings settings) {
        try {
            return !storage.glob(path, settings.configuration()).isEmpty();
        } catch (IOException e) {
            // No read takes it for a pattern either, such as one with a bracket that is not closed.
            return false;
        }
    }
}
