package io.memmap.storage;

import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.format.ForeignDirectory;
import io.memmap.format.FormatInput;
import io.memmap.format.Manifest;
import io.memmap.format.NaturalOrder;
import io.memmap.format.PartitionPath;
import io.memmap.format.Reading;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * Finds the files that paths, directories and patterns name. Driver side; {@link FoundFiles} describes them by their
 * headers.
 *
 * <p>Directories named {@code name=value} are searched, and so is all below them; other subdirectories only if the search
 * is recursive. Nothing of a recursive search is a partition.
 */
public final class ArrayFinder {
    private final HadoopSettings settings;
    private final Reading reading;
    private final ArrayNames names;
    private final boolean recursive;
    private final String basePath;
    private final HeaderBytes headers;

    /**
     * @param nameFilter a glob that file names within directories must match, or null
     * @param recursive whether directories within directories are searched
     * @param basePath the directory that partitions are named below; null for each path that is searched
     * @param headers what was read before
     * @throws IllegalArgumentException with the reason, when {@code nameFilter} is no glob
     */
    public ArrayFinder(
            HadoopSettings settings,
            Reading reading,
            String nameFilter,
            boolean recursive,
            String basePath,
            HeaderBytes headers) {
        this.settings = settings;
        this.reading = reading;
        this.names = ArrayNames.of(reading, nameFilter);
        this.recursive = recursive;
        this.basePath = basePath;
        this.headers = headers;
    }

    /**
     * Finds and describes the array at these paths, of files in their order.
     *
     * @throws IOException as {@link #search}, and when the files hold several arrays each, or are partitions
     */
    public ShardedArray find(List<String> paths) throws IOException {
        FoundFiles files = search(paths);
        if (files.isPartitioned()) {
            throw new IOException("Cannot read " + String.join(", ", paths) + " as one column: its directories name the"
                    + " partition columns " + files.partitions().get(0).names() + ", expected an array; name one of the"
                    + " directories");
        }
        List<ShardedArray> found = files.describeAll(reading);
        if (found.size() > 1) {
            throw new IOException("Cannot read " + String.join(", ", paths) + ": it holds several arrays, "
                    + (files.columns().isEmpty()
                            ? found.stream()
                                    .map(array -> array.first().origin().member())
                                    .collect(Collectors.joining(", "))
                            : String.join(", ", files.columns()))
                    + ", expected one; name it, as in x.npz#name or the option member");
        }
        return found.get(0);
    }

    /**
     * Finds the files at these paths, in their order, and looks into none.
     *
     * @throws IOException naming the path, when there is nothing that could be an array
     */
    public FoundFiles search(List<String> paths) throws IOException {
        Found found = new Found();
        for (String path : paths) {
            addPath(path, found);
            found.argument++;
        }
        if (found.directories.isEmpty()) {
            throw new IOException(
                    "Cannot read " + String.join(", ", paths) + ": no array was found, expected at least one");
        }
        Set<String> bases = basePath == null ? found.bases : Set.of(base(found));
        List<PartitionPath> partitions = found.directories.stream()
                .map(directory ->
                        recursive ? PartitionPath.none(directory.path()) : PartitionPath.of(directory.path(), bases))
                .toList();
        if (found.sideBySide != null && (found.argument > 1 || found.directories.size() != found.columns.size())) {
            throw new IOException("Cannot read " + String.join(", ", paths) + ": the columns of " + found.sideBySide
                    + " are arrays side by side, expected it alone");
        }
        return new FoundFiles(paths, found.directories, partitions, found.ignored, headers, found.columns);
    }

    private String base(Found found) throws IOException {
        Storage storage = Storage.of(basePath, settings);
        StoredFile base = storage.stat(storage.absolute(basePath));
        for (String path : found.bases) {
            if (!base.directory() || !Storage.withSlash(path).startsWith(Storage.withSlash(base.path()))) {
                throw new IllegalArgumentException("Cannot read " + path + " with basePath " + base.path() + ": it is "
                        + (base.directory() ? "not below it" : "a file") + ", expected a directory that " + path
                        + " is in");
            }
        }
        return base.path();
    }

