package io.memmap.storage;

import io.memmap.format.Agreement;
import io.memmap.format.ArrayDescriber;
import io.memmap.format.ArrayFile;
import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.format.Claims;
import io.memmap.format.Manifest;
import io.memmap.format.NaturalOrder;
import io.memmap.format.Reading;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Finds the files that paths, directories and patterns name, and describes each by its header. Driver side; reads headers
 * only, many at a time.
 */
public final class ArrayFinder {
    private final HadoopSettings settings;
    private final Configuration configuration;
    private final Reading reading;
    private final ArrayNames names;
    private final boolean recursive;

    /**
     * A file to describe, and what is said about it.
     *
     * @param argument the number of the given path that led to it
     * @param sidecar the path of its sidecar
     */
    private record Candidate(
            int argument, Storage storage, StoredFile file, Optional<String> sidecar, Optional<Claims> listed) {}

    /** The arrays found so far. */
    private static final class Found {
        private final List<Candidate> candidates = new ArrayList<>();
        /** The columns that manifests make of the array. */
        private final List<Claims> tables = new ArrayList<>();

        private final List<StoredFile> ignored = new ArrayList<>();
        private int argument;
        /** The directories that are being searched, with links resolved: a link to one of them leads in a circle. */
        private final Set<Path> above = new HashSet<>();
    }

    /**
     * @param nameFilter a glob that file names within directories must match, or null
     * @param recursive whether directories within directories are searched
     * @throws IllegalArgumentException with the reason, when {@code nameFilter} is no glob
     */
    public ArrayFinder(HadoopSettings settings, Reading reading, String nameFilter, boolean recursive) {
        this.settings = settings;
        this.configuration = settings.configuration();
        this.reading = reading;
        this.names = ArrayNames.of(reading, nameFilter);
        this.recursive = recursive;
    }

    /**
     * Finds and describes the array at these paths, of files in their order.
     *
     * @throws IOException as {@link #findMembers}, and when the files hold several arrays each
     */
    public ShardedArray find(List<String> paths) throws IOException {
        List<ShardedArray> found = findMembers(paths);
        if (found.size() > 1) {
            throw new IOException("Cannot read " + String.join(", ", paths) + ": it holds several arrays, "
                    + found.stream()
                            .map(array -> array.first().origin().member())
                            .collect(Collectors.joining(", "))
                    + ", expected one; name it, as in x.npz#name or the option member");
        }
        return found.get(0);
    }

    /**
     * Finds and describes all arrays at these paths, of files in their order: one, or of containers one for each of the
     * members that are read.
     *
     * @throws IOException naming the path, when there is nothing, nothing readable, or something else than arrays; when files
     *     hold different members
     */
    public List<ShardedArray> findMembers(List<String> paths) throws IOException {
        Found found = new Found();
        for (String path : paths) {
            addPath(path, found);
            found.argument++;
        }
        if (found.candidates.isEmpty()) {
            throw new IOException(
                    "Cannot read " + String.join(", ", paths) + ": no array was found, expected at least one");
        }
        List<DescribedFile> described = distinct(found.candidates, describe(found.candidates));
        List<Claims> tables = new ArrayList<>(found.tables);
        tables.add(0, reading.claims().ofTable());
        for (DescribedFile file : described) {
            file.sidecar().map(sidecar -> sidecar.claims(file.path()).ofTable()).ifPresent(tables::add);
        }
        Claims table = Agreement.of("Cannot read " + String.join(", ", paths), tables);
        int ignored = DescribedFile.unused(found.ignored, described);
        return DescribedFile.byMember(described).stream()
                .map(files -> new ShardedArray(files, table.columnNames(), table.layout(), ignored))
                .toList();
    }

    /** One pattern may match both files of an array, which is read once. */
    private static List<DescribedFile> distinct(List<Candidate> candidates, List<DescribedFile> described) {
        Set<List<Object>> seen = new HashSet<>();
        List<DescribedFile> distinct = new ArrayList<>();
        for (int i = 0; i < described.size(); i++) {
            if (seen.add(List.of(candidates.get(i).argument, described.get(i).path()))) {
                distinct.add(described.get(i));
            }
        }
        return distinct;
    }

