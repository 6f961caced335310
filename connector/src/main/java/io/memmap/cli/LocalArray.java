package io.memmap.cli;

import io.memmap.array.MemmapArray;
import io.memmap.array.Mode;
import io.memmap.dtype.DType;
import io.memmap.format.ArrayDescriber;
import io.memmap.format.ArrayFile;
import io.memmap.format.Claims;
import io.memmap.format.DirectoryRule;
import io.memmap.format.HiddenName;
import io.memmap.format.Manifest;
import io.memmap.format.NaturalOrder;
import io.memmap.format.Reading;
import io.memmap.format.Sidecar;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The array at a path: one file, or those of a directory end to end on axis 0, as the reader in Spark takes them without
 * options for directories.
 *
 * @param files in row order, at least one, of one dtype and one shape of a row
 * @param problems that do not keep the array from being read
 */
record LocalArray(Path path, Optional<Manifest> manifest, List<ArrayFile> files, List<String> problems) {

    /**
     * Describes what is at a path.
     *
     * @throws IOException naming the file, when there is nothing, no array, or its descriptions contradict each other
     */
    static LocalArray of(String name, Reading reading) throws IOException {
        Path path = Path.of(name).toAbsolutePath().normalize();
        List<String> problems = new ArrayList<>();
        if (!Files.isDirectory(path)) {
            return new LocalArray(
                    path, Optional.empty(), List.of(described(path, Optional.empty(), reading, problems)), problems);
        }
        List<String> names = names(path);
        Optional<Manifest> manifest = names.contains(Manifest.NAME) ? Optional.of(manifest(path)) : Optional.empty();
        List<ArrayFile> files = new ArrayList<>();
        if (manifest.isPresent()) {
            for (Manifest.Shard shard : manifest.get().shards()) {
                Optional<Claims> claims = Optional.of(
                        manifest.get().claims(shard, path.resolve(Manifest.NAME).toString()));
                files.add(described(path.resolve(shard.name()), claims, reading, problems));
            }
            noteUnlisted(manifest.get(), names, problems);
        } else {
            for (String file : arrays(path, names, reading)) {
                files.add(described(path.resolve(file), Optional.empty(), reading, problems));
            }
        }
        checkAlike(path, files);
        return new LocalArray(path, manifest, files, problems);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted(NaturalOrder.NATURAL_ORDER)
                    .toList();
        }
    }

    private static Manifest manifest(Path directory) throws IOException {
        Path file = directory.resolve(Manifest.NAME);
        Manifest manifest;
        try (Reader reader = Files.newBufferedReader(file)) {
            manifest = Manifest.parse(reader, file.toString());
        }
        if (!manifest.columns().isEmpty()) {
            throw new IOException(
                    "Cannot read " + directory + ": its columns are side by side, an array each, expected one"
                            + " array; name the directory of one of them");
        }
        if (manifest.dropped() || manifest.shards().isEmpty()) {
            throw new IOException("Cannot read " + directory + ": "
                    + (manifest.dropped()
                            ? "the array was dropped, but not all of its files could be deleted, expected an array"
                            : "its manifest lists no shard, expected at least one"));
        }
        return manifest;
    }

    private static void noteUnlisted(Manifest manifest, List<String> names, List<String> problems) {
        Set<String> listed = manifest.shards().stream().map(LocalArray::child).collect(Collectors.toSet());
        names.stream()
                .filter(name -> !HiddenName.isHidden(name) && !Sidecar.isSidecar(name) && !listed.contains(name))
                .forEach(name -> problems.add(name + " is not in the manifest and not read"));
    }

    /** The file of a shard, or the directory that its path begins with. */
    private static String child(Manifest.Shard shard) {
        return shard.directory().isEmpty()
                ? shard.name()
                : shard.name().substring(0, shard.name().indexOf('/'));
    }

    private static List<String> arrays(Path directory, List<String> names, Reading reading) throws IOException {
        DirectoryRule rule = new DirectoryRule(reading);
        List<String> files = names.stream()
                .filter(name -> rule.mayBeArray(name) && !Files.isDirectory(directory.resolve(name)))
                .toList();
        return rule.arrays(directory.toString(), files, names)
                .filter(arrays -> !arrays.isEmpty())
                .orElseThrow(() -> new IOException("Cannot read " + directory
                        + ": it holds no array, expected .npy files, or raw files with sidecars"));
    }

    private static ArrayFile described(Path path, Optional<Claims> listed, Reading reading, List<String> problems)
            throws IOException {
        LocalInput input = LocalInput.of(path);
        Path real = path.toRealPath();
        if (Files.exists(real.resolveSibling(HiddenName.of(real.getFileName().toString()) + HiddenName.RECORD))) {
            problems.add(path + ": a change of it is not finished, its rows may be old, new or both");
        }
        ArrayFile file = ArrayDescriber.describe(input, sidecar(path, real, input, reading), listed, reading);
        if (file.trailingNbytes() > 0) {
            problems.add(path + ": " + file.trailingNbytes() + " bytes follow the array");
        }
        return file;
    }

    /** A write through a link leaves the sidecar beside the file that the link leads to. */
    private static Optional<Sidecar> sidecar(Path path, Path real, LocalInput input, Reading reading)
            throws IOException {
        for (Path array : List.of(path, real)) {
            Path sidecar = Path.of(Sidecar.pathOf(array.toString()));
            if (reading.sidecars() && Files.exists(sidecar)) {
                return Sidecar.of(Files.readString(sidecar), input.fingerprint(), path.toString(), sidecar.toString());
            }
        }
        return Optional.empty();
    }

    private static void checkAlike(Path path, List<ArrayFile> files) throws IOException {
        ArrayFile first = files.get(0);
        for (ArrayFile file : files) {
            if (!file.layout().dtype().equals(first.layout().dtype())
                    || !rowShape(file).equals(rowShape(first))) {
                throw new IOException("Cannot read " + path + ": " + file.path() + " has rows of shape "
                        + rowShape(file) + " of " + file.layout().dtype() + ", and " + first.path() + " of "
                        + rowShape(first) + " of " + first.layout().dtype() + ", expected the same");
            }
        }
    }

    private static Shape rowShape(ArrayFile file) {
        long[] dims = file.layout().shape().toArray();
        return Shape.of(dims.length == 0 ? dims : Arrays.copyOfRange(dims, 1, dims.length));
    }

    DType dtype() {
        return files.get(0).layout().dtype();
    }

    Shape shape() {
        Shape first = files.get(0).layout().shape();
        return first.ndim() == 0
                ? first
                : first.withRows(files.stream()
                        .mapToLong(file -> file.layout().shape().dim(0))
                        .sum());
    }

    /** Maps one of the files; the caller closes it. */
    static MemmapArray open(ArrayFile file) throws IOException {
        if (file.isSequential()) {
            throw new IOException("Cannot map " + file.shownName()
                    + ": it is compressed, expected stored bytes; read it in Spark or with np.load");
        }
        return MemmapArray.open(Path.of(file.path()), Mode.READ_ONLY, file.layout());
    }
}
