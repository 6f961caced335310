package io.memmap.storage;

import io.memmap.format.Sidecar;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit of one {@link TargetChange}. What it answers is what readers see: a change that fails is undone, and one that can
 * neither be made nor undone leaves its record to readers. Driver side, under the target's lock.
 */
record LocalCommit(LocalStorage storage, Path path, LocalChange change, ChangeRecord record) {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCommit.class);

    /**
     * Makes a change.
     *
     * @throws IOException when it is not made; readers see the file as it was, unless {@link Recovery#isHalfMade}
     */
    static void commit(LocalStorage storage, Path path, TargetChange change) throws IOException {
        try (LocalDirectory home = LocalDirectory.open(path.getParent())) {
            ChangeRecord record = change.record(
                    home.smallText(Sidecar.pathOf(path.getFileName().toString())));
            try (LocalChange opened = LocalChange.open(storage, path, home, record)) {
                opened.checkSameFile();
                opened.prepare();
                checkOnlyName(path);
                new LocalCommit(storage, path, opened, record).run();
            }
        }
    }

    /** The record of a change is beside one name of the file. By another name readers would take a half-made change for data. */
    static void checkOnlyName(Path path) throws IOException {
        int names = LocalPath.nameCount(path);
        if (names > 1) {
            throw new IOException("Cannot change " + path + " in place: it has " + names
                    + " names (hard links), expected one, as a reader by another name would not see that the change is"
                    + " unfinished; copy it to a file of its own first, as in cp " + path + " " + path + ".tmp && mv "
                    + path + ".tmp " + path + ", or overwrite it");
        }
    }

    /** Makes the change, of which all is staged. */
    void run() throws IOException {
        try {
            make();
        } catch (IOException e) {
            if (!isMadeDespite(e)) {
                throw new IOException("Cannot change file:" + path + ": " + e.getMessage(), e);
            }
        } catch (RuntimeException e) {
            if (!isMadeDespite(e)) {
                throw e;
            }
        }
    }

    /**
     * The records come from the staging directory, by its path. A writer that was suspended until its lock was taken over,
     * and its directory renamed, so fails before it has changed anything.
     */
    private void make() throws IOException {
        String target = path.toString();
        String stage = path.resolveSibling(record.staging()) + "/" + HiddenNames.STAGED_TEXT;
        if (!record.pieces().isEmpty()) {
            storage.move(LocalRecord.stage(storage, target, record, stage), Storage.record(target));
            change.append();
        }
        if (!record.patches().isEmpty()) {
            change.beginUpdate(stage);
        }
        change.apply();
        LocalRecord.remove(storage, path);
    }

    /**
     * Undoes a change that failed. Returns true if it could not be undone, and readers see all of it.
     *
     * @param cause gets what fails meanwhile as suppressed exceptions
     */
    private boolean isMadeDespite(Exception cause) {
        try {
            rollBack();
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        try {
            LocalRecord left = LocalRecord.of(path);
            if ((left == null || left.isHarmless()) && change.progress().isMade()) {
                LOG.warn("{}: changed, not known to be durable", path, GivenSecrets.hidden(cause));
                return true;
            }
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        return false;
    }

    private void rollBack() throws IOException {
        LocalRecord left = LocalRecord.of(path);
        if (left == null || !left.isOf(record)) {
            return;
        }
        LocalChange.Progress progress = change.progress();
        if (progress.isLonger() || progress.isBegun()) {
            change.undo();
        }
        LocalRecord.remove(storage, path);
    }
}
