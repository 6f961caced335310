package io.memmap.storage;

import io.memmap.format.ColumnArray;
import io.memmap.format.Manifest;
import io.memmap.format.PartitionPath;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.AccessDeniedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table that a directory is part of, one of its partitions or the array of one of its columns: the table's manifest,
 * in a directory above, says which of the files are rows. Driver only.
 */
public final class ManifestAbove {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestAbove.class);

    /** Those above partitions, by their paths; empty where none is. A pattern leads to thousands of one table. */
    private final Map<String, Optional<Manifest>> manifests = new HashMap<>();

    /** The same as {@link #tableOf}, of what is there now. */
    public static Optional<String> of(Storage storage, String directory) throws IOException {
        return new ManifestAbove().tableOf(storage, directory);
    }

    /**
     * Returns the directory of the manifest; empty if the directory is part of no table.
     *
     * @throws IOException when a manifest above a partition cannot be read
     */
    Optional<String> tableOf(Storage storage, String directory) throws IOException {
        String path = directory;
        while (PartitionPath.isPartition(Storage.name(path))) {
            path = Storage.parent(path);
            Optional<Manifest> manifest = manifest(storage, path, directory);
            if (manifest.isPresent()) {
                return manifest.filter(Manifest::isPartitioned).isPresent() ? Optional.of(path) : Optional.empty();
            }
        }
        if (!path.equals(directory) || Storage.name(directory).isEmpty()) {
            return Optional.empty();
        }
        String parent = Storage.parent(directory);
        String column = Storage.name(directory) + "/";
        return columns(storage, parent, directory).stream()
                        .anyMatch(array -> array.directory().equals(column))
                ? Optional.of(parent)
                : Optional.empty();
    }

    /** Returns true if the manifest of a table lists a file. */
    public static boolean listsFile(Storage storage, String table, String file) throws IOException {
        String name = file.substring(Storage.withSlash(table).length());
        return storage.readManifest(table + "/" + Manifest.NAME).shards().stream()
                .anyMatch(shard -> shard.name().equals(name));
    }

    /**
     * Returns true if the directory has a manifest that may speak of a file or directory in it. In a directory such as
     * {@code /tmp} any user can make a file of the manifest's name; it says nothing of what other users have there.
     *
     * @param below the file or directory in question, in any depth; it need not exist
     */
    public static boolean isIn(Storage storage, String directory, String below) throws IOException {
        return !isForeign(storage, path(directory), below) && storage.exists(path(directory));
    }

    private static boolean isForeign(Storage storage, String path, String below) throws IOException {
        return storage instanceof LocalStorage
                && LocalPath.isForeign(LocalStorage.local(path), LocalStorage.local(below));
    }

    private Optional<Manifest> manifest(Storage storage, String directory, String below) throws IOException {
        String path = path(directory);
        if (isForeign(storage, path, below)) {
            return Optional.empty();
        }
        if (!manifests.containsKey(path)) {
            manifests.put(path, storage.exists(path) ? Optional.of(storage.readManifest(path)) : Optional.empty());
        }
        return manifests.get(path);
    }

    /** The arrays of columns in a directory above. Permissions may end at the directory below, which can be read. */
    private static List<ColumnArray> columns(Storage storage, String directory, String below) throws IOException {
        String path = path(directory);
        String text;
        try {
            text = isIn(storage, directory, below) ? storage.readText(path, Manifest.MAX_NBYTES) : "";
        } catch (AccessDeniedException | AccessControlException e) {
            return List.of();
        }
        try {
            return text.isEmpty()
                    ? List.of()
                    : Manifest.parse(new StringReader(text), path).columns();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{}: no manifest, so it says nothing of the directories beside it", path, GivenSecrets.hidden(e));
            return List.of();
        }
    }

    private static String path(String directory) {
        return new Path(directory, Manifest.NAME).toString();
    }
}
