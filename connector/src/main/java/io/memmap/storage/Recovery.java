package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.PartitionPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finishes or discards a change whose writer died, or failed, between its {@link ChangeRecord} and its end. Readers only look for
 * the record. Writers make the change to its end, or undo it, when they have the target's lock. Driver side, but for
 * {@link #checkUnpatched}.
 */
public final class Recovery {
    /** The number of files of one directory from which it is listed instead. */
    private static final int MANY_FILES = 100;

    /** The two endings of a change. */
    public enum Ending {
        /** The new bytes are written. */
        FINISH,
        /** The old bytes are written back. */
        DISCARD
    }

    private Recovery() {}

    /** Returns true if a change to this target was begun and is neither finished nor undone. */
    public static boolean isPending(Storage storage, String target) throws IOException {
        return storage instanceof LocalStorage && LocalRecord.isBeside(LocalStorage.local(target));
    }

    /** Returns true if a change to this target is pending because of which its readers get an error. */
    public static boolean isHalfMade(Storage storage, String target) throws IOException {
        LocalRecord record = isPending(storage, target) ? LocalRecord.of(LocalStorage.local(target)) : null;
        return record != null && !record.isHarmless();
    }

    /**
     * For readers, when they plan: looks for changes that leave the rows of local files neither old nor new.
     *
     * @throws PendingChangeException naming such a file
     */
    public static void checkReadable(List<ArrayFile> files) throws IOException {
        Map<Path, Map<Path, ArrayFile>> directories = new LinkedHashMap<>();
        for (ArrayFile file : files) {
            if (Storage.isLocal(file.path())) {
                Path path = LocalStorage.real(LocalStorage.local(file.path()));
                directories
                        .computeIfAbsent(path.getParent(), missing -> new LinkedHashMap<>())
                        .put(path, file);
            }
        }
        SideBySide.each(
                "look for changes that are not finished",
                directories.entrySet(),
                directory -> checkReadable(directory.getKey(), directory.getValue()));
    }

    /** Lists the directory of many files once: to look for the record of each takes longer than all the rest of a plan. */
    private static void checkReadable(Path directory, Map<Path, ArrayFile> files) throws IOException {
        boolean listed = files.size() >= MANY_FILES && Files.isReadable(directory);
        Set<String> records = listed ? LocalRecord.names(directory) : null;
        for (Map.Entry<Path, ArrayFile> file : files.entrySet()) {
            if (records == null || records.contains(LocalRecord.name(file.getKey()))) {
                LocalRecord record = LocalRecord.of(file.getKey());
                if (record != null && !record.leavesWhole(file.getValue())) {
                    throw record.pending();
                }
            }
        }
    }

    /** Throws when a change that is not finished may be why a file cannot be described. */
    static void checkDescribed(Storage storage, String path, Exception cause) throws PendingChangeException {
        if (!(storage instanceof LocalStorage)) {
            return;
        }
        LocalRecord record = null;
        try {
            record = LocalRecord.of(LocalStorage.local(storage.real(path)));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        if (record != null) {
            PendingChangeException pending = record.pending();
            pending.addSuppressed(cause);
            throw pending;
        }
    }

    /**
     * For the tasks of a read, whose rows were whole when it was planned: appended rows do them no harm.
     *
     * @param real no link
     */
    static void checkUnpatched(Path real) throws IOException {
        LocalRecord record = LocalRecord.of(real);
        if (record != null && record.changesRows()) {
            throw record.pending();
        }
    }

    /**
     * For writers, before they plan: ends a change whose writer is gone.
     *
     * @param owner the text of the lock
     * @param breakOthers whether the lock of another writer is taken over
     * @throws IOException when there is one that cannot be ended from here
     */
    public static void settle(Storage storage, String target, String owner, boolean breakOthers) throws IOException {
        if (isPending(storage, target)) {
            TargetLock.take(storage, target, owner, breakOthers).release();
        }
    }

    /** Ends a change of a dead writer of this user. Needs the target's lock. */
    static void settle(Storage storage, String target) throws IOException {
        if (!isPending(storage, target)) {
            return;
        }
        try {
            try (LocalRecord.Opened opened = LocalRecord.open((LocalStorage) storage, target)) {
                opened.checkOwn();
                opened.settle();
            }
        } catch (IOException e) {
            throw refused("Cannot write ", target, e);
        }
    }

    private static IOException refused(String verb, String target, IOException cause) {
        return new PendingChangeException(
                verb + target + ": its unfinished change, of which " + Storage.record(target)
                        + " tells, cannot be ended: " + cause.getMessage()
                        + "; expected the file as its writer left it, and a record of this user. Restore the file, use"
                        + " MemmapRecovery.finish or discard, or remove the record to keep the file as it is",
                cause);
    }

    /**
     * Ends the change of a file, or of all files in a directory, on demand.
     *
     * @param owner the text of the lock
     * @return false when there is no such change
     * @throws IOException when a file was changed by another writer since, or its writer lives
     */
    public static boolean end(Ending ending, String path, HadoopSettings settings, String owner) throws IOException {
        String absolute = Storage.absolute(path, settings);
        Storage storage = Storage.of(absolute, settings);
        String target = storage.real(absolute);
        List<String> targets = new ArrayList<>();
        if (isLeft(storage, target)) {
            targets.add(target);
        } else if (storage.stat(target).directory()) {
            addChanged(storage, target, targets);
        }
        for (String each : targets) {
            TargetLock lock = TargetLock.takeForRecovery(storage, each, owner);
            try {
                SideBySide.uninterruptibly("end the change of " + each, () -> end(ending, storage, each));
            } finally {
                lock.release();
            }
        }
        return !targets.isEmpty();
    }

    /** Adds the files in a directory, its partitions and its columns. */
    private static void addChanged(Storage storage, String directory, List<String> targets) throws IOException {
        for (StoredFile child : storage.list(directory)) {
            String path = directory + "/" + child.name();
            if (child.directory()) {
                boolean ours = PartitionPath.isPartition(child.name())
                        || (!child.hidden() && ManifestAbove.of(storage, path).isPresent());
                if (ours && storage.real(path).equals(path)) {
                    addChanged(storage, path, targets);
                }
            } else if (!child.hidden() && isLeft(storage, path)) {
                targets.add(path);
            }
        }
    }

    private static boolean isLeft(Storage storage, String target) throws IOException {
        return isPending(storage, target) || Replacement.isInTransit(storage, target);
    }

    private static void end(Ending ending, Storage storage, String target) throws IOException {
        if (isPending(storage, target)) {
            try (LocalRecord.Opened opened = LocalRecord.open((LocalStorage) storage, target)) {
                opened.end(ending);
            } catch (IOException e) {
                throw refused("Cannot recover ", target, e);
            }
        }
        Replacement.settle(storage, target);
    }
}
