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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A directory whose manifest lists its files. The manifest is read when it is first asked for, and again when a file is not
 * there: many partitions of one table cost one read. Driver only; confined to one thread.
 */
final class ListedDirectory {
    /** The number of times that a replaced manifest is read again. */
    private static final int MOST_READS = 10;

    private final Storage storage;
    private final StoredFile directory;
    private final StoredFile file;
    private final List<StoredFile> children;
    private final boolean sidecars;
    private final Predicate<StoredFile> arrays;

    private Manifest manifest;
    /** By the directories below that they are in, in the order of the manifest. */
    private final NavigableMap<String, List<Shard>> shards = new TreeMap<>();

    /** For the files of each column, by its directory; empty if the manifest lists one array. */
    private Map<String, Manifest> columns = Map.of();

    /**
     * @param file the manifest
     * @param children the files of the directory as they were listed; not needed where only directories below are asked for
     * @param arrays the files that would be arrays without a manifest
     */
    ListedDirectory(
            Storage storage,
            StoredFile directory,
            StoredFile file,
            List<StoredFile> children,
            boolean sidecars,
            Predicate<StoredFile> arrays) {
        this.storage = storage;
        this.directory = directory;
        this.file = file;
        this.children = children;
        this.sidecars = sidecars;
        this.arrays = arrays;
    }

    /**
     * The directories of a manifest.
     *
     * @param unlisted the files in them, and in directories of values beside them, that may be arrays and are not listed
     * @param columns the names of those that are side by side, each of the directory at its position
     */
    record Listing(String home, List<FoundDirectory> directories, List<StoredFile> unlisted, List<String> columns) {}

    /**
     * The files of a partition's directory, whose manifest lists files of its own.
     *
     * @param argument the number of the given path that led to it
     */
    Contents contents(int argument) throws IOException {
        readOnce();
        checkThere();
        List<Shard> own = manifest.shards();
        Optional<Shard> below =
                own.stream().filter(shard -> !shard.directory().isEmpty()).findFirst();
        if (below.isPresent()) {
            throw new IOException("Cannot read " + directory.path() + " as a partition: its manifest " + Manifest.NAME
                    + " lists " + below.get().name() + ", expected files of its own; read it as a table of its own");
        }
        Map<String, StoredFile> files = new ListedFiles(storage, directory).of(own, children, "");
        Contents listed = contents(own, files, argument);
        return new Contents(listed.candidates(), listed.tables(), unlisted(own, files, ""));
    }

    /** Returns true if it lists files in a directory below, whose path has a slash after it. */
    boolean lists(String below) throws IOException {
        readOnce();
        return !at(below).isEmpty();
    }

    /**
     * Its own directory and those below it that it lists files of.
     *
     * @param below the path of the directory that is asked for, with a slash after it; empty for all
     * @param argument the number of the given path that led to it
     * @throws IOException when it lists no file, or one that is not there
     */
    Listing directories(String below, int argument) throws IOException {
        readOnce();
        for (int reads = 1; ; reads++) {
            checkThere();
            Manifest before = manifest;
            try {
                return below.isEmpty() && !manifest.columns().isEmpty() ? columns(argument) : listing(below, argument);
            } catch (IOException e) {
                read();
                if (manifest.equals(before) || reads == MOST_READS) {
                    throw e;
                }
            }
        }
    }

    private Listing listing(String below, int argument) throws IOException {
        List<Shard> wanted = at(below).values().stream().flatMap(List::stream).toList();
        if (wanted.isEmpty()) {
            throw new IOException("Cannot read " + Storage.withSlash(directory.path()) + below + ": the manifest "
                    + file.path() + " lists no file of it, expected at least one; read " + directory.path());
        }
        Map<String, StoredFile> files = new ListedFiles(storage, directory).of(wanted, children, below);
        List<StoredFile> unlisted = unlisted(wanted, files, below);
        boolean sideBySide = !manifest.columns().isEmpty();
        Map<String, String> types = manifest.partitionTypes();
        List<FoundDirectory> found = new ArrayList<>();
        for (Map.Entry<String, List<Shard>> entry : at(below).entrySet()) {
            String path = Storage.withSlash(directory.path()) + entry.getKey();
            Contents contents = contents(entry.getValue(), files, argument);
            found.add(new FoundDirectory(path.substring(0, path.length() - 1), () -> contents, types));
        }
        return new Listing(directory.path(), found, sideBySide ? List.of() : unlisted, List.of());
    }

    /** The directories of arrays side by side, in the order of the columns. */
    private Listing columns(int argument) throws IOException {
        Map<String, FoundDirectory> byPath = new HashMap<>();
        listing("", argument).directories().forEach(found -> byPath.put(found.path() + "/", found));
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

    /** The shards in a directory and those below it, by directories in the order of their names. */
    private Map<String, List<Shard>> at(String below) {
        Map<String, List<Shard>> found =
                new TreeMap<>(NaturalOrder.NATURAL_ORDER.thenComparing(Comparator.naturalOrder()));
        for (Map.Entry<String, List<Shard>> entry : shards.tailMap(below, true).entrySet()) {
            if (!entry.getKey().startsWith(below)) {
                break;
            }
            found.put(entry.getKey(), entry.getValue());
        }
        return found;
    }

    private void readOnce() throws IOException {
        if (manifest == null) {
            read();
        }
    }

    private void read() throws IOException {
        manifest = storage.readManifest(file.path());
        columns = manifest.inColumns();
        shards.clear();
        for (Shard shard : manifest.shards()) {
            shards.computeIfAbsent(shard.directory(), path -> new ArrayList<>()).add(shard);
        }
    }

    private void checkThere() throws IOException {
        if (manifest.dropped()) {
            throw new IOException(
                    "Cannot read " + directory.path() + ": the array was dropped, but not all of its files"
                            + " could be deleted, expected an array; drop it again, or overwrite it");
        }
        if (manifest.shards().isEmpty()) {
            throw new IOException("Cannot read " + directory.path() + ": its manifest " + Manifest.NAME
                    + " lists no shard, expected at least one");
        }
    }

    /**
     * The files at or below a directory that may be arrays and are not listed.
     *
     * @param listed all shards there
     */
    private List<StoredFile> unlisted(List<Shard> listed, Map<String, StoredFile> files, String below)
            throws IOException {
        Set<String> names = listed.stream().map(Shard::name).collect(Collectors.toSet());
        Map<String, StoredFile> all = new ListedFiles(storage, directory).withOthers(listed, files, below);
        return all.entrySet().stream()
                .filter(file -> file.getKey().startsWith(below) && !names.contains(file.getKey()))
                .map(Map.Entry::getValue)
                .filter(file -> !file.directory() && arrays.test(file))
                .toList();
    }

    /** @param of the shards of one directory */
    private Contents contents(List<Shard> of, Map<String, StoredFile> files, int argument) throws IOException {
        Manifest own = columns.getOrDefault(of.get(0).directory(), manifest);
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
