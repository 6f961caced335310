package io.memmap.storage;

import io.memmap.format.ColumnArray;
import io.memmap.format.Manifest;
import io.memmap.format.PartitionPath;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.AccessDeniedException;
import java.util.List;
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

    private ManifestAbove() {}

    /**
     * Returns the directory of the manifest; empty if the directory is part of no table.
     *
     * @throws IOException when a manifest above a partition cannot be read
     */
    public static Optional<String> of(Storage storage, String directory) throws IOException {
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

    /** Returns true if the manifest of a table lists files in a directory below the table's. */
    static boolean lists(Storage storage, String table, String directory) throws IOException {
        String below =
                Storage.withSlash(directory.substring(Storage.withSlash(table).length()));
        return storage.readManifest(table + "/" + Manifest.NAME).shards().stream()
                .anyMatch(shard -> shard.directory().startsWith(below));
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
        String path = path(directory);
        boolean foreign = storage instanceof LocalStorage
                && LocalPath.isForeign(LocalStorage.local(path), LocalStorage.local(below));
        return !foreign && storage.exists(path);
    }

    private static Optional<Manifest> manifest(Storage storage, String directory, String below) throws IOException {
        return isIn(storage, directory, below) ? Optional.of(storage.readManifest(path(directory))) : Optional.empty();
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