    private void addPath(String given, Found found) throws IOException {
        Storage storage = Storage.of(given, configuration);
        String path = storage.absolute(given);
        if (!PathPattern.isPossible(path) || storage.exists(path)) {
            add(storage, names.stat(storage, path), found);
            return;
        }
        List<String> matches = new ArrayList<>(storage.glob(path, configuration));
        if (matches.isEmpty()) {
            throw new FileNotFoundException(
                    "Cannot read " + path + ": no file matches the pattern, expected at least one");
        }
        matches.sort(NaturalOrder.NATURAL_ORDER);
        for (String match : matches) {
            StoredFile file = storage.stat(match);
            if (names.isMatched(file)) {
                add(storage, file, found);
            }
        }
    }

    private void add(Storage storage, StoredFile file, Found found) throws IOException {
        if (!file.directory()) {
            found.candidates.add(
                    new Candidate(found.argument, storage, file, sidecarOf(storage, file.path()), Optional.empty()));
            return;
        }
        int before = found.candidates.size();
        int ignored = found.ignored.size();
        addDirectory(storage, file, found);
        if (found.candidates.size() == before) {
            String foreign = EmptyDirectory.foreign(storage, found.ignored.subList(ignored, found.ignored.size()));
            throw new IOException("Cannot read " + file.path() + ": no file in it or its subdirectories is an array"
                    + (names.filter() == null ? "" : " that pathGlobFilter lets pass")
                    + foreign + ", expected *.npy, or raw files with "
                    + (foreign.isEmpty() ? "a dtype" : "container=raw and dtype"));
        }
    }

    /** A write through a link leaves the sidecar beside the file that the link leads to. */
    private Optional<String> sidecarOf(Storage storage, String path) throws IOException {
        String own = Sidecar.pathOf(path);
        if (!reading.sidecars()) {
            return Optional.empty();
        }
        String behindLink = Sidecar.pathOf(storage.real(path));
        String nearest = storage.exists(own) ? own : behindLink;
        return storage.exists(nearest) ? Optional.of(nearest) : Optional.empty();
    }

    private void addDirectory(Storage storage, StoredFile directory, Found found) throws IOException {
        List<StoredFile> children = new ArrayList<>(storage.list(directory.path()));
        children.sort(Comparator.comparing(StoredFile::name, NaturalOrder.NATURAL_ORDER));
        Optional<StoredFile> manifest = children.stream()
                .filter(child -> child.name().equals(Manifest.NAME))
                .findFirst();
        if (manifest.isPresent()) {
            addListed(storage, directory, manifest.get(), children, found);
            return;
        }
        int before = found.candidates.size();
        ArrayFormat container = reading.claims().container();
        boolean anyName = container != null && !container.describesItself();
        ForeignDirectory foreign = new ForeignDirectory(storage, directory, children);
        if (!anyName) {
            foreign.checkNotStacked();
        }
        Set<String> all = children.stream().map(StoredFile::name).collect(Collectors.toSet());
        List<StoredFile> files = children.stream()
                .filter(child -> !child.directory() && names.isListed(child))
                .toList();
        if (container == null && reading.formats().ofNames(all).isEmpty()) {
            foreign.checkNotChunked();
        }
        ArrayChoice choice = new ArrayChoice(storage, directory, files, all, reading);
        Set<StoredFile> arrays = choice.arrays();
        for (StoredFile file : files) {
            if (arrays.contains(file)) {
                Optional<String> sidecar = beside(file, choice.hasSidecar(file));
                found.candidates.add(
                        new Candidate(found.argument, storage, regular(storage, file), sidecar, Optional.empty()));
            } else {
                found.ignored.add(file);
            }
        }
        List<StoredFile> directories = children.stream()
                .filter(child -> child.directory() && !child.hidden())
                .toList();
        if (recursive) {
            Path real = PathOverlap.real(directory.path(), settings);
            found.above.add(real);
            for (StoredFile child : directories) {
                if (!found.above.contains(PathOverlap.real(child.path(), settings))) {
                    addDirectory(storage, child, found);
                }
            }
            found.above.remove(real);
            return;
        }
        ArrayFormat format = container != null ? container : ArrayFormats.ofNewArrays(true);
        for (StoredFile child : directories) {
            if (format.hasName(child.name())) {
                throw notAFile(child);
            }
        }
        if (found.candidates.size() == before) {
            throw EmptyDirectory.refusal(storage, directory, files, directories);
        }
    }

