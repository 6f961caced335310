package io.memmap.storage;

import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.PartitionPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The directories that have the files of a manifest: its own, and those below it that it names. Driver only. */
record ListedFiles(Storage storage, StoredFile directory) {

    /**
     * Lists them, many at a time.
     *
     * @param children of the manifest's own directory
     * @param below the directory that the shards are in, with a slash after it; empty for the manifest's own
     * @return files by their paths from there
     * @throws IOException naming a link in the place of a directory below
     */
    Map<String, StoredFile> of(List<Shard> shards, List<StoredFile> children, String below) throws IOException {
        Map<String, StoredFile> files = new LinkedHashMap<>();
        if (below.isEmpty()) {
            put(files, "", children);
        }
        List<String> directories = directories(shards).stream()
                .filter(path -> path.startsWith(below))
                .toList();
        String root = below.isEmpty() ? directory.path() : path(below);
        List<List<StoredFile>> listings = new ListingsBelow(storage, root)
                .of(directories.stream().map(this::path).toList(), this::list);
        for (int i = 0; i < directories.size(); i++) {
            put(files, directories.get(i), listings.get(i));
        }
        if (below.isEmpty() && !shards.stream().allMatch(shard -> files.containsKey(shard.name()))) {
            // The manifest may be newer than the listing.
            put(files, "", storage.list(directory.path()));
        }
        return files;
    }

    /** The directories that shards are in, and those above them. */
    private static List<String> directories(List<Shard> shards) {
        Set<String> directories = new LinkedHashSet<>();
        for (Shard shard : shards) {
            String path = shard.directory();
            if (!directories.contains(path)) {
                for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                    directories.add(path.substring(0, slash + 1));
                }
            }
        }
        return List.copyOf(directories);
    }

    /** The same files, and those in directories of values that no shard is in. */
    Map<String, StoredFile> withOthers(List<Shard> shards, Map<String, StoredFile> files, String below)
            throws IOException {
        Set<String> listed = new HashSet<>(directories(shards));
        Map<String, StoredFile> all = new LinkedHashMap<>(files);
        List<String> others = unlisted(files, listed, below);
        for (int i = 0; i < others.size(); i++) {
            Map<String, StoredFile> found = new LinkedHashMap<>();
            put(found, others.get(i), storage.list(Storage.withSlash(directory.path()) + others.get(i)));
            all.putAll(found);
            others.addAll(unlisted(found, listed, below));
        }
        return all;
    }

    /** Names that this JVM cannot decode may come out alike; no manifest lists them. */
    private static void put(Map<String, StoredFile> files, String path, List<StoredFile> listed) {
        listed.forEach(file -> files.put(path + file.name(), file));
    }

    private List<String> unlisted(Map<String, StoredFile> files, Set<String> listed, String below) throws IOException {
        List<String> unlisted = new ArrayList<>();
        for (Map.Entry<String, StoredFile> file : files.entrySet()) {
            String path = file.getKey() + "/";
            boolean other = file.getValue().directory()
                    && PartitionPath.isPartition(file.getValue().name())
                    && path.startsWith(below)
                    && !file.getValue().unspelled()
                    && !listed.contains(path);
            if (other
                    && storage.real(file.getValue().path())
                            .equals(file.getValue().path())) {
                unlisted.add(path);
            }
        }
        return unlisted;
    }

    /** @throws IOException naming the file or directory, when it is a link: what that leads to may be outside of the array */
    static void checkNoLink(Storage storage, StoredFile home, String below) throws IOException {
        String path = Storage.withSlash(home.path()) + below;
        if (!storage.real(path).equals(path)) {
            throw new IOException("Cannot read " + home.path() + ": its manifest " + Manifest.NAME + " lists " + below
                    + ", which is a link, expected none, as what it leads to is no part of the array; put there what it"
                    + " leads to");
        }
    }

    /** The path of a directory below, which is given with a slash after it. */
    private String path(String below) {
        return Storage.withSlash(directory.path()) + below.substring(0, below.length() - 1);
    }

    private List<StoredFile> list(String path) throws IOException {
        String below = path.substring(Storage.withSlash(directory.path()).length()) + "/";
        for (int slash = below.indexOf('/'); slash >= 0; slash = below.indexOf('/', slash + 1)) {
            checkNoLink(storage, directory, below.substring(0, slash));
        }
        try {
            return storage.list(path);
        } catch (FileNotFoundException | NoSuchFileException e) {
            return List.of();
        }
    }
}
