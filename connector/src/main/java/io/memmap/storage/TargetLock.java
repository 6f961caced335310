package io.memmap.storage;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The right to write to one path: a file {@code .<name>.lock} beside it that names its owner. Held by the driver from the
 * start of a write until it is committed or aborted.
 *
 * @see LocalLock
 * @see CreatedLock
 */
public abstract sealed class TargetLock permits LocalLock, CreatedLock {
    static final int MAX_NBYTES = 4096;
    /** The beginning of every lock's text. */
    private static final String START = "{\"owner\": ";

    private static final int SHOWN_LENGTH = 40;

    private final Map<String, Object> writer;

    TargetLock(Map<String, Object> writer) {
        this.writer = writer;
    }

    /** Takes the lock of a target, and leaves what a dead writer had begun there. */
    static TargetLock takeForRecovery(Storage storage, String target, String owner) throws IOException {
        return of(storage, target, owner, false, true);
    }

    /**
     * Takes the lock of a target to replace or remove it, and ends what a dead writer had begun there.
     *
     * @param owner the text of the lock, which names the writer in the errors of others
     * @param breakOthers whether a lock of another writer is taken away from it
     * @throws IOException naming the owner, when another writer holds it
     */
    public static TargetLock take(Storage storage, String target, String owner, boolean breakOthers)
            throws IOException {
        return settled(storage, target, of(storage, target, owner, breakOthers, false));
    }

    /**
     * Takes the lock of a file to change it in place, as {@link #take}.
     *
     * @throws IOException also when the last holder may live: a late rename of its can be made to fail, a late write into
     *     the file cannot
     */
    public static TargetLock takeInPlace(Storage storage, String target, String owner, boolean breakOthers)
            throws IOException {
        return settled(storage, target, of(storage, target, owner, breakOthers, true));
    }

    private static TargetLock settled(Storage storage, String target, TargetLock lock) throws IOException {
        try {
            SideBySide.uninterruptibly("end the change of " + target, () -> {
                Recovery.settle(storage, target);
                Replacement.settle(storage, target);
            });
        } catch (Throwable e) {
            lock.releaseAfter(e);
            throw e;
        }
        return lock;
    }

    private static TargetLock of(Storage storage, String target, String owner, boolean breakOthers, boolean inPlace)
            throws IOException {
        return storage instanceof LocalStorage
                ? LocalLock.take(target, self(owner), breakOthers, inPlace)
                : CreatedLock.take(storage, target, self(owner), breakOthers);
    }

    /** Gives the lock back when something failed under it. */
    void releaseAfter(Throwable cause) {
        try {
            release();
        } catch (Throwable e) {
            cause.addSuppressed(e);
        }
    }

    private static Map<String, Object> self(String owner) {
        Map<String, Object> self = new LinkedHashMap<>();
        self.put("owner", owner);
        self.put("host", host());
        self.put("pid", ProcessHandle.current().pid());
        self.put("since", Instant.now().toString());
        return self;
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return unresolvedHost();
        }
    }

    /** The kernel's name of a host that no name service knows: "localhost" would be the name of many. */
    private static String unresolvedHost() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    /** The holder that a lock names; empty if it cannot be read. */
    static Map<?, ?> holder(String text) {
        try {
            return Literal.parseJson(text) instanceof Map<?, ?> holder ? holder : Map.of();
        } catch (LiteralException e) {
            return Map.of();
        }
    }

    /**
     * Refuses the text of a file that is no lock, although it has the name of one: its owner may need it. A host that dies
     * may leave a lock cut, empty, or as zeros.
     */
    static void checkIsLock(String target, Object path, String text) throws IOException {
        boolean cut = START.startsWith(text) || text.isBlank() || text.chars().allMatch(c -> c == 0);
        if (!text.startsWith(START) && !cut) {
            String start = text.substring(0, Math.min(text.length(), SHOWN_LENGTH));
            throw new IOException("Cannot write " + target + ": " + path + " is no lock, found a text that begins with "
                    + Literal.quote(start) + ", expected " + START
                    + "…; move it away, breakLock=true does not remove it");
        }
    }

    static IOException heldByAnother(String target, Object path, Map<?, ?> holder) {
        return new IOException("Cannot write " + target + ": another writer holds " + path + " " + holder
                + ", expected none; wait for it, or set breakLock=true if it is gone");
    }

    static IOException takenAway(String target, Object path, String found, String expected) {
        return new IOException("Cannot write " + target + ": its lock " + path + " was taken away, found " + found
                + ", expected " + expected + "; set breakLock=true only if that writer is gone");
    }

    /** The holder, for the record of a change. */
    public Map<String, Object> writer() {
        return writer;
    }

    /**
     * Returns if the target may still be written.
     *
     * @throws IOException when another writer broke the lock
     */
    public abstract void checkHeld(String target) throws IOException;

    /** Gives the lock back; does nothing the second time, nor when another writer broke it and has it now. */
    public abstract void release() throws IOException;
}