    /** Looks again at what a listing could make nothing of, to say why. */
    private static StoredFile regular(Storage storage, StoredFile file) throws IOException {
        return file.fingerprint() == null ? storage.stat(file.path()) : file;
    }

    private static Optional<String> beside(StoredFile file, boolean there) {
        return there ? Optional.of(Sidecar.pathOf(file.path())) : Optional.empty();
    }

    private static IOException notAFile(StoredFile directory) {
        return new IOException("Cannot read " + directory.path() + ": it is a directory, expected a file");
    }

    private void addListed(
            Storage storage, StoredFile directory, StoredFile file, List<StoredFile> children, Found found)
            throws IOException {
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
        found.tables.add(manifest.claims(manifest.shards().get(0), file.path()).ofTable());
        Map<String, StoredFile> byName = byName(children);
        if (!manifest.shards().stream().allMatch(shard -> byName.containsKey(shard.name()))) {
            // It may be newer than the listing.
            byName.putAll(byName(storage.list(directory.path())));
        }
        for (Manifest.Shard shard : manifest.shards()) {
            StoredFile listed = byName.get(shard.name());
            if (listed == null) {
                throw new IOException("Cannot read " + directory.path() + ": its manifest " + Manifest.NAME + " lists "
                        + shard.name() + ", which is not there, expected all of its "
                        + manifest.shards().size()
                        + " shards; restore it, or remove the manifest to read what is left");
            }
            if (listed.directory()) {
                throw notAFile(listed);
            }
            boolean sidecar = reading.sidecars() && byName.containsKey(Sidecar.pathOf(shard.name()));
            found.candidates.add(new Candidate(
                    found.argument,
                    storage,
                    regular(storage, listed),
                    beside(listed, sidecar),
                    Optional.of(manifest.claims(shard, file.path()))));
        }
        Set<String> shards =
                manifest.shards().stream().map(Manifest.Shard::name).collect(Collectors.toSet());
        children.stream()
                .filter(child -> !child.directory() && names.isListed(child) && !shards.contains(child.name()))
                .forEach(found.ignored::add);
    }

    /** Names that this JVM cannot decode may come out alike; no manifest lists them. */
    private static Map<String, StoredFile> byName(List<StoredFile> files) {
        return files.stream().collect(Collectors.toMap(StoredFile::name, Function.identity(), (one, other) -> one));
    }

    private List<DescribedFile> describe(List<Candidate> candidates) throws IOException {
        if (candidates.size() == 1) {
            return List.of(describe(candidates.get(0)));
        }
        List<Callable<DescribedFile>> requests = new ArrayList<>();
        for (Candidate candidate : candidates) {
            requests.add(() -> describe(candidate));
        }
        return SideBySide.all("read the headers", requests);
    }

    /** A file that cannot be described while a change of it is not finished is one to wait for, or to recover. */
    private DescribedFile describe(Candidate candidate) throws IOException {
        try {
            return described(candidate);
        } catch (IOException | IllegalArgumentException e) {
            Recovery.checkDescribed(candidate.storage, candidate.file.path(), e);
            throw e;
        }
    }

    private DescribedFile described(Candidate candidate) throws IOException {
        StoredFile file = candidate.file;
        if (file.fingerprint().nbytes() == 0) {
            candidate.storage.checkEmpty(file.path());
        }
        Optional<Sidecar> sidecar = candidate.sidecar.isPresent() ? sidecar(candidate) : Optional.empty();
        List<ArrayFile> described = ArrayDescriber.describeMembers(
                new StoredInput(candidate.storage, file), sidecar, candidate.listed, reading);
        return new DescribedFile(described, sidecar);
    }

    private static Optional<Sidecar> sidecar(Candidate candidate) throws IOException {
        StoredFile file = candidate.file;
        String path = candidate.sidecar.orElseThrow();
        String text;
        try {
            text = candidate.storage.readText(path);
        } catch (FileNotFoundException e) {
            // A write that replaced the file has removed the sidecar of the old one.
            return Optional.empty();
        }
        return Sidecar.of(text, file.fingerprint(), file.path(), path);
    }
}
