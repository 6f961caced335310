package io.memmap.storage;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write to one path: a file {@code .<name>.lock} beside it that names its owner. Held by the driver from the
 * start of a write until it is committed or aborted.
 *
 * <p>A lock whose owner was a process of this host that is no more is taken over; any other one only on demand, as nobody
 * can tell from here whether its owner lives.
 */
public final class TargetLock {
    private static final Logger LOG = LoggerFactory.getLogger(TargetLock.class);
    private static final String SUFFIX = HiddenNames.LOCK;
    private static final int MOST_NBYTES = 4096;
    /** The system tells starts by its clock, which may be set right in between. */
    private static final Duration CLOCK_STEP = Duration.ofMinutes(1);

    private static final Optional<Instant> STARTED =
            ProcessHandle.current().info().startInstant();

    private final Storage storage;
    private final String path;
    private final Map<String, Object> writer;
    private final String text;

    private TargetLock(Storage storage, String path, Map<String, Object> writer) {
        this.storage = storage;
        this.path = path;
        this.writer = writer;
        this.text = Literal.toJson(writer);
    }

    /** Takes the lock of a target, and leaves what a dead writer had begun there. */
    static TargetLock takeForRecovery(Storage storage, String target, String owner) throws IOException {
        TargetLock lock = new TargetLock(storage, Storage.sibling(target, SUFFIX), self(owner));
        lock.create(target, false);
        return lock;
    }

    /**
     * Takes the lock of a target, and ends what a dead writer had begun there.
     *
     * @param owner what shall stand in the lock, for whoever finds it
     * @param breakOthers whether a lock of somebody else is taken away from them
     * @throws IOException naming the owner, when somebody else holds it
     */
    public static TargetLock take(Storage storage, String target, String owner, boolean breakOthers)
            throws IOException {
        TargetLock lock = new TargetLock(storage, Storage.sibling(target, SUFFIX), self(owner));
        lock.create(target, breakOthers);
        try {
            SideBySide.undisturbed("end the change of " + target, () -> {
                Recovery.settle(storage, target);
                return null;
            });
        } catch (Throwable e) {
            lock.releaseAfter(e);
            throw e;
        }
        return lock;
    }

    /** Gives the lock back when something failed under it. */
    private void releaseAfter(Throwable cause) {
        try {
            release();
        } catch (Throwable e) {
            cause.addSuppressed(e);
        }
    }

    /** Who holds it, for the record of a change. */
    public Map<String, Object> writer() {
        return writer;
    }

    private void create(String target, boolean breakOthers) throws IOException {
        Optional<String> found = read(storage, path);
        if (found.isPresent()) {
            Map<?, ?> holder = holder(found.get());
            if (!breakOthers && !isDead(holder)) {
                throw new IOException("Cannot write " + target + ": another writer holds " + path + " " + holder
                        + ", expected none; wait for it, or say breakLock=true if it is gone");
            }
            LOG.warn("{}: the lock of {} is taken over", target, holder);
            remove(found.get());
        }
        try {
            storage.createText(path, text);
        } catch (IOException e) {
            throw new IOException(
                    "Cannot write " + target + ": its lock " + path + " cannot be taken (" + e.getMessage()
                            + "), expected to be the only writer",
                    e);
        }
    }

    private static Map<String, Object> self(String owner) {
        Map<String, Object> self = new LinkedHashMap<>();
        self.put("owner", owner);
        self.put("host", host());
        self.put("pid", ProcessHandle.current().pid());
        self.put("since", Instant.now().toString());
        STARTED.ifPresent(started -> self.put("started", started.toString()));
        return self;
    }

    /** What stands in a lock; empty when nobody has it. */
    private static Optional<String> read(Storage storage, String path) throws IOException {
        try {
            if (storage instanceof LocalStorage) {
                // To open a FIFO would wait for its other end.
                storage.stat(path);
            }
            return Optional.of(new String(storage.read(path, 0, MOST_NBYTES), StandardCharsets.UTF_8));
        } catch (FileNotFoundException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Map<?, ?> holder(String text) {
        try {
            return Literal.parseJson(text) instanceof Map<?, ?> holder ? holder : Map.of();
        } catch (LiteralException e) {
            return Map.of();
        }
    }

    private static boolean isDead(Map<?, ?> holder) {
        return Objects.equals(holder.get("host"), host())
                && holder.get("pid") instanceof Long pid
                && (ProcessHandle.of(pid).isEmpty() || isAnother(pid, holder.get("started")));
    }

    /** Whether the process of that id started at another time: the id was given away again, after a restart perhaps. */
    private static boolean isAnother(long pid, Object started) {
        Optional<Instant> found = pid == ProcessHandle.current().pid()
                ? STARTED
                : ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
        try {
            return started instanceof String text
                    && found.isPresent()
                    && Duration.between(Instant.parse(text), found.get()).abs().compareTo(CLOCK_STEP) > 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /**
     * Says whether it is right to go on.
     *
     * @throws IOException when somebody broke the lock
     */
    public void checkHeld(String target) throws IOException {
        Optional<String> found = read(storage, path);
        if (!found.equals(Optional.of(text))) {
            throw new IOException("Cannot write " + target + ": its lock " + path + " was taken away, found "
                    + found.orElse("none") + ", expected " + text
                    + "; say breakLock=true only about a writer that is gone");
        }
    }

    /** Gives the lock back; does nothing the second time, nor when somebody broke it and has it now. */
    public void release() throws IOException {
        SideBySide.undisturbed("give back " + path, () -> {
            if (read(storage, path).filter(text::equals).isPresent()) {
                remove(text);
            }
            return null;
        });
    }

    /** Of all who see the same lock one gets it; what that one then finds to be a newer lock is put back. */
    private void remove(String expected) throws IOException {
        String taken = path + "." + UUID.randomUUID() + ".inprogress";
        try {
            storage.move(path, taken);
        } catch (FileNotFoundException | NoSuchFileException e) {
            return;
        }
        try {
            String found = read(storage, taken).orElse(expected);
            if (!found.equals(expected)) {
                storage.createText(path, found);
            }
        } finally {
            storage.delete(taken);
        }
    }
}
