package io.memmap.storage;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step by which readers see what a write has staged: one rename. After it the write has succeeded, so what fails then is
 * logged. An interrupt does not reach it. Driver side.
 */
public final class CommitPoint {
    private static final Logger LOG = LoggerFactory.getLogger(CommitPoint.class);

    private CommitPoint() {}

    /**
     * Renames a file or directory that is complete and durable, in place of a file of that name.
     *
     * @throws IOException when it was not renamed
     */
    public static void publish(Storage storage, String from, String to) throws IOException {
        SideBySide.undisturbed("publish " + to, () -> {
            String key = storage.stat(from).fingerprint().key();
            try {
                storage.rename(from, to);
            } catch (IOException e) {
                if (!isRenamed(storage, from, to, key)) {
                    throw e;
                }
                LOG.warn("{}: was renamed, though the file system reported a failure", to, e);
            }
            try {
                storage.sync(Storage.parent(to));
            } catch (IOException e) {
                LOG.warn("{}: visible, not known to be durable, as its directory cannot be flushed", to, e);
            }
            return null;
        });
    }

    /** Returns true if a file system did what it reported as failed, as a server does whose answer is lost. */
    private static boolean isRenamed(Storage storage, String from, String to, String key) {
        try {
            return !key.isEmpty()
                    && !storage.exists(from)
                    && storage.stat(to).fingerprint().key().equals(key);
        } catch (IOException e) {
            return false;
        }
    }
}
