package io.memmap.storage;

import io.memmap.dtype.Literal;
import io.memmap.storage.LockFile.State;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a local target: a file on which its holder has the system's lock, and a {@link Lease}.
 *
 * <p>The file gets its text and the system's lock under a name of its own, and then the name that all look for, by a hard
 * link, which only one of many can make. A lock is taken over if no process has the system's lock on it and its holder was
 * on this kernel and file system, or if its lease has ended. No holder is
 * looked up by its process id: ids, namespaces and clocks of hosts do not matter.
 *
 * <p>A holder whose lease has ended while a process still has the system's lock may go on at any time. Its lock is taken over
 * only to replace the target, and only before the holder has recorded a change in place: its staging directory, from which
 * it would publish a file or a record, is renamed first. To change the target in place the lock is never taken over, so that
 * the next writer finds the same holder.
 */
final class LocalLock extends TargetLock {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLock.class);
    private static final int ATTEMPTS = 100;
    private static final String KERNEL = "kernel";

    private final Path target;
    private final boolean inPlace;
    private final LockFile file;
    private final String key;
    /** The kernel and file system whose locks tell of all holders; null if they never do. */
    private final String kernel;

    private final String text;
    private FileChannel channel;
    /** Null unless the file has the name, or is about to get it. */
    private Object fileKey;

    private Lease lease;
    private boolean released;

    private LocalLock(Path target, Map<String, Object> writer, boolean inPlace) throws IOException {
        super(writer);
        this.target = target;
        this.inPlace = inPlace;
        Path path = LocalStorage.local(Storage.sibling(target.toString(), HiddenNames.LOCK));
        this.file = new LockFile(path);
        this.key = JvmHolders.key(path);
        this.kernel = LockFile.kernel(path.getParent());
        Map<String, Object> self = new LinkedHashMap<>(writer);
        if (kernel != null) {
            self.put(KERNEL, kernel);
        }
        self.put("id", UUID.randomUUID().toString());
        this.text = Literal.toJson(self);
    }

    /** @param inPlace whether the holder will change the file that is there, and not only replace it */
    static LocalLock take(String target, Map<String, Object> writer, boolean breakOthers, boolean inPlace)
            throws IOException {
        LocalLock lock = new LocalLock(LocalStorage.local(target), writer, inPlace);
        SideBySide.uninterruptibly("lock " + target, () -> {
            try {
                lock.enter(breakOthers);
                lock.acquire(breakOthers);
            } catch (Throwable e) {
                lock.releaseAfter(e);
                throw e;
            }
        });
        return lock;
    }

    /** Becomes the one holder of this JVM. */
    private void enter(boolean breakOthers) throws IOException {
        for (String holder = JvmHolders.enter(key, text); holder != null; holder = JvmHolders.enter(key, text)) {
            if (!breakOthers) {
                throw heldByAnother(target.toString(), file.path(), holder(holder));
            }
            LOG.warn("{}: the lock of {} is taken over", target, holder(holder));
            moveAway(stagings(), new LinkedHashMap<>());
            file.remove(null);
            if (JvmHolders.replace(key, holder, text)) {
                return;
            }
        }
    }

    private void acquire(boolean breakOthers) throws IOException {
        try {
            for (int left = ATTEMPTS; left > 0; left--) {
                if (tryAcquire(breakOthers)) {
                    lease = Lease.begin(file.path(), channel, bytes());
                    return;
                }
            }
        } catch (FileSystemException e) {
            throw new IOException(
                    "Cannot write " + target + ": its lock " + file.path() + " cannot be taken ("
                            + (e instanceof AccessDeniedException ? "permission denied: " : "") + e.getMessage()
                            + "), expected to be the only writer",
                    e);
        }
        throw new IOException("Cannot write " + target + ": its lock " + file.path() + " changed hands " + ATTEMPTS
                + " times while it was to be taken; try again");
    }

    private boolean tryAcquire(boolean breakOthers) throws IOException {
        Path own = file.inProgress();
        boolean acquired = false;
        try {
            channel = LockFile.create(own, bytes());
            fileKey = LockFile.attributes(own).fileKey();
            acquired = LockFile.lock(channel) != State.HELD && file.nameIs(own);
            if (!acquired) {
                takeOver(own, breakOthers);
            }
        } catch (NoSuchFileException e) {
            // Others remove what is no lock yet, and what is none any more.
        } finally {
            if (!acquired) {
                fileKey = null;
                close();
            }
            Files.deleteIfExists(own);
        }
        return acquired;
    }

    private byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** Removes the lock of a holder that is gone. */
    private void takeOver(Path own, boolean breakOthers) throws IOException {
        BasicFileAttributes found = file.attributes();
        if (!found.isRegularFile()) {
            throw new IOException("Cannot write " + target + ": its lock " + file.path()
                    + " is no regular file, expected none; remove it if it is no lock");
        }
        try (FileChannel old = file.open()) {
            State state = old == null ? State.HELD : LockFile.lock(old);
            String holder = old == null ? "" : LockFile.text(old);
            BasicFileAttributes now = file.attributes();
            if (!found.fileKey().equals(now.fileKey())) {
                return;
            }
            checkIsLock(target.toString(), file.path(), holder);
            // Both times are the file system's: this one's file was written just now.
            Duration idle = Duration.between(
                    now.lastModifiedTime().toInstant(),
                    LockFile.attributes(own).lastModifiedTime().toInstant());
            boolean died = state == State.FREE
                    && (holder.isBlank() ? idle.compareTo(Lease.BEAT) > 0 : isOfThisKernel(holder(holder)));
            if (!breakOthers && !died) {
                if (idle.compareTo(Lease.LENGTH) <= 0) {
                    throw heldByAnother(target.toString(), file.path(), holder(holder));
                }
                if (state == State.HELD && (inPlace || LocalRecord.isBeside(target))) {
                    throw mayLive(holder(holder));
                }
                // Where this host slept, or the server was away, the holder beats as soon as it goes on.
                Lease.awaitBeats();
            }
            if (!isAsBefore(now) || !(died || moveStagingsAway(now))) {
                return;
            }
            LOG.warn("{}: the lock of {} is taken over", target, holder(holder));
            file.remove(found.fileKey());
        }
    }

    /** Returns true if the lock has neither changed hands nor got a sign of life. */
    private boolean isAsBefore(BasicFileAttributes before) throws IOException {
        BasicFileAttributes now = file.attributes();
        return before.fileKey().equals(now.fileKey())
                && before.lastModifiedTime().equals(now.lastModifiedTime());
    }

    /**
     * Keeps a holder that wakes up late from publishing anything. Returns false, and leaves all as it was, if the holder has
     * woken up meanwhile.
     */
    private boolean moveStagingsAway(BasicFileAttributes lock) throws IOException {
        Map<Path, Path> moved = new LinkedHashMap<>();
        boolean recorded = LocalRecord.isBeside(target);
        boolean asleep = false;
        try {
            moveAway(recorded ? List.of() : stagings(), moved);
            asleep = recorded == LocalRecord.isBeside(target) && isAsBefore(lock);
        } finally {
            if (!asleep) {
                for (Map.Entry<Path, Path> each : moved.entrySet()) {
                    Files.move(each.getValue(), each.getKey(), StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        return asleep;
    }

    private boolean isOfThisKernel(Map<?, ?> holder) {
        return kernel != null && kernel.equals(holder.get(KERNEL));
    }

    /**
     * The staging directories of this moment, but for what a record tells of: that is for whoever ends the change. The
     * holder's belong to the user of its lock. In a directory such as {@code /tmp} those of other users cannot be renamed.
     */
    private List<String> stagings() throws IOException {
        List<String> stagings = new ArrayList<>();
        if (LocalRecord.isBeside(target)) {
            return stagings;
        }
        String name = target.getFileName().toString();
        try (LocalDirectory home = LocalDirectory.open(target.getParent())) {
            Optional<UserPrincipal> holder =
                    owner(home, file.path().getFileName().toString());
            for (String each : home.names()) {
                boolean mayBeHolders = holder.isEmpty() || owner(home, each).equals(holder);
                if (mayBeHolders && HiddenNames.isStaging(each, name)) {
                    stagings.add(each);
                }
            }
        }
        return stagings;
    }

    private static Optional<UserPrincipal> owner(LocalDirectory home, String name) throws IOException {
        return home.find(name).map(PosixFileAttributes::owner);
    }

    /** Renames staging directories, and adds the old name of each and the new one to {@code moved}. */
    private void moveAway(List<String> stagings, Map<Path, Path> moved) throws IOException {
        for (String staging : stagings) {
            Path from = target.resolveSibling(staging);
            Path to = LocalStorage.local(
                    HiddenNames.staging(target.toString(), UUID.randomUUID().toString()));
            try {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
                moved.put(from, to);
            } catch (NoSuchFileException e) {
                // Its holder has removed it.
            }
        }
    }

    @Override
    public void checkHeld(String target) throws IOException {
        if (!channel.isOpen()) {
            throw new IOException("Cannot write " + target + ": the file of its lock " + file.path()
                    + " was closed, and with it the system's lock, expected it open; write again");
        }
        try {
            if (!file.attributes().fileKey().equals(fileKey)) {
                throw takenAway(target, file.path(), otherHolder(), text);
            }
        } catch (NoSuchFileException e) {
            throw takenAway(target, file.path(), "none", text);
        }
    }

    /** Whoever has the lock now; a file that this JVM holds must not be opened. */
    private String otherHolder() throws IOException {
        String holder = JvmHolders.find(key);
        if (holder != null && !holder.equals(text)) {
            return holder;
        }
        try (FileChannel other = file.open()) {
            return other == null ? "that of another user" : LockFile.text(other);
        }
    }

    private IOException mayLive(Map<?, ?> holder) {
        return new IOException("Cannot change " + target + (inPlace ? " in place" : " while a change of it is pending")
                + ": the lease of " + holder
                + " has ended, but a process still has the system's lock on " + file.path()
                + "; wait until it ends, or set breakLock=true if it is gone");
    }

    @Override
    public void release() throws IOException {
        if (released) {
            return;
        }
        released = true;
        try {
            if (fileKey != null && file.attributes().fileKey().equals(fileKey)) {
                file.remove(fileKey);
            }
        } catch (NoSuchFileException e) {
            // It was taken away.
        } finally {
            if (lease != null) {
                lease.end();
            }
            try {
                close();
            } finally {
                JvmHolders.leave(key, text);
            }
        }
    }
}
