package io.memmap.spark.write;

import io.memmap.format.ArrayFile;
import io.memmap.format.ArrayFormat;
import io.memmap.format.Claims;
import io.memmap.format.Claims.Source;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.PartitionPath;
import io.memmap.format.Reading;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.SidecarUse;
import io.memmap.spark.schema.ExistingArray;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.ArrayFinder;
import io.memmap.storage.ArrayListing;
import io.memmap.storage.EmptyDirectoryException;
import io.memmap.storage.FoundFiles;
import io.memmap.storage.GivenSecrets;
import io.memmap.storage.Storage;
import io.memmap.storage.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The array or directory that a write finds at its target.
 *
 * @param array empty when it is a directory without any array
 * @param partitionBy the columns that its directories say, outermost first
 * @param partitionTypes SQL's names of the types that the manifest declares for them, by their names
 * @param home the directory, as the paths of its files begin
 * @param sideBySide columns that are an array each; {@code array} is empty then
 * @param unreadable the manifest of an array that cannot be read, or was dropped
 */
record ExistingTarget(
        Optional<ShardedArray> array,
        List<String> partitionBy,
        Map<String, String> partitionTypes,
        String home,
        boolean hasManifest,
        Optional<Columns> sideBySide,
        Optional<Manifest> unreadable) {
    /**
     * Arrays side by side.
     *
     * @param manifest which lists the files of all
     * @param first the array of the first column
     */
    record Columns(Manifest manifest, ShardedArray first) {}

    static final ExistingTarget NOTHING =
            new ExistingTarget(Optional.empty(), List.of(), Map.of(), "", false, Optional.empty(), Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(ExistingTarget.class);

    /** The options of a write describe no array that is there; they are compared with it. */
    private static final Claims NO_CLAIMS = new Claims(Source.OPTIONS, null, null, null, null, null, List.of(), null);

    /**
     * Looks at a target.
     *
     * @return empty when nothing is there
     * @throws IOException when something is there that is no array
     */
    static Optional<ExistingTarget> of(Storage storage, WriteTarget target, WriteContext context) throws IOException {
        return of(storage, target, context, NO_CLAIMS);
    }

    /** The same, where the options describe the array. */
    static Optional<ExistingTarget> of(Storage storage, WriteTarget target, WriteContext context, Claims claims)
            throws IOException {
        if (!storage.exists(target.path())) {
            checkNoColumns(storage, target);
            return Optional.empty();
        }
        if (!isThere(storage, target.path())) {
            return Optional.of(NOTHING);
        }
        StoredFile home = storage.stat(target.path());
        Reading reading = reading(context.options(), claims);
        FoundFiles files = search(target.path(), reading, context);
        if (!files.columns().isEmpty()) {
            List<ShardedArray> arrays = files.describeAll(reading);
            for (ShardedArray column : arrays) {
                checkWritable(column);
            }
            Columns columns = new Columns(storage.readManifest(target.path() + "/" + Manifest.NAME), arrays.get(0));
            return Optional.of(new ExistingTarget(
                    Optional.empty(), List.of(), Map.of(), home.path(), true, Optional.of(columns), Optional.empty()));
        }
        checkAlike(files.partitions(), target.path());
        ShardedArray array = described(storage, files, target, context, reading);
        checkWritable(array);
        return Optional.of(new ExistingTarget(
                Optional.of(array),
                files.partitions().get(0).names(),
                files.partitionTypes(),
                home.path(),
                home.directory() && storage.exists(target.path() + "/" + Manifest.NAME),
                Optional.empty(),
                Optional.empty()));
    }

    private static FoundFiles search(String path, Reading reading, WriteContext context) throws IOException {
        try {
            return new ArrayFinder(context.settings(), reading, null, false, null, context.headers())
                    .search(List.of(path));
        } catch (EmptyDirectoryException e) {
            throw new IOException(
                    "Cannot write to " + path + ": " + e.found()
                            + ", expected an empty directory, or one with an array; choose a path of its own for the array",
                    e);
        }
    }

    /** Refuses the name of a table of arrays side by side, which its sidecar describes. */
    static void checkNoColumns(Storage storage, WriteTarget target) throws IOException {
        String sidecar = Sidecar.pathOf(target.path());
        if (storage.exists(sidecar) && Sidecar.columnPaths(storage.readText(sidecar), sidecar) != null) {
            throw new IOException("Cannot write to " + target.path() + ": " + sidecar
                    + " describes arrays side by side, expected one array; write each of them by its own path, or remove"
                    + " the sidecar");
        }
    }

    /** A container of several arrays cannot be described without the option {@code member}, and need not. */
    private static ShardedArray described(
            Storage storage, FoundFiles files, WriteTarget target, WriteContext context, Reading reading)
            throws IOException {
        try {
            return files.describeAll(reading).get(0);
        } catch (IOException e) {
            Optional<ArrayFormat> container = storage.stat(target.path()).directory()
                    ? Optional.empty()
                    : ArrayListing.container(target.path(), context.settings());
            if (container.isPresent() && !container.get().takesRows()) {
                throw unchanging(target.path(), container.get(), e);
            }
            throw e;
        }
    }

    /** The refusal to change a file of a format that takes no rows. */
    static IOException unchanging(String what, ArrayFormat container, IOException cause) {
        return new IOException(
                "Cannot write to " + what + ": files of container=" + container.name()
                        + (container.writtenSuffixes().isEmpty()
                                ? " are only read, expected a .npy file, a raw one or a directory of them; write a new array,"
                                        + " such as a path that ends in .npy, or remove the file first"
                                : " are written as a whole, expected a .npy file, a raw one or a directory of them;"
                                        + " CREATE OR REPLACE TABLE ... AS SELECT or mode(\"overwrite\") of save(path) replaces"
                                        + " the file"),
                cause);
    }

    /**
     * Refuses arrays of containers that take no rows: neither they nor their files are changed.
     *
     * @throws IOException naming the container
     */
    static void checkWritable(ShardedArray array) throws IOException {
        for (ArrayFile file : array.shards()) {
            if (!file.isWritable()) {
                throw unchanging(file.shownName(), file.format(), null);
            }
        }
    }

    /** Returns true if a path is more than a directory without any array. */
    static boolean isThere(Storage storage, String path) throws IOException {
        return storage.exists(path)
                && (!storage.stat(path).directory()
                        || storage.list(path).stream()
                                .anyMatch(file -> !file.hidden()
                                        || file.name().equals(Manifest.NAME)
                                        || (file.directory() && StoredFile.isHiddenPartition(file.name()))));
    }

    /**
     * Checks that all directories say the same columns.
     *
     * @throws IOException naming two that do not
     */
    private static void checkAlike(List<PartitionPath> partitions, String target) throws IOException {
        PartitionPath first = partitions.get(0);
        for (PartitionPath other : partitions) {
            if (!other.names().equals(first.names())) {
                throw new IOException(
                        "Cannot write to " + target + ": " + first.directory() + " has the partition columns "
                                + first.names() + ", and " + other.directory() + " " + other.names()
                                + ", expected the same; move what does not belong there");
            }
        }
    }

    private static Reading reading(MemmapOptions options, Claims claims) {
        return new Reading(
                claims,
                null,
                options.get(OptionKey.TRAILING_BYTES),
                options.get(OptionKey.SIDECAR) != SidecarUse.IGNORE,
                options.get(OptionKey.MAX_HEADER_NBYTES),
                null);
    }

    /**
     * Looks at a target whose rows will be replaced. The files that its manifest lists are replaced even if they cannot be
     * read any more: left alone, they would be an array again without the manifest.
     *
     * @throws IOException when something is there that no manifest calls an array, or a manifest that cannot be read
     */
    static Optional<ExistingTarget> replaced(Storage storage, WriteTarget target, WriteContext context)
            throws IOException {
        try {
            return of(storage, target, context);
        } catch (IOException | IllegalArgumentException e) {
            if (!storage.exists(target.path() + "/" + Manifest.NAME)) {
                throw e;
            }
            LOG.warn("{}: overwriting what cannot be read", target.path(), GivenSecrets.hidden(e));
            return Optional.of(new ExistingTarget(
                    Optional.empty(), List.of(), Map.of(), "", true, Optional.empty(), manifestOf(storage, target)));
        }
    }

    /**
     * Reads the manifest of a target whose rows will be replaced.
     *
     * @return empty when there is none
     * @throws IOException when there is one that cannot be read
     */
    static Optional<Manifest> manifestOf(Storage storage, WriteTarget target) throws IOException {
        String path = target.path() + "/" + Manifest.NAME;
        try {
            return storage.exists(path) ? Optional.of(storage.readManifest(path)) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "Cannot overwrite " + target.path() + ": its manifest cannot be read (" + e.getMessage()
                            + "), so nothing says which files it lists, and these would be rows again without it; expected"
                            + " a manifest of this release. Restore it, or remove the directory",
                    e);
        }
    }

    /** The files of a directory as its manifest lists them, or would. */
    List<Shard> shards() {
        Optional<Manifest> listed = unreadable.or(() -> sideBySide.map(Columns::manifest));
        if (listed.isPresent()) {
            return listed.get().shards();
        }
        List<Shard> shards = new ArrayList<>();
        for (ArrayFile file : array.map(ShardedArray::shards).orElse(List.of())) {
            Layout first = array.get().first().layout();
            Layout own = file.layout();
            shards.add(new Shard(
                    file.path().startsWith(home + "/")
                            ? file.path().substring(home.length() + 1)
                            : Storage.name(file.path()),
                    own.rowCount(),
                    own.dtype().equals(first.dtype()) ? Optional.empty() : Optional.of(own.dtype()),
                    own.order() == first.order() ? Optional.empty() : Optional.of(own.order())));
        }
        return shards;
    }

    /** The array, for a write to it. */
    Optional<ExistingArray> existing(String path) {
        return sideBySide
                .map(Columns::manifest)
                .map(manifest -> new ExistingArray(
                        path,
                        manifest.dtype(),
                        manifest.trailingShape(),
                        manifest.order().orElse(Order.C),
                        List.of(),
                        manifest.layout(),
                        List.of()))
                .or(() -> array.map(found -> ExistingArray.of(found, path, partitionBy)));
    }

    /** A manifest for a directory that has none; empty where it has no array either. */
    Optional<Manifest> manifest() {
        return unreadable
                .or(() -> sideBySide.map(Columns::manifest))
                .or(() -> array.map(found -> {
                    Layout layout = found.first().layout();
                    return new Manifest(
                                    layout.dtype(),
                                    layout.shape().trailing(),
                                    Optional.of(layout.order()),
                                    found.columnNames(),
                                    found.layout(),
                                    shards())
                            .withPartitionTypes(partitionTypes);
                }));
    }
}
