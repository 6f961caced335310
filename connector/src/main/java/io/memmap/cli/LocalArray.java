package io.memmap.cli;

import io.memmap.array.LocalInput;
import io.memmap.array.MemmapArray;
import io.memmap.array.Mode;
import io.memmap.dtype.DType;
import io.memmap.format.ArrayDescriber;
import io.memmap.format.ArrayFile;
import io.memmap.format.Claims;
import io.memmap.format.DirectoryRule;
import io.memmap.format.ForeignDirectory;
import io.memmap.format.FormatInput;
import io.memmap.format.Manifest;
import io.memmap.format.PartitionPath;
import io.memmap.format.Reading;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The array at a path: one file, or those of a directory end to end on axis 0, as the reader in Spark takes them without
 * options for directories.
 *
 * @param manifest that lists the files
 * @param files in row order, at least one, of one dtype and one shape of a row
 * @param problems that do not keep the array from being read
 */
record LocalArray(Path path, Optional<LocalManifest> manifest, List<ArrayFile> files, List<String> problems) {

    /**
     * Describes the array of a file or directory.
     *
     * @param manifest that lists the files of the directory
     * @throws IOException naming the file, when there is nothing, no array, or its descriptions contradict each other
     */
    static LocalArray of(Path path, Optional<LocalManifest> manifest, Reading reading) throws IOException {
        List<String> problems = new ArrayList<>();
        if (manifest.isEmpty() && !Files.isDirectory(path)) {
            return new LocalArray(
                    path, Optional.empty(), List.of(described(path, Optional.empty(), reading, problems)), problems);
        }
        List<ArrayFile> files = new ArrayList<>();
        if (manifest.isPresent()) {
            LocalManifest listed = manifest.get();
            listed.check();
            String name = listed.home().resolve(Manifest.NAME).toString();
            for (Manifest.Shard shard : listed.shards()) {
                Optional<Claims> claims = Optional.of(listed.array().claims(shard, name));
                files.add(described(listed.home().resolve(shard.name()), claims, reading, problems));
            }
            listed.unlisted().forEach(other -> problems.add(other + " is not in the manifest and not read"));
        } else {
            LocalManifest.problemAbove(path).ifPresent(problems::add);
            List<String> names = LocalManifest.names(path);
            ForeignDirectory.check(path.toString(), names, reading, name -> regular(path.resolve(name)));
            for (String file : arrays(path, names, reading)) {
                files.add(described(path.resolve(file), Optional.empty(), reading, problems));
            }
        }
        checkAlike(path, files);
        ShardedArray.checkRows(files);
        return new LocalArray(path, manifest, files, problems);
    }

    private static Optional<FormatInput> regular(Path file) throws IOException {
        return Files.isRegularFile(file) ? Optional.of(LocalInput.of(file)) : Optional.empty();
    }

    private static List<String> arrays(Path directory, List<String> names, Reading reading) throws IOException {
        DirectoryRule rule = new DirectoryRule(reading);
        List<String> files = names.stream()
                .filter(name -> rule.mayBeArray(name) && !Files.isDirectory(directory.resolve(name)))
                .toList();
        return rule.arrays(directory.toString(), files, names)
                .filter(arrays -> !arrays.isEmpty())
                .orElseThrow(() -> new IOException("Cannot read " + directory
                        + ": it holds no array, expected .npy files, or raw files with sidecars"
                        + partitionAdvice(names)));
    }

    private static String partitionAdvice(List<String> names) {
        return names.stream()
                .filter(PartitionPath::isPartition)
                .findFirst()
                .map(name -> "; directories such as " + name + " need a manifest here, so name one of them, or read all"
                        + " in Spark")
                .orElse("");
    }

    private static ArrayFile described(Path path, Optional<Claims> listed, Reading reading, List<String> problems)
            throws IOException {
        LocalInput input = LocalInput.of(path);
        Path real = path.toRealPath();
        if (UnfinishedChange.isOf(real)) {
            problems.add(path + ": " + UnfinishedChange.PROBLEM);
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
            if (reading.sidecars() && LocalInput.isThere(sidecar)) {
                return Sidecar.of(LocalInput.text(sidecar), input.fingerprint(), path.toString(), sidecar.toString());
            }
        }
        return Optional.empty();
    }

    private static void checkAlike(Path path, List<ArrayFile> files) throws IOException {
        ArrayFile first = files.get(0);
        for (ArrayFile file : files) {
            if (files.size() > 1 && file.layout().shape().ndim() == 0) {
                throw new IOException(
                        "Cannot read " + file.path()
                                + " as a shard: it is 0-D, expected at least one axis to lay shards end to end on; read it alone");
            }
            if (!file.layout().dtype().equals(first.layout().dtype())
                    || !file.layout()
                            .shape()
                            .trailing()
                            .equals(first.layout().shape().trailing())) {
                throw new IOException("Cannot read " + path + ": " + file.path() + " has rows of shape "
                        + file.layout().shape().trailing() + " of "
                        + file.layout().dtype() + ", and " + first.path() + " of "
                        + first.layout().shape().trailing() + " of "
                        + first.layout().dtype() + ", expected the same");
            }
        }
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

    List<Path> paths() {
        return files.stream().map(file -> Path.of(file.path())).toList();
    }

    /** Maps one of the files, or what it inflates to; the caller closes it. */
    static MemmapArray open(ArrayFile file) throws IOException {
        return file.isSequential()
                ? new DeflatedMember(file).open()
                : MemmapArray.open(Path.of(file.path()), Mode.READ_ONLY, file.layout());
    }
}
