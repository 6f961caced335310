package io.memmap.spark.write;

import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.PartitionPath;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import io.memmap.layout.Order;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.Output;
import io.memmap.spark.schema.WrittenPartition;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.WriteKind.Members;
import io.memmap.spark.write.WriteKind.OneFile;
import io.memmap.spark.write.WriteKind.Shards;
import io.memmap.storage.ArrayListing;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.ManifestAbove;
import io.memmap.storage.PathPattern;
import io.memmap.storage.Publication;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The target of a write, and its kind.
 *
 * @param path the file or directory
 * @param file whether it is one file, else a directory of shards
 * @param format of its files
 */
record WriteTarget(String path, boolean file, ArrayFormat format) {
    /** Returns true if files have no header, and a sidecar beside them instead. */
    boolean raw() {
        return !format.describesItself();
    }

    /** Returns true if it is one file of several arrays. */
    boolean container() {
        return format.namesMembers();
    }

    /** The paths of files that its manifest lists. */
    List<String> paths(List<Shard> shards) {
        return shards.stream().map(shard -> path + "/" + shard.name()).toList();
    }

    /** The kind of a write that makes it anew, or adds shards to it, of rows in order. */
    WriteKind kind(MemmapOptions options) {
        if (!file) {
            return new Shards(options.maxRecordsPerFile().orElse(Long.MAX_VALUE));
        }
        return container() ? new Members() : new OneFile();
    }

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
                && options.get(OptionKey.OUTPUT) == Output.AUTO
                && !storage.exists(real.path + "/" + Manifest.NAME)) {
            throw new IllegalArgumentException("Cannot write " + named.path + ": its name ends in ." + misleading.get()
                    + ", and what would be written is a directory of shards; choose another name, such as one that ends"
                    + " in .npy for one file, or set output=directory");
        }
        real.checkReplaced(storage, options, settings);
        return real;
    }

    /**
     * Refuses to make an array of its own kind of a file whose name or bytes say another container, which the options do not
     * ask for.
     *
     * @throws IOException naming the container
     */
    private void checkReplaced(Storage storage, MemmapOptions options, HadoopSettings settings) throws IOException {
        if (!file
                || options.get(OptionKey.CONTAINER).isPresent()
                || ArrayFormats.ofWrittenName(path).isPresent()) {
            return;
        }
        boolean there = storage.exists(path) && !storage.stat(path).directory();
        Optional<ArrayFormat> other = there
                ? ArrayListing.container(path, settings)
                : ArrayFormats.known().ofName(Storage.name(path));
        if (other.isPresent() && !other.get().takesRows()) {
            throw ExistingTarget.unchanging(path, other.get(), null);
        }
    }

    /**
     * The options of what a write makes of it: in a container each column is an array.
     *
     * @throws IllegalArgumentException when they ask for another layout
     */
    MemmapOptions describing(MemmapOptions options) {
        LayoutMode layout = options.layout();
        boolean sideBySide = layout == LayoutMode.SIDE_BY_SIDE;
        if (container() && !sideBySide && layout != LayoutMode.AUTO) {
            throw new IllegalArgumentException("Cannot write " + path + " with layout="
                    + layout.name().toLowerCase(Locale.ROOT) + ": each column is a member of container=" + format.name()
                    + ", expected no layout; write a .npy file for one array of all columns");
        } else if (container() && options.order().orElse(Order.C) == Order.F) {
            throw new IllegalArgumentException("Cannot write " + path + " with order=F: the members of container="
                    + format.name() + " are written in C order, expected no order; write a .npy file, or a directory");
        } else if (container() && !options.partitionBy().isEmpty()) {
            throw new IllegalArgumentException("Cannot write " + path + " with partitionBy("
                    + String.join(", ", options.partitionBy()) + "): container=" + format.name()
                    + " is one file, expected no partitionBy; write a directory");
        } else if (sideBySide && file && !container()) {
            throw new IllegalArgumentException("Cannot write " + path
                    + " with layout=sideBySide: it is one array, expected a directory, or a file of several arrays, whose"
                    + " name ends in .npz");
        }
        return container() ? options.with(OptionKey.LAYOUT, LayoutMode.SIDE_BY_SIDE) : options;
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
        String absolute = Storage.absolute(path, settings);
        if (Storage.isRoot(absolute)) {
            throw new IllegalArgumentException("Cannot write " + absolute
                    + ": it is the root of a file system, and a write"
                    + " is prepared beside its target, expected a path below it, as in " + Storage.withSlash(absolute)
                    + "name");
        }
        Optional<ArrayFormat> named = ArrayFormats.ofWrittenName(path);
        Optional<ArrayFormat> given = options.get(OptionKey.CONTAINER);
        if (given.isPresent() && given.get().writtenSuffixes().isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot write " + path + " with container=" + given.get().name()
                            + ": files of this container are only read, expected container=npy, container=raw or container=npz");
        }
        boolean headerByName = named.isPresent() && named.get().describesItself();
        if (headerByName && given.isPresent() && !given.get().equals(named.get())) {
            throw new IllegalArgumentException("Cannot write " + path + ": container="
                    + given.get().name() + " was given for a name that ends in "
                    + named.get().writtenSuffixes().get(0) + ", expected another suffix such as "
                    + given.get().writtenSuffixes().get(0));
        }
        boolean file = options.get(OptionKey.OUTPUT) == Output.AUTO
                ? named.isPresent()
                : options.get(OptionKey.OUTPUT) == Output.FILE;
        ArrayFormat format = given.or(() -> named.filter(ofName -> file)).orElse(ArrayFormats.ofNewArrays(true));
        if (format.namesMembers() && !file) {
            throw new IllegalArgumentException("Cannot write " + path + " with container=" + format.name()
                    + ": it would be a directory, expected one file; choose a name that ends in "
                    + format.writtenSuffixes().get(0) + ", or set output=file");
        }
        return new WriteTarget(Storage.absolute(path, settings), file, format);
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
        return new WriteTarget(real, file, format);
    }

    /**
     * Checks that its path, which was no link when the write was planned, is none now.
     *
     * @throws IOException naming the file or directory that it leads to
     */
    void checkNoLink(Storage storage) throws IOException {
        String real = storage.real(path);
        if (!real.equals(path)) {
            throw Publication.anotherArray(path, "a link to " + real, "no link");
        }
    }

    /** The same path, with headers in its files if those that are there have some, unless the options say it. */
    WriteTarget like(Optional<ShardedArray> found, MemmapOptions options) {
        return found.isPresent() && options.get(OptionKey.CONTAINER).isEmpty()
                ? new WriteTarget(
                        path,
                        file,
                        ArrayFormats.ofNewArrays(!found.get().first().header().isEmpty()))
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
                        + (directory ? "directory" : "file") + ", expected the same kind; set output="
                        + (directory ? "directory" : "file") + ", choose another name, or remove it first");
            }
        }
        if (!file) {
            checkNotListed(storage);
        }
        checkDescription(storage, file ? Sidecar.pathOf(path) : path + "/" + Manifest.NAME);
    }

    /**
     * Checks that no manifest above it says which files and rows a table has of it: a write here would contradict it.
     *
     * @throws IOException naming the directory of the manifest
     */
    void checkNotListed(Storage storage) throws IOException {
        Optional<String> table = tableAbove(storage);
        if (table.isPresent()) {
            throw new IOException("Cannot " + (file ? "append to " : "write to ") + path + ": " + table.get()
                    + (file
                            ? " lists it with its number of rows, expected a file of its own; append to the directory"
                            : " lists the files of its table, expected a directory of its own; write to the table "
                                    + (PartitionPath.isPartition(Storage.name(path))
                                            ? "with partitionBy"
                                            : "rows of all its columns")));
        }
    }

    /** The directory of the manifest that says which files here are rows of a table. */
    private Optional<String> tableAbove(Storage storage) throws IOException {
        String directory = file ? Storage.parent(path) : path;
        boolean shard = file && ManifestAbove.isIn(storage, directory, path);
        return shard ? Optional.of(directory) : ManifestAbove.of(storage, directory);
    }

    /**
     * Checks that no manifest lists this very file with its number of rows, which a write in its place would change.
     *
     * @throws IOException naming the directory of the manifest
     */
    void checkNoShard(Storage storage) throws IOException {
        Optional<String> table = tableAbove(storage);
        if (table.isPresent() && ManifestAbove.listsFile(storage, table.get(), path)) {
            throw new IOException("Cannot write " + path + ": " + table.get()
                    + " lists it with its number of rows, expected a file of its own; write to the directory, or use"
                    + " UPDATE to change rows");
        }
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
