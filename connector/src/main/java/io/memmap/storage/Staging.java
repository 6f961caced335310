package io.memmap.storage;

import java.io.IOException;
import java.nio.file.Files;

/**
 * The staging directory of one writer. A takeover of the writer's lock renames the directory. So a writer that was suspended
 * meanwhile cannot replace or delete by it what its successor has written: each method fails. On object stores, which have
 * neither takeover nor rename, the methods work without the directory. Driver side.
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
        if (!storage.replacesInOneStep(target)) {
            SideBySide.uninterruptibly("publish " + target, () -> storage.writeText(target, text));
        } else {
            CommitPoint.publish(storage, storage.stageText(text(), text), target);
        }
    }

    /** Writes a small file in one step, durable when this returns. */
    public void writeText(String target, String text) throws IOException {
        if (!storage.replacesInOneStep(target)) {
            storage.writeText(target, text);
        } else {
            storage.move(storage.stageText(text(), text), target);
        }
    }

    /** Moves a small file into the directory, which its writer deletes later. */
    public void delete(String target) throws IOException {
        if (!storage.replacesInOneStep(target)) {
            storage.delete(target);
        } else {
            storage.rename(target, HiddenNames.inProgress(text()));
        }
    }

    private String text() {
        return path + "/" + HiddenNames.STAGED_TEXT;
    }
}