    private void addPath(String given, Found found) throws IOException {
        Storage storage = Storage.of(given, settings);
        String path = storage.absolute(given);
        if (!PathPattern.isPossible(path) || storage.exists(path)) {
            add(storage, names.stat(storage, path), found);
            return;
        }
        List<String> matches = new ArrayList<>(storage.glob(path, settings.configuration()));
        if (matches.isEmpty()) {
            throw new FileNotFoundException(
                    "Cannot read " + path + ": no file matches the pattern, expected at least one");
        }
        matches.sort(NaturalOrder.NATURAL_ORDER);
        for (StoredFile file : SideBySide.all("look at what matches " + path, matches, storage::stat)) {
            if (names.isMatched(file)) {
                add(storage, file, found);
            }
        }
    }

    private void add(Storage storage, StoredFile file, Found found) throws IOException {
        if (!file.directory()) {
            Candidate candidate =
                    new Candidate(found.argument, storage, file, sidecarOf(storage, file.path()), Optional.empty());
            found.bases.add(Storage.parent(file.path()));
            found.directories.add(FoundDirectory.of(Storage.parent(file.path()), List.of(candidate)));
            return;
        }
        found.bases.add(file.path());
        int before = found.directories.size();
        int ignored = found.ignored.size();
        addDirectory(storage, file, false, found);
        if (found.directories.size() == before) {
            String foreign = EmptyDirectory.foreign(storage, found.ignored.subList(ignored, found.ignored.size()));
            throw new IOException("Cannot read " + file.path() + ": no file in it or its subdirectories is an array"
                    + (names.filter() == null ? "" : " that pathGlobFilter lets pass")
                    + foreign + ", expected *.npy, or raw files with "
                    + (foreign.isEmpty() ? "a dtype" : "container=raw and dtype"));
        }
    }

    /** The files of a partition or column that the manifest of its table, in a directory above, lists; empty without one. */
    private Optional<ListedDirectory.Listing> listedAbove(
            Storage storage, StoredFile directory, boolean ownManifest, Found found) throws IOException {
        if (ownManifest && !PartitionPath.isPartition(directory.name())) {
            return Optional.empty();
        }
        Optional<String> table = found.manifests.tableOf(storage, directory.path());
        if (table.isEmpty()) {
            return Optional.empty();
        }
        ListedDirectory whole = found.tables.get(table.get());
        if (whole == null) {
            StoredFile manifest = storage.stat(table.get() + "/" + Manifest.NAME);
            whole = listed(storage, storage.stat(table.get()), manifest, List.of());
            found.tables.put(table.get(), whole);
        }
        String below = Storage.withSlash(
                directory.path().substring(Storage.withSlash(table.get()).length()));
        return ownManifest && !whole.lists(below)
                ? Optional.empty()
                : Optional.of(whole.directories(below, found.argument));
    }

    private ListedDirectory listed(
            Storage storage, StoredFile directory, StoredFile manifest, List<StoredFile> children) {
        return new ListedDirectory(storage, directory, manifest, children, reading.sidecars(), names::isListed);
    }

    /** A write through a link leaves the sidecar beside the file that the link leads to. */
    private Optional<String> sidecarOf(Storage storage, String path) throws IOException {
        String own = Sidecar.pathOf(path);
        if (!reading.sidecars()) {
            return Optional.empty();
        }
        if (storage.exists(own)) {
            return Optional.of(own);
        }
        String behindLink = Sidecar.pathOf(storage.real(path));
        return !behindLink.equals(own) && storage.exists(behindLink) ? Optional.of(behindLink) : Optional.empty();
    }

