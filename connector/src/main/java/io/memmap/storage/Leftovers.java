package io.memmap.storage;

import io.memmap.format.Manifest;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that dead writers left beside their target: staging directories, and files that were to replace another one. They
 * are recognised by name, content, and on local disks by their owner. Driver side, under the target's lock.
 */
public final class Leftovers {
    /** A directory that has a manifest itself is an array that got the name of a staging directory. */
    private static final String ARRAY = "it is an array with a manifest";

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private Leftovers() {}

    /** Finds what of a target is this user's, and certainly of a write. All else stays. */
    public static List<StoredFile> of(Storage storage, String target) throws IOException {
        String name = Storage.name(target);
        List<StoredFile> found = new ArrayList<>();
        for (StoredFile file : storage.list(Storage.parent(target))) {
            boolean staging = HiddenNames.isStaging(file.name(), name);
            if (!staging && !HiddenNames.isInProgress(file.name(), name)) {
                continue;
            }
            String problem = storage instanceof LocalStorage
                    ? localProblem(LocalStorage.local(file.path()), staging)
                    : problem(storage, file, staging, false);
            if (problem == null) {
                found.add(file);
            } else {
                LOG.warn("{}: {} is left alone, as {}", target, file.path(), problem);
            }
        }
        return found;
    }

    private static String localProblem(Path path, boolean staging) throws IOException {
        try (LocalDirectory home = LocalDirectory.open(path.getParent())) {
            String name = path.getFileName().toString();
            PosixFileAttributes attributes = home.attributes(name);
            if (!attributes.owner().equals(LocalPath.user())) {
                return "it belongs to " + attributes.owner().getName();
            }
            if (!staging) {
                return attributes.isRegularFile() ? null : "it is no file";
            }
            if (!attributes.isDirectory()) {
                return "it is no directory";
            }
            try (LocalDirectory directory = home.directory(name)) {
                return strangeInStaging(directory);
            }
        } catch (NoSuchFileException e) {
            return "it is gone";
        } catch (AccessDeniedException e) {
            return "permission is denied on it, or in it";
        }
    }

    /**
     * Checks that a local directory holds only what a write stages.
     *
     * @throws IOException naming what else it holds
     */
    static void checkStaged(LocalDirectory directory) throws IOException {
        String strange = strangeInStaging(directory);
        if (strange != null) {
            throw new IOException("Cannot delete " + directory.path() + ": " + strange
                    + ", expected only what a write stages; move it away");
        }
    }

    private static String strangeInStaging(LocalDirectory directory) throws IOException {
        return directory.contains(Manifest.NAME) ? ARRAY : strangeIn(directory, false);
    }

    /**
     * A task that still runs may remove its files meanwhile.
     *
     * @param array whether it is in a new array, whose shards are in directories of any name: partitions and columns
     */
    private static String strangeIn(LocalDirectory directory, boolean array) throws IOException {
        for (String name : directory.names()) {
            Optional<PosixFileAttributes> found = directory.find(name);
            if (found.isEmpty()) {
                continue;
            }
            boolean isDirectory = found.get().isDirectory();
            if (!HiddenNames.isStaged(name) && !(array && isDirectory)) {
                return "no write has made " + name + " in it";
            }
            if (isDirectory) {
                try (LocalDirectory below = directory.directory(name)) {
                    String strange = strangeIn(below, array || name.equals(HiddenNames.STAGED_ARRAY));
                    if (strange != null) {
                        return strange;
                    }
                }
            }
        }
        return null;
    }

    private static String problem(Storage storage, StoredFile file, boolean staging, boolean array) throws IOException {
        if (file.directory() != staging) {
            return "it is " + (staging ? "no" : "a") + " directory";
        }
        if (staging) {
            for (StoredFile child : storage.list(file.path())) {
                if (!array && child.name().equals(Manifest.NAME)) {
                    return ARRAY;
                }
                if (!HiddenNames.isStaged(child.name()) && !(array && child.directory())) {
                    return "no write has made " + child.name() + " in it";
                }
                boolean inArray = array || child.name().equals(HiddenNames.STAGED_ARRAY);
                String below = child.directory() ? problem(storage, child, true, inArray) : null;
                if (below != null) {
                    return below;
                }
            }
        }
        return null;
    }
}
