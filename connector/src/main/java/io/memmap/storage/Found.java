package io.memmap.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/** The files that a search has found so far, and what it knows of the directories. Driver only; confined to one thread. */
final class Found {
    final List<FoundDirectory> directories = new ArrayList<>();
    final List<StoredFile> ignored = new ArrayList<>();
    /** The names of columns that a manifest puts side by side, and the path of its directory. */
    final List<String> columns = new ArrayList<>();

    String sideBySide;
    int argument;
    /** The directories that partitions are named below. */
    final Set<String> bases = new HashSet<>();
    /** The directories that are being searched, with links resolved: a link to one of them leads in a circle. */
    final Set<Path> above = new HashSet<>();
    /** The children of directories that were listed before they are searched. */
    final Map<String, List<StoredFile>> listings = new HashMap<>();
    /** Those above the paths. */
    final ManifestAbove manifests = new ManifestAbove();
    /** The tables, by their paths, that partitions or columns which were named are of. */
    final Map<String, ListedDirectory> tables = new HashMap<>();

    void add(ListedDirectory.Listing listing) {
        directories.addAll(listing.directories());
        ignored.addAll(listing.unlisted());
        if (!listing.columns().isEmpty()) {
            sideBySide = listing.home();
            columns.addAll(listing.columns());
        }
    }
}
