package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.format.Sidecar;
import io.memmap.memory.LocalPath;
import io.memmap.storage.ChangeRecord.Kind;
import io.memmap.storage.LocalChange.OtherFileException;
import io.memmap.storage.LocalChange.Progress;
import io.memmap.storage.Recovery.Ending;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of a change that lies beside a local target, made by whom it may: what it says is believed as far as the file
 * itself bears it out.
 *
 * @param record null where it cannot be read
 * @param problem why it cannot be read, else null
 * @param untouched whether no byte of the target has changed in place since the record was written
 */
record LocalRecord(Path target, ChangeRecord record, IOException problem, boolean untouched) {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRecord.class);

    /** Returns true if there is one, whatever it says. */
    static boolean isBeside(Path target) {
        return Files.exists(target.resolveSibling(name(target)), LinkOption.NOFOLLOW_LINKS);
    }

    /** Looks for one, by one look at the directory where there is none; null where nothing tells of a change. */
    static LocalRecord of(Path path) throws IOException {
        if (!isBeside(path)) {
            return null;
        }
        try (LocalDirectory home = LocalDirectory.open(path.getParent())) {
            String name = name(path);
            PosixFileAttributes written = home.attributes(name);
            PosixFileAttributes found = attributes(path);
            if (!LocalPath.mayWrite(written.owner(), path.resolveSibling(name), found)) {
                LOG.warn("{}: {} is of a user who cannot change the file, and is left alone", path, name);
                return null;
            }
            LocalRecord record = read(home, path);
            return record.record != null && isUntouched(record.record, written, found)
                    ? new LocalRecord(path, record.record, null, true)
                    : record;
        } catch (NoSuchFileException e) {
            // The change has ended meanwhile.
            return null;
        }
    }

    /** The attributes of a target. An NFS client asks its server for them when the file is opened. */
    private static PosixFileAttributes attributes(Path path) throws IOException {
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class);
        if (!found.isRegularFile()) {
            return found;
        }
        try (FileChannel opened = FileChannel.open(path, StandardOpenOption.READ)) {
            return opened.isOpen() ? Files.readAttributes(path, PosixFileAttributes.class) : found;
        } catch (AccessDeniedException e) {
            return found;
        }
    }

    /**
     * Returns true if the target has the time of modification that it had before its first byte was to change in place. The
     * record is newer, so a change after it would have set a later time.
     */
    private static boolean isUntouched(ChangeRecord record, PosixFileAttributes written, PosixFileAttributes target) {
        Fingerprint found = LocalStorage.fingerprint(target, target.size());
        return found.equals(new Fingerprint(
                        record.before().key(),
                        record.after().nbytes(),
                        record.after().modified()))
                && written.lastModifiedTime().compareTo(target.lastModifiedTime()) > 0;
    }

    /** The names in a directory that a record may have. */
    static Set<String> names(Path directory) throws IOException {
        return LocalListing.children(directory).stream()
                .map(child -> child.getFileName().toString())
                .filter(name -> name.endsWith(HiddenNames.RECORD))
                .collect(Collectors.toSet());
    }

    /** The plain name of a target's record. */
    static String name(Path target) {
        return HiddenNames.of(target.getFileName().toString()) + HiddenNames.RECORD;
    }

    /** Writes what shall become the record of a change beside {@code stage}, durable when this returns. Returns its path. */
    static String stage(LocalStorage storage, String target, ChangeRecord record, String stage) throws IOException {
        String json = record.toJson();
        if (json.length() > ChangeRecord.MAX_NBYTES) {
            throw new IOException("Cannot change " + target + ": the record of the change has " + json.length()
                    + " bytes, expected at most " + ChangeRecord.MAX_NBYTES + "; write fewer partitions");
        }
        return storage.stageText(stage, json);
    }

    /** Removes the record of a change that has ended. */
    static void remove(LocalStorage storage, Path target) throws IOException {
        storage.delete(Storage.record(target.toString()));
        try {
            DirectorySync.sync(target.getParent());
        } catch (IOException e) {
            LOG.warn(
                    "{}: changed, but after a power failure its record may be there again",
                    target,
                    GivenSecrets.hidden(e));
        }
    }

    private static LocalRecord read(LocalDirectory home, Path path) throws NoSuchFileException {
        try {
            String text = home.smallText(name(path)).orElseThrow(() -> new NoSuchFileException(name(path)));
            return new LocalRecord(
                    path, ChangeRecord.parse(text, path.getFileName().toString()), null, false);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            return new LocalRecord(path, null, e, false);
        }
    }

    /** Returns true if rows that were there may be old, new or both. */
    boolean changesRows() {
        return record == null || (record.kind() == Kind.UPDATE && !untouched);
    }

    /** Returns true if this is the record of a change, or cannot be read. */
    boolean isOf(ChangeRecord change) {
        return record == null || record.staging().equals(change.staging());
    }

    /** Returns true if the rows of a file, as a reader has just found it, are all old or all new. */
    boolean leavesWhole(ArrayFile file) throws IOException {
        if (changesRows()) {
            return false;
        }
        if (!file.header().isEmpty()) {
            ByteString head = head();
            return head.equals(record.headBefore()) || head.equals(record.head());
        }
        return file.fingerprint().nbytes() == record.nbytesBefore();
    }

    /** The same for the writer of the change: returns true if the file and its sidecar are both old, or both new. */
    boolean isHarmless() throws IOException {
        if (changesRows()) {
            return false;
        }
        LocalStorage storage = new LocalStorage();
        String path = Sidecar.pathOf(target.toString());
        Optional<String> sidecar = storage.exists(path) ? Optional.of(storage.readText(path)) : Optional.empty();
        if (record.head().isEmpty()) {
            return Files.size(target) == record.nbytesBefore() && sidecar.equals(record.sidecarBefore());
        }
        ByteString head = head();
        return (head.equals(record.headBefore()) && sidecar.equals(record.sidecarBefore()))
                || (head.equals(record.head()) && sidecar.equals(record.sidecarAfter()));
    }

    private ByteString head() throws IOException {
        return ByteString.of(
                new LocalStorage().read(target.toString(), 0, record.head().length()));
    }

    PendingChangeException pending() {
        if (record == null) {
            return new PendingChangeException(
                    "Cannot read " + target + ": beside it lies " + name(target)
                            + ", which tells of an unfinished change and cannot be read (" + problem.getMessage()
                            + "); its rows may be old, new or both, expected no record; make sure that the array is whole,"
                            + " then remove the record",
                    problem);
        }
        return PendingChangeException.of(target.toString(), record);
    }

    /** Opens a record to end its change. Needs the target's lock. */
    static Opened open(LocalStorage storage, String target) throws IOException {
        Path path = LocalStorage.local(target);
        LocalDirectory home = LocalDirectory.open(path.getParent());
        try {
            LocalRecord found = read(home, path);
            if (found.problem != null) {
                throw found.problem;
            }
            return new Opened(storage, home, path, found.record);
        } catch (IOException | RuntimeException e) {
            home.close();
            throw e;
        }
    }

    /** A record whose change is about to be ended. Its owner closes it. */
    record Opened(LocalStorage storage, LocalDirectory home, Path path, ChangeRecord record) implements AutoCloseable {

        /**
         * Checks that no other user can have put a file into the staging directory.
         *
         * @throws IOException when another user can have done so
         */
        void checkOwn() throws IOException {
            checkOwner(name(path));
            checkOwner(record.staging());
            Set<PosixFilePermission> mode = home.attributes(record.staging()).permissions();
            if (!mode.equals(LocalStorage.OWNER_ONLY)) {
                throw new IOException(
                        record.staging() + " has mode " + PosixFilePermissions.toString(mode) + ", expected rwx------");
            }
        }

        private void checkOwner(String name) throws IOException {
            if (!home.attributes(name).owner().equals(LocalPath.user())) {
                throw new IOException(name + " belongs to "
                        + home.attributes(name).owner().getName() + ", and this process is "
                        + LocalPath.user().getName());
            }
        }

        /** Ends the change as readers have seen it: what has begun is finished, and appended rows that none has seen are removed. */
        void settle() throws IOException {
            if (isGone()) {
                LOG.warn("{}: is gone, and with it the change", path);
            } else {
                try (LocalChange change = LocalChange.open(storage, path, home, record)) {
                    Progress progress = change.progress();
                    if (progress.isBegun()) {
                        LOG.warn("{}: finishing a change that its writer had committed when it died", path);
                        end(change, progress, Ending.FINISH);
                    } else {
                        LOG.warn("{}: undoing a change that its writer had not committed when it died", path);
                        end(change, progress, Ending.DISCARD);
                    }
                }
            }
            forget();
        }

        void end(Ending ending) throws IOException {
            if (isGone()) {
                throw new IOException("the file is gone");
            }
            try (LocalChange change = LocalChange.open(storage, path, home, record)) {
                endInPlace(change, ending);
            }
            forget();
        }

        private static void endInPlace(LocalChange change, Ending ending) throws IOException {
            Progress progress;
            try {
                progress = change.progress();
            } catch (OtherFileException e) {
                if (ending == Ending.FINISH || !change.isAbsent()) {
                    throw e;
                }
                return;
            }
            end(change, progress, ending);
        }

        private static void end(LocalChange change, Progress progress, Ending ending) throws IOException {
            if (ending == Ending.DISCARD) {
                change.undo();
                return;
            }
            if (!progress.isAppended()) {
                change.appendAgain();
            }
            change.finish();
        }

        private boolean isGone() throws IOException {
            return !home.contains(path.getFileName().toString());
        }

        private void forget() throws IOException {
            remove(storage, path);
            try {
                home.deleteStaged(record.staging());
            } catch (IOException e) {
                LOG.warn("{}: recovered, but {} could not be removed", path, record.staging(), GivenSecrets.hidden(e));
            }
        }

        @Override
        public void close() throws IOException {
            home.close();
        }
    }
}
