package io.memmap.storage;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step by which readers see what a write has staged: one rename. After it the write has succeeded, so what fails then is
 * logged. An interrupt does not reach it. Driver side.
 */
final class CommitPoint {
    private static final Logger LOG = LoggerFactory.getLogger(CommitPoint.class);

    private CommitPoint() {}

    /**
     * Renames a file or directory that is complete and durable, in place of a file of that name.
     *
     * @return false if the new name is not known to be durable
     * @throws IOException when it was not renamed
     */
    static boolean publish(Storage storage, String from, String to) throws IOException {
        return SideBySide.uninterruptibly("publish " + to, () -> {
            String key = storage.stat(from).fingerprint().key();
            try {
                storage.rename(from, to);
            } catch (IOException | RuntimeException e) {
                if (!isRenamed(storage, from, to, key)) {
                    throw e;
                }
                LOG.warn("{}: was renamed, though the file system reported a failure", to, GivenSecrets.hidden(e));
            }
            return isDurable(storage, to, "visible");
        });
    }

    private static boolean isDurable(Storage storage, String path, String state) {
        try {
            storage.sync(Storage.parent(path));
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "{}: {}, not known to be durable, as its directory cannot be flushed",
                    path,
                    state,
                    GivenSecrets.hidden(e));
            return false;
        }
    }

    /** Returns true if a file system did what it reported as failed, as a server does whose answer is lost. */
    private static boolean isRenamed(Storage storage, String from, String to, String key) {
        try {
            return !key.isEmpty()
                    && !storage.exists(from)
                    && storage.stat(to).fingerprint().key().equals(key);
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Deletes a file.
     *
     * @return false if its name may be there again after a power failure
     * @throws IOException when it is still there
     */
    static boolean delete(Storage storage, String path) throws IOException {
        try {
            storage.delete(path);
        } catch (IOException | RuntimeException e) {
            if (storage.exists(path)) {
                throw e;
            }
            LOG.warn("{}: was deleted, though the file system reported a failure", path, GivenSecrets.hidden(e));
        }
        return isDurable(storage, path, "deleted");
    }
}
