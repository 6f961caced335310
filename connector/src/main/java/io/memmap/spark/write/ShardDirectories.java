package io.memmap.spark.write;

import io.memmap.storage.SideBySide;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The directories below an array's own that its shards are in, by their paths from there, {@code date=2026-01-01/hour=7/}.
 * Driver side.
 */
record ShardDirectories(Storage storage, String home) {

    /**
     * Checks that nothing in them is outside of the array's directory.
     *
     * @throws IOException naming a link, or a file in the place of a directory
     */
    void check(Collection<String> directories) throws IOException {
        SideBySide.each("look at the directories of " + home, withParents(directories), this::check);
    }

    private void check(String directory) throws IOException {
        String path = home + "/" + directory;
        if (!storage.exists(path)) {
            return;
        }
        if (!storage.real(path).equals(path)) {
            throw new IOException("Cannot write to " + home + ": " + path + " is a link, expected a directory, as what"
                    + " a link leads to may be another array's; replace it by the directory");
        } else if (!storage.stat(path).directory()) {
            throw new IOException(
                    "Cannot write to " + home + ": " + path + " is a file, expected a directory; move it away");
        }
    }

    /** Checks that no name is too long for the file system. */
    void checkNames(Collection<String> directories) throws IOException {
        for (String directory : withParents(directories)) {
            storage.checkName(home + "/" + directory, "");
        }
    }

    /** Makes them, unless they are there. Object stores have none. */
    void make(Collection<String> directories) throws IOException {
        if (!storage.appearsWhenClosed(home)) {
            forEach("make", directories, path -> {
                if (!path.equals(home)) {
                    storage.makeDirectory(path);
                }
            });
        }
    }

    /** Makes the names of files in them durable. */
    void sync(Collection<String> directories) throws IOException {
        forEach("flush", directories, storage::sync);
    }

    /** Sends a request for each directory, many at a time: a flush waits for the disk. */
    private void forEach(String verb, Collection<String> directories, SideBySide.Work<String> work) throws IOException {
        SideBySide.each(
                verb + " the directories of " + home,
                new LinkedHashSet<>(directories),
                directory -> work.run(
                        directory.isEmpty() ? home : home + "/" + directory.substring(0, directory.length() - 1)));
    }

    /** Deletes those that hold nothing. */
    void removeEmpty(Collection<String> directories) throws IOException {
        Map<Long, List<String>> byDepth = withParents(directories).stream()
                .collect(Collectors.groupingBy(
                        path -> path.chars().filter(c -> c == '/').count(),
                        () -> new TreeMap<Long, List<String>>(Comparator.reverseOrder()),
                        Collectors.toList()));
        for (List<String> equallyDeep : byDepth.values()) {
            SideBySide.each(
                    "remove empty directories of " + home, equallyDeep, path -> storage.deleteEmpty(home + "/" + path));
        }
    }

    /** Without a slash after them. */
    private static Set<String> withParents(Collection<String> directories) {
        Set<String> all = new LinkedHashSet<>();
        for (String directory : directories) {
            for (int slash = directory.indexOf('/'); slash > 0; slash = directory.indexOf('/', slash + 1)) {
                all.add(directory.substring(0, slash));
            }
        }
        return all;
    }
}
