package io.memmap.cli;

import io.memmap.array.LocalInput;
import io.memmap.format.ColumnArray;
import io.memmap.format.HiddenName;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.NaturalOrder;
import io.memmap.format.PartitionPath;
import io.memmap.format.Sidecar;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The manifest that lists the files of a directory: its own, or that of the table whose partition or column it is, as the
 * reader in Spark chooses it.
 *
 * @param home the directory that has it
 * @param below the path of the directory that is asked for from there, with a slash after it; empty if it is the same
 * @param array what it says of the array of that directory: the same, or that of a column, without shards
 * @param shards the files that it lists at or below the directory, those of a directory together, in the order of Spark's rows
 */
record LocalManifest(Path home, Manifest manifest, String below, Manifest array, List<Shard> shards) {
    private static final Comparator<Shard> BY_DIRECTORY =
            Comparator.comparing(Shard::directory, NaturalOrder.NATURAL_ORDER.thenComparing(Comparator.naturalOrder()));

    private LocalManifest(Path home, Manifest manifest, String below) {
        this(
                home,
                manifest,
                below,
                manifest.in(below),
                manifest.shards().stream()
                        .filter(shard -> shard.directory().startsWith(below))
                        .sorted(BY_DIRECTORY)
                        .toList());
    }

    /** Returns an empty optional for a directory whose files no manifest lists. */
    static Optional<LocalManifest> of(Path directory) throws IOException {
        boolean own = LocalInput.isThere(directory.resolve(Manifest.NAME));
        if (!own || PartitionPath.isPartition(name(directory))) {
            Optional<LocalManifest> above = above(directory);
            if (above.isPresent() && (!own || !above.get().shards().isEmpty())) {
                return above;
            }
        }
        return own ? Optional.of(new LocalManifest(directory, parse(directory), "")) : Optional.empty();
    }

    private static Optional<LocalManifest> above(Path directory) throws IOException {
        Path table = directory;
        while (PartitionPath.isPartition(name(table))) {
            table = table.getParent();
            if (isIn(table, directory)) {
                Manifest manifest = parse(table);
                return manifest.isPartitioned() ? Optional.of(of(table, manifest, directory)) : Optional.empty();
            }
        }
        Path parent = directory.getParent();
        if (!table.equals(directory) || parent == null) {
            return Optional.empty();
        }
        String column = name(directory) + "/";
        return columns(parent, directory)
                .filter(manifest -> manifest.columns().stream()
                        .anyMatch(array -> array.directory().equals(column)))
                .map(manifest -> of(parent, manifest, directory));
    }

    private static LocalManifest of(Path home, Manifest manifest, Path directory) {
        return new LocalManifest(home, manifest, home.relativize(directory) + "/");
    }

    /** The manifest of the columns beside a directory. A file of its name that is none says nothing of the directory. */
    private static Optional<Manifest> columns(Path directory, Path column) {
        try {
            return isIn(directory, column) ? Optional.of(parse(directory)) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Tells of a file that could be the manifest of the columns beside a directory, and is none. */
    static Optional<String> problemAbove(Path directory) {
        Path parent = directory.getParent();
        try {
            if (parent != null && isIn(parent, directory)) {
                parse(parent);
            }
            return Optional.empty();
        } catch (AccessDeniedException e) {
            // Permissions may end at the directory below.
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(e.getMessage() + "; so it does not say which files of " + directory + " are rows");
        }
    }

    /** In a directory such as {@code /tmp} another user's manifest says nothing of what is below. */
    private static boolean isIn(Path directory, Path below) throws IOException {
        Path manifest = directory.resolve(Manifest.NAME);
        return LocalInput.isThere(manifest) && !LocalPath.isForeign(manifest, below);
    }

    private static Manifest parse(Path directory) throws IOException {
        Path file = directory.resolve(Manifest.NAME);
        return Manifest.parse(new StringReader(LocalInput.text(file, Manifest.MAX_NBYTES)), file.toString());
    }

    private static String name(Path path) {
        return path.getFileName() == null ? "" : path.getFileName().toString();
    }

    /** The columns that are side by side, if the whole directory is asked for. */
    List<ColumnArray> columns() {
        return below.isEmpty() ? manifest.columns() : List.of();
    }

    /** The same for the files of each column by the column's name, in the order of the columns; all are found in one pass. */
    Map<String, LocalManifest> inColumns() {
        Map<String, Manifest> arrays = manifest.inColumns();
        Map<String, List<Shard>> files = shards.stream().collect(Collectors.groupingBy(Shard::directory));
        Map<String, LocalManifest> columns = new LinkedHashMap<>();
        for (ColumnArray column : columns()) {
            String directory = column.directory();
            columns.put(
                    column.name(),
                    new LocalManifest(
                            home,
                            manifest,
                            directory,
                            arrays.get(directory),
                            files.getOrDefault(directory, List.of())));
        }
        return columns;
    }

    Path directory() {
        return home.resolve(below);
    }

    /** The names of the partition columns. */
    List<String> partitionColumns() {
        return manifest.columns().isEmpty() && !shards.isEmpty()
                ? PartitionPath.columns(shards.get(0).directory().substring(below.length()))
                : List.of();
    }

    /**
     * Checks that there is an array.
     *
     * @throws IOException when it was dropped, lists no file of the directory, or one that is reached through a link
     */
    void check() throws IOException {
        if (manifest.dropped() || manifest.shards().isEmpty()) {
            throw new IOException("Cannot read " + home + ": "
                    + (manifest.dropped()
                            ? "the array was dropped, but not all of its files could be deleted, expected an array"
                            : "its manifest lists no shard, expected at least one"));
        }
        if (shards.isEmpty()) {
            throw new IOException("Cannot read " + directory() + ": the manifest " + home.resolve(Manifest.NAME)
                    + " lists no file of it, expected at least one; read " + home);
        }
        Set<String> paths = new TreeSet<>();
        for (Shard shard : shards) {
            String name = shard.name();
            for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
                paths.add(name.substring(0, slash));
            }
            if (!shard.directory().isEmpty()) {
                paths.add(name);
            }
        }
        for (String path : paths) {
            if (Files.isSymbolicLink(home.resolve(path))) {
                throw new IOException("Cannot read " + home + ": its manifest " + Manifest.NAME + " lists " + path
                        + ", which is a link, expected none, as what it leads to is no part of the array; put there what"
                        + " it leads to");
            }
        }
    }

    /** The files and directories beside the listed ones that it does not list, by their paths from its own directory. */
    List<String> unlisted() throws IOException {
        Set<String> listed = shards.stream().map(Shard::name).collect(Collectors.toSet());
        Set<String> directories = new TreeSet<>(Set.of(below));
        for (Shard shard : shards) {
            String path = shard.directory();
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                directories.add(path.substring(0, slash + 1));
            }
        }
        List<String> unlisted = new ArrayList<>();
        for (String directory : directories) {
            if (directory.startsWith(below)) {
                names(home.resolve(directory)).stream()
                        .filter(name -> !HiddenName.isHidden(name) && !Sidecar.isSidecar(name))
                        .map(name -> directory + name)
                        .filter(path -> !listed.contains(path) && !directories.contains(path + "/"))
                        .forEach(unlisted::add);
            }
        }
        return unlisted;
    }

    /** The names of all that is in a directory, in natural order. */
    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted(NaturalOrder.NATURAL_ORDER)
                    .toList();
        }
    }
}
