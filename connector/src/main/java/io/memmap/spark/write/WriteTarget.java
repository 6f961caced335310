package io.memmap.spark.write;

import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.format.Manifest;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Output;
import io.memmap.spark.schema.WrittenPartition;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.PathPattern;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The target of a write, and its kind.
 *
 * @param path the file or directory
 * @param file whether it is one file, else a directory of shards
 * @param raw whether files have no header, and a sidecar beside them instead
 */
record WriteTarget(String path, boolean file, boolean raw) {
    /**
     * Returns the target that the options name; for a link, the file or directory that it leads to.
     *
     * @throws IllegalArgumentException as {@link #named}; for a pattern; and when a directory would get a name that says
     *     another format, unless the options ask for a directory, or one of ours has that name
     */
    static WriteTarget of(MemmapOptions options, HadoopSettings settings) throws IOException {
        WriteTarget named = named(options, settings);
        Storage storage = Storage.of(named.path, settings);
        if (new PathPattern(named.path).isRead(storage, settings)) {
            throw new IllegalArgumentException("Cannot write " + named.path
                    + ": it is a pattern, which names files to read; name one file or directory");
        }
        WriteTarget real = named.real(storage);
        Optional<String> misleading = named.misleadingSuffix();
        if (misleading.isPresent()
                && options.output() == Output.AUTO
                && !storage.exists(real.path + "/" + Manifest.NAME)) {
            throw new IllegalArgumentException("Cannot write " + named.path + ": its name ends in ." + misleading.get()
                    + ", and what would be written is a directory of shards; choose another name, such as one that ends"
                    + " in .npy for one file, or set output=directory");
        }
        return real;
    }

    /**
     * Returns the target that the options name; for a link, the link itself.
     *
     * @throws IllegalArgumentException when they name no path, several, or a container that contradicts the suffix
     */
    static WriteTarget named(MemmapOptions options, HadoopSettings settings) throws IOException {
        if (options.paths().size() != 1) {
            throw new IllegalArgumentException(
                    "Cannot write memmap: found " + options.paths().size() + " paths " + options.paths()
                            + ", expected one, as in save(\"/data/x.npy\")");
        }
        String path = options.paths().get(0);
        Optional<ArrayFormat> named = ArrayFormats.ofWrittenName(path);
        Optional<ArrayFormat> given = options.container();
        if (given.isPresent() && given.get().writtenSuffixes().isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot write " + path + " with container=" + given.get().name()
                            + ": files of this container are only read, expected container=npy or container=raw");
        }
        boolean headerByName = named.isPresent() && named.get().describesItself();
        boolean rawGiven = given.isPresent() && !given.get().describesItself();
        if (headerByName && rawGiven) {
            throw new IllegalArgumentException("Cannot write " + path + ": container="
                    + given.get().name() + " was given for a name that ends in "
                    + named.get().writtenSuffixes().get(0) + ", expected another suffix such as "
                    + given.get().writtenSuffixes().get(0));
        }
        boolean file = options.output() == Output.AUTO ? named.isPresent() : options.output() == Output.FILE;
        boolean raw = given.isPresent() ? rawGiven : file && named.isPresent() && !headerByName;
        return new WriteTarget(Storage.absolute(path, settings), file, raw);
    }

    /** The suffix that no directory of shards should have, without its dot; {@code npy} only where a slash follows it. */
    private Optional<String> misleadingSuffix() {
        String name = Storage.name(path).toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        String suffix = name.substring(dot + 1);
        return dot >= 0
                        && !file
                        && (ArrayFormats.ofWrittenName(name).isPresent() || ArrayFormats.isForeignSuffix(suffix))
                ? Optional.of(suffix)
                : Optional.empty();
    }

    /**
     * The same, where its path is a link to it.
     *
     * @throws IOException when a sidecar beside the link would go on describing the old array
     */
    WriteTarget real(Storage storage) throws IOException {
        String real = storage.real(path);
        String sidecar = Sidecar.pathOf(path);
        if (!real.equals(path) && file && storage.exists(sidecar)) {
            throw new IOException("Cannot write " + path + ": it is a link to " + real + ", and the sidecar " + sidecar
                    + " beside the link would go on describing the old array; move it to " + Sidecar.pathOf(real));
        }
        return new WriteTarget(real, file, raw);
    }

    /** The same path, with headers in its files if those that are there have some, unless the options say it. */
    WriteTarget like(Optional<ShardedArray> found, MemmapOptions options) {
        return found.isPresent() && options.container().isEmpty()
                ? new WriteTarget(path, file, found.get().first().header().isEmpty())
                : this;
    }

    /**
     * Checks the kind of the existing target. A write replaces like by like: a name that is mistyped by a suffix must not
     * cost a directory.
     *
     * @throws IOException when a directory is there, and one file is to be written, or the other way round
     */
    void checkKind(Storage storage) throws IOException {
        if (storage.exists(path)) {
            boolean directory = storage.stat(path).directory();
            if (directory == file) {
                throw new IOException("Cannot write " + path + " as one " + (file ? "file" : "directory") + ": it is a "
                        + (directory ? "directory" : "file") + ", expected the same kind; say output="
                        + (directory ? "directory" : "file") + ", choose another name, or remove it first");
            }
        }
        checkDescription(storage, file ? Sidecar.pathOf(path) : path + "/" + Manifest.NAME);
    }

    /**
     * Checks that it has directories where rows have partitions.
     *
     * @throws IllegalArgumentException when it is one file
     */
    void checkPartitions(WrittenSchema schema) {
        if (file && !schema.partitions().isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot write " + path + " with partitionBy("
                            + schema.partitions().stream()
                                    .map(WrittenPartition::name)
                                    .collect(Collectors.joining(", "))
                            + "): it is one file, expected a directory; choose a name without a suffix, or set output=directory");
        }
    }

    /** A write replaces a sidecar or manifest, and nothing else of that name. */
    private static void checkDescription(Storage storage, String description) throws IOException {
        if (storage.exists(description) && storage.stat(description).directory()) {
            throw new IOException(
                    "Cannot replace " + description + ": it is a directory, expected a regular file; move it away");
        }
    }
}
