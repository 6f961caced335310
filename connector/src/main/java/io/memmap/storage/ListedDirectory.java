package io.memmap.storage;

import io.memmap.format.ColumnArray;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.NaturalOrder;
import io.memmap.format.Sidecar;
import io.memmap.storage.FoundDirectory.Contents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A directory whose manifest lists its files. Driver only.
 *
 * @param argument the number of the given path that led to it
 * @param file the manifest
 * @param children the files of the directory as they were listed
 * @param arrays the files that would be arrays without a manifest
 */
record ListedDirectory(
        int argument,
        Storage storage,
        StoredFile directory,
        StoredFile file,
        List<StoredFile> children,
        boolean sidecars,
        Predicate<StoredFile> arrays) {

    /** The number of times that a replaced manifest is read again. */
    private static final int MOST_READS = 10;

    /**
     * The directories of a manifest.
     *
     * @param unlisted the files in them, and in directories of values beside them, that may be arrays and are not listed
     * @param columns the names of those that are side by side, each of the directory at its position
     */
    record Listing(String home, List<FoundDirectory> directories, List<StoredFile> unlisted, List<String> columns) {}

    /** Reads the manifest of a partition's directory, which lists files of its own. */
    Contents contents() throws IOException {
        Manifest manifest = manifest();
        Optional<Shard> below = manifest.shards().stream()
                .filter(shard -> !shard.directory().isEmpty())
                .findFirst();
        if (below.isPresent()) {
            throw new IOException("Cannot read " + directory.path() + " as a partition: its manifest " + Manifest.NAME
                    + " lists " + below.get().name() + ", expected files of its own; read it as a table of its own");
        }
        Map<String, StoredFile> files = new ListedFiles(storage, directory).of(manifest.shards(), children);
        Contents listed = contents(manifest, manifest.shards(), files);
        return new Contents(listed.candidates(), listed.tables(), unlisted(manifest.shards(), files, ""));
    }

    /**
     * Reads the manifest.
     *
     * @param below the path of the directory that is asked for, with a slash after it; empty for all
     * @return its own directory and those below it that it lists files of
     * @throws IOException when it lists no file, or one that is not there
     */
    Listing directories(String below) throws IOException {
        Manifest manifest = manifest();
        for (int reads = 1; ; reads++) {
            try {
                return below.isEmpty() && !manifest.columns().isEmpty()
                        ? columns(manifest)
                        : directories(manifest, below);
            } catch (IOException e) {
                Manifest now = manifest();
                if (now.equals(manifest) || reads == MOST_READS) {
                    throw e;
                }
                manifest = now;
            }
        }
    }

    private Listing directories(Manifest manifest, String below) throws IOException {
        Map<String, List<Shard>> byDirectory =
                new TreeMap<>(NaturalOrder.NATURAL_ORDER.thenComparing(Comparator.naturalOrder()));
        for (Shard shard : manifest.shards()) {
            if (shard.directory().startsWith(below)) {
                byDirectory
                        .computeIfAbsent(shard.directory(), path -> new ArrayList<>())
                        .add(shard);
            }
        }
        List<Shard> wanted = byDirectory.values().stream().flatMap(List::stream).toList();
        if (wanted.isEmpty()) {
            throw new IOException("Cannot read " + Storage.withSlash(directory.path()) + below + ": the manifest "
                    + file.path() + " lists no file of it, expected at least one; read " + directory.path());
        }
        Map<String, StoredFile> files = new ListedFiles(storage, directory).of(wanted, children);
        List<StoredFile> unlisted = unlisted(manifest.shards(), files, below);
        boolean sideBySide = !manifest.columns().isEmpty();
        List<FoundDirectory> found = new ArrayList<>();
        for (Map.Entry<String, List<Shard>> entry : byDirectory.entrySet()) {
            String path = Storage.withSlash(directory.path()) + entry.getKey();
            Contents contents = contents(manifest, entry.getValue(), files);
            found.add(new FoundDirectory(
                    path.substring(0, path.length() - 1), () -> contents, manifest.partitionTypes()));
        }
        return new Listing(directory.path(), found, sideBySide ? List.of() : unlisted, List.of());
    }

    /** The directories of arrays side by side, in the order of the columns. */
    private Listing columns(Manifest manifest) throws IOException {
        Map<String, FoundDirectory> byPath = new HashMap<>();
        directories(manifest, "").directories().forEach(found -> byPath.put(found.path() + "/", found));
        List<FoundDirectory> columns = new ArrayList<>();
        for (ColumnArray column : manifest.columns()) {
            FoundDirectory found = byPath.get(Storage.withSlash(directory.path()) + column.directory());
            if (found == null) {
                throw new IOException("Cannot read " + directory.path() + ": its manifest " + Manifest.NAME
                        + " lists no file of column '" + column.name() + "', expected at least one");
            }
            columns.add(found);
        }
        return new Listing(
                directory.path(),
                columns,
                List.of(),
                manifest.columns().stream().map(ColumnArray::name).toList());
    }

    private Manifest manifest() throws IOException {
        Manifest manifest = storage.readManifest(file.path());
        if (manifest.dropped()) {
            throw new IOException(
                    "Cannot read " + directory.path() + ": the array was dropped, but not all of its files"
                            + " could be deleted, expected an array; drop it again, or overwrite it");
        }
        if (manifest.shards().isEmpty()) {
            throw new IOException("Cannot read " + directory.path() + ": its manifest " + Manifest.NAME
                    + " lists no shard, expected at least one");
        }
        return manifest;
    }

    /** The files at or below a directory that may be arrays and are not listed. */
    private List<StoredFile> unlisted(List<Shard> shards, Map<String, StoredFile> files, String below)
            throws IOException {
        Set<String> names = shards.stream().map(Shard::name).collect(Collectors.toSet());
        Map<String, StoredFile> all = new ListedFiles(storage, directory).withOthers(shards, files, below);
        return all.entrySet().stream()
                .filter(file -> file.getKey().startsWith(below) && !names.contains(file.getKey()))
                .map(Map.Entry::getValue)
                .filter(file -> !file.directory() && arrays.test(file))
                .toList();
    }

    /** @param of the shards of one directory */
    private Contents contents(Manifest manifest, List<Shard> of, Map<String, StoredFile> files) throws IOException {
        Manifest own = manifest.in(of.get(0).directory());
        List<Candidate> candidates = new ArrayList<>();
        for (Shard shard : of) {
            StoredFile listed = files.get(shard.name());
            if (listed == null) {
                throw new IOException("Cannot read " + directory.path() + ": its manifest " + Manifest.NAME + " lists "
                        + shard.name() + ", which is not there, expected all of its "
                        + manifest.shards().size()
                        + " shards; restore it, or remove the manifest to read what is left");
            }
            if (listed.directory()) {
                throw ArrayFinder.notAFile(listed);
            }
            if (!shard.directory().isEmpty()) {
                ListedFiles.checkNoLink(storage, directory, shard.name());
            }
            boolean sidecar = sidecars && files.containsKey(Sidecar.pathOf(shard.name()));
            candidates.add(new Candidate(
                    argument,
                    storage,
                    ArrayFinder.regular(storage, listed),
                    ArrayFinder.beside(listed, sidecar),
                    Optional.of(own.claims(shard, file.path()))));
        }
        return new Contents(
                candidates, List.of(own.claims(of.get(0), file.path()).ofTable()), List.of());
    }
}
