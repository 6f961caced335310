package io.memmap.storage;

import io.memmap.storage.Publication.Writer;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Changes in place that died on single files of a directory, which a write to the directory is going to delete. Driver side,
 * under the directory's lock.
 */
public final class DeadChanges {
    private DeadChanges() {}

    /**
     * Ends them and removes what they left, for which the files' directories would stay. Only local files are changed in place.
     *
     * @throws IOException when a change cannot be ended, or its writer may live
     */
    public static void end(Storage storage, Collection<String> files, Writer writer) throws IOException {
        if (!(storage instanceof LocalStorage)) {
            return;
        }
        Map<String, NavigableSet<String>> hidden = new HashMap<>();
        for (String file : files) {
            String directory = Storage.parent(file);
            if (!hidden.containsKey(directory)) {
                hidden.put(directory, hidden(storage, directory));
            }
            String own = HiddenNames.of(Storage.name(file)) + ".";
            String first = hidden.get(directory).ceiling(own);
            if (first != null && first.startsWith(own)) {
                end(storage, file, writer);
            }
        }
    }

    private static NavigableSet<String> hidden(Storage storage, String directory) throws IOException {
        return storage.exists(directory)
                ? storage.list(directory).stream()
                        .map(StoredFile::name)
                        .filter(name -> name.startsWith("."))
                        .collect(Collectors.toCollection(TreeSet::new))
                : new TreeSet<>();
    }

    private static void end(Storage storage, String file, Writer writer) throws IOException {
        TargetLock lock = TargetLock.take(storage, file, writer.owner(), writer.breakLock());
        try {
            for (StoredFile left : Leftovers.of(storage, file)) {
                storage.delete(left.path());
            }
        } finally {
            lock.release();
        }
    }
}
