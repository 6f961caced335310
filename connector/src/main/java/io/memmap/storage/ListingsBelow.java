package io.memmap.storage;

import io.memmap.format.Fingerprint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists many directories below one: with one listing of all files where the file system has that, else many at a time. Driver
 * only; confined to one thread.
 */
final class ListingsBelow {
    /** The files of one answer of an object store. The next part comes after it, while directories are listed side by side. */
    private static final int PAGE = 1000;

    private static final long MOST_PER_DIRECTORY = 32;
    private static final Fingerprint DIRECTORY = new Fingerprint("", 0, 0);

    private final Storage storage;
    private final String root;
    /** By the paths of the directories; null until one listing had all. */
    private Map<String, List<StoredFile>> all;
    /** More files than these are below the root. */
    private long tried;

    ListingsBelow(Storage storage, String root) {
        this.storage = storage;
        this.root = root;
    }

    /**
     * Lists directories, in their order.
     *
     * @param directories paths, without a slash at the end, at or below the root
     * @param request for one of them
     */
    List<List<StoredFile>> of(List<String> directories, SideBySide.Request<String, List<StoredFile>> request)
            throws IOException {
        long most = PAGE + MOST_PER_DIRECTORY * directories.size();
        if (all == null && directories.size() > 1 && most >= 2 * tried && storage instanceof HadoopStorage remote) {
            tried = most;
            remote.filesBelow(root, most).ifPresent(files -> all = byDirectory(files));
        }
        return all == null
                ? SideBySide.all("list directories of " + root, directories, request)
                : directories.stream()
                        .map(directory -> all.getOrDefault(directory, List.of()))
                        .toList();
    }

    private Map<String, List<StoredFile>> byDirectory(List<StoredFile> files) {
        Map<String, List<StoredFile>> listings = new HashMap<>();
        Set<String> directories = new HashSet<>();
        int length = Storage.withSlash(root).length();
        for (StoredFile file : files) {
            String directory = Storage.parent(file.path());
            listings.computeIfAbsent(directory, path -> new ArrayList<>()).add(file);
            while (directory.length() > length && directories.add(directory)) {
                StoredFile child = new StoredFile(directory, Storage.name(directory), true, DIRECTORY);
                directory = Storage.parent(directory);
                listings.computeIfAbsent(directory, path -> new ArrayList<>()).add(child);
            }
        }
        return listings;
    }
}
