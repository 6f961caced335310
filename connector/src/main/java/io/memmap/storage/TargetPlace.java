package io.memmap.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * The file or directory to which the path of a target led when its lock was taken. The lock is on the path: if another
 * directory, or a link, gets the path meanwhile, that one may have a lock of its own, which this writer does not hold. Driver
 * side; its owner closes it.
 *
 * @param real the target, or the path that a link leads to
 * @param key tells a local directory from others; empty for files, which each overwrite replaces, and on other storage
 * @param open the directory, which is kept open so that no other one gets its key; null if there is none to keep
 */
record TargetPlace(Storage storage, String target, String real, String key, DirectoryStream<Path> open)
        implements AutoCloseable {

    static TargetPlace of(Storage storage, String target) throws IOException {
        String real = storage.real(target);
        String key = key(storage, target);
        return new TargetPlace(storage, target, real, key, key.isEmpty() ? null : open(LocalStorage.local(target)));
    }

    @SuppressWarnings("StreamResourceLeak") // closed with this
    private static DirectoryStream<Path> open(Path path) throws IOException {
        try {
            return Files.newDirectoryStream(path);
        } catch (AccessDeniedException | NoSuchFileException | NotDirectoryException e) {
            // It can be written to though not read, or is gone.
            return null;
        }
    }

    private static String key(Storage storage, String target) throws IOException {
        if (!(storage instanceof LocalStorage) || !storage.exists(target)) {
            return "";
        }
        StoredFile file = storage.stat(target);
        return file.directory() ? file.fingerprint().key() : "";
    }

    /**
     * Checks that the path leads to the same place. Nothing at the path is fine.
     *
     * @throws IOException when a link or another directory is there
     */
    void check() throws IOException {
        String realNow = storage.real(target);
        if (!realNow.equals(real)) {
            throw Publication.anotherArray(target, "a link to " + realNow, real);
        }
        String now = key(storage, target);
        if (!key.isEmpty() && !now.isEmpty() && !now.equals(key)) {
            throw Publication.anotherArray(target, "a directory with " + now, "that with " + key);
        }
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }
}
