package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.storage.ChangeRecord.Kind;
import io.memmap.storage.LocalChange.OtherFileException;
import io.memmap.storage.LocalChange.Progress;
import io.memmap.storage.Recovery.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of a change that lies beside a local target, made by whom it may: what it says is believed as far as the file
 * itself bears it out.
 *
 * @param record null where it cannot be read
 * @param problem why it cannot be read, else null
 */
record LocalRecord(Path target, ChangeRecord record, IOException problem) {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRecord.class);

    /** Looks for one, by one look at the directory where there is none; null where nothing tells of a change. */
    static LocalRecord of(Path path) throws IOException {
        if (!LocalStorage.hasRecord(path)) {
            return null;
        }
        try (LocalDirectory home = LocalDirectory.open(path.getParent())) {
            String name = name(path);
            if (!couldChange(home.attributes(name), Files.readAttributes(path, PosixFileAttributes.class), path)) {
                LOG.warn("{}: {} is of a user who cannot change the file, and is left alone", path, name);
                return null;
            }
            return read(home, path);
        } catch (NoSuchFileException e) {
            // The change has ended meanwhile.
            return null;
        }
    }

    /** The names in a directory that a record may have. */
    static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> name.endsWith(HiddenNames.RECORD))
                    .collect(Collectors.toSet());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The plain name of a target's record. */
    static String name(Path target) {
        return HiddenNames.of(target.getFileName().toString()) + HiddenNames.RECORD;
    }

    private static LocalRecord read(LocalDirectory home, Path path) throws NoSuchFileException {
        try {
            String text = home.smallText(name(path)).orElseThrow(() -> new NoSuchFileException(name(path)));
            return new LocalRecord(
                    path, ChangeRecord.parse(text, path.getFileName().toString()), null);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            return new LocalRecord(path, null, e);
        }
    }

    /** Returns true if a record's owner may write to the target: otherwise any user could block its readers. */
    private static boolean couldChange(PosixFileAttributes record, PosixFileAttributes target, Path path)
            throws IOException {
        Set<PosixFilePermission> mode = target.permissions();
        return record.owner().equals(target.owner())
                || mode.contains(PosixFilePermission.GROUP_WRITE)
                || mode.contains(PosixFilePermission.OTHERS_WRITE)
                || LocalStorage.isRoot(path.resolveSibling(name(path)));
    }

    /** Returns true if rows that were there may be old, new or both. */
    boolean changesRows() {
        return record == null || record.kind() == Kind.UPDATE;
    }

    /** Returns true if the rows of a file, as a reader has just found it, are all old or all new. */
    boolean leavesWhole(ArrayFile file) throws IOException {
        if (changesRows()) {
            return false;
        }
        if (!file.header().isEmpty()) {
            String head = new String(
                    new LocalStorage().read(target.toString(), 0, record.head().length()), StandardCharsets.ISO_8859_1);
            return head.equals(record.headBefore()) || head.equals(record.head());
        }
        return file.fingerprint().nbytes() == record.nbytesBefore();
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
         * Nobody else can have put anything into a staging directory of this user alone.
         *
         * @throws IOException when it is not
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
            if (!home.attributes(name).owner().equals(LocalStorage.user())) {
                throw new IOException(name + " belongs to "
                        + home.attributes(name).owner().getName() + ", and this process is "
                        + LocalStorage.user().getName());
            }
        }

        /** Ends the change as its writer would have: appended rows that no reader has seen are removed, all else is finished. */
        void settle() throws IOException {
            if (isGone()) {
                LOG.warn("{}: is gone, and with it the change", path);
            } else {
                try (LocalChange change = LocalChange.open(storage, path, home, record)) {
                    Progress progress = change.progress();
                    end(
                            change,
                            progress,
                            record.kind() == Kind.UPDATE || progress.isBegun() ? Ending.FINISH : Ending.DISCARD);
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
            storage.removeRecord(path.toString());
            try {
                home.delete(record.staging());
            } catch (IOException e) {
                LOG.warn("{}: recovered, but {} could not be removed", path, record.staging(), e);
            }
        }

        @Override
        public void close() throws IOException {
            home.close();
        }
    }
}