    /** @param partition whether it is a partition directory, or below one */
    private void addDirectory(Storage storage, StoredFile directory, boolean partition, Found found)
            throws IOException {
        List<StoredFile> listed = found.listings.remove(directory.path());
        List<StoredFile> children = new ArrayList<>(listed == null ? storage.list(directory.path()) : listed);
        children.sort(Comparator.comparing(StoredFile::name, NaturalOrder.NATURAL_ORDER));
        Optional<StoredFile> manifest = children.stream()
                .filter(child -> child.name().equals(Manifest.NAME))
                .findFirst();
        Optional<ListedDirectory.Listing> above = partition || recursive
                ? Optional.empty()
                : listedAbove(storage, directory, manifest.isPresent(), found);
        if (above.isPresent()) {
            found.add(above.get());
            return;
        }
        int argument = found.argument;
        if (manifest.isPresent()) {
            ListedDirectory whole = listed(storage, directory, manifest.get(), children);
            if (partition) {
                found.directories.add(new FoundDirectory(directory.path(), () -> whole.contents(argument)));
            } else {
                found.add(whole.directories("", argument));
            }
            return;
        }
        Set<String> all = children.stream().map(StoredFile::name).collect(Collectors.toSet());
        List<StoredFile> files = children.stream()
                .filter(child -> !child.directory() && names.isListed(child))
                .toList();
        ForeignDirectory.check(directory.path(), all, reading, name -> listed(storage, children, name));
        ArrayChoice choice = new ArrayChoice(storage, directory, files, all, reading, headers);
        Set<StoredFile> arrays = choice.arrays();
        List<Candidate> candidates = new ArrayList<>();
        for (StoredFile file : files) {
            if (arrays.contains(file)) {
                Optional<String> sidecar = beside(file, choice.hasSidecar(file));
                candidates.add(new Candidate(argument, storage, regular(storage, file), sidecar, Optional.empty()));
            } else {
                found.ignored.add(file);
            }
        }
        if (!candidates.isEmpty()) {
            found.directories.add(FoundDirectory.of(directory.path(), candidates));
        }
        // Spark takes _year=2026 for a partition.
        List<StoredFile> directories = children.stream()
                .filter(child -> child.directory()
                        && (!child.hidden() || (!recursive && StoredFile.isHiddenPartition(child.name()))))
                .toList();
        if (recursive) {
            // Where there are no links, none leads in a circle.
            if (found.above.isEmpty() && !storage.mapsFiles()) {
                found.listings.putAll(new DirectoryTree(storage, settings).below(directory, children));
            }
            addAll(storage, directory, directories, found);
        } else if (partition || directories.stream().anyMatch(child -> PartitionPath.isPartition(child.name()))) {
            if (!partition) {
                found.listings.putAll(new DirectoryTree(storage, settings).below(directory, children));
            }
            for (StoredFile child : directories) {
                if (found.listings.containsKey(child.path())) {
                    addDirectory(storage, child, true, found);
                }
            }
        } else {
            ArrayFormat container = reading.claims().container();
            checkNoFile(directories, container != null ? container : ArrayFormats.ofNewArrays(true));
            if (candidates.isEmpty()) {
                throw EmptyDirectory.refusal(storage, directory, files, directories);
            }
        }
    }

    /** A file that the listing could look at. */
    private static Optional<FormatInput> listed(Storage storage, List<StoredFile> children, String name) {
        return children.stream()
                .filter(child -> child.name().equals(name) && !child.directory() && child.fingerprint() != null)
                .map(child -> (FormatInput) new StoredInput(storage, child))
                .findFirst();
    }

    private void addAll(Storage storage, StoredFile directory, List<StoredFile> children, Found found)
            throws IOException {
        Path real = PathOverlap.real(directory.path(), settings);
        found.above.add(real);
        for (StoredFile child : children) {
            if (!found.above.contains(PathOverlap.real(child.path(), settings))) {
                addDirectory(storage, child.checkSpelled(), false, found);
            }
        }
        found.above.remove(real);
    }

    private static void checkNoFile(List<StoredFile> directories, ArrayFormat expected) throws IOException {
        for (StoredFile child : directories) {
            if (expected.hasName(child.name())) {
                throw notAFile(child);
            }
        }
    }

    /** Looks again at what a listing could make nothing of, to say why. */
    static StoredFile regular(Storage storage, StoredFile file) throws IOException {
        return file.checkSpelled().fingerprint() == null ? storage.stat(file.path()) : file;
    }

    static Optional<String> beside(StoredFile file, boolean there) {
        return there ? Optional.of(Sidecar.pathOf(file.path())) : Optional.empty();
    }

    static IOException notAFile(StoredFile directory) {
        return new IOException("Cannot read " + directory.path() + ": it is a directory, expected a file");
    }
}
