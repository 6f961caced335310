package io.memmap.storage;

import java.io.IOException;
import java.nio.file.Files;

/**
 * The staging directory of one writer. A takeover of the writer's lock renames the directory. So a writer that was suspended
 * meanwhile cannot replace or delete by it what its successor has written: each method fails. Where a rename does not replace
 * in one step, that is looked at before, and object stores have no takeover. Driver side.
 */
public record Staging(Storage storage, String path) {

    /** Creates a directory of this name in the staging directory. Returns its path. */
    public String makeDirectory(String name) throws IOException {
        String directory = path + "/" + name;
        if (storage instanceof LocalStorage) {
            Files.createDirectory(LocalStorage.local(directory));
        } else {
            storage.makeDirectory(directory);
        }
        return directory;
    }

    /** Gives a directory of the staging directory, complete and durable, its final name. */
    public void publishDirectory(String directory, String target) throws IOException {
        CommitPoint.publish(storage, directory, target);
    }

    /** Writes a small file that makes a write visible. An interrupt does not reach it. */
    public void publishText(String target, String text) throws IOException {
        if (isWrittenInPlace(target)) {
            SideBySide.uninterruptibly("publish " + target, () -> storage.writeText(target, text));
        } else {
            CommitPoint.publish(storage, storage.stageText(text(), text), target);
        }
    }

    /** Writes a small file, durable when this returns. */
    public void writeText(String target, String text) throws IOException {
        if (isWrittenInPlace(target)) {
            storage.writeText(target, text);
        } else {
            storage.move(storage.stageText(text(), text), target);
        }
    }

    /** Deletes a small file, by a move into the directory where that is one step. */
    public void delete(String target) throws IOException {
        if (isWrittenInPlace(target)) {
            storage.delete(target);
        } else {
            storage.rename(target, HiddenNames.inProgress(text()));
        }
    }

    private boolean isWrittenInPlace(String target) throws IOException {
        if (storage.replacesInOneStep(target)) {
            return false;
        }
        if (!storage.appearsWhenClosed(path) && !storage.exists(path)) {
            throw new IOException("Cannot write " + target + ": the directory " + path
                    + " of this write is gone, expected it" + " until its end; another writer has taken over the lock");
        }
        return true;
    }

    private String text() {
        return path + "/" + HiddenNames.STAGED_TEXT;
    }
}
