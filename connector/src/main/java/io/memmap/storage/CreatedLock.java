package io.memmap.storage;

import io.memmap.dtype.Literal;
import java.io.FileNotFoundException;
import java.io.IOException;
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
 * The lock of a target on a Hadoop file system: a file that is created if there is none.
 *
 * <p>A lock whose owner was a process of this host that is no more is taken over where a file appears when it is created;
 * all others, and every one in an object store, only on demand: no process of another host can be asked for.
 */
final class CreatedLock extends TargetLock {
    private static final Logger LOG = LoggerFactory.getLogger(CreatedLock.class);
    /** The system tells starts by its clock, which may be set right in between. */
    private static final Duration CLOCK_STEP = Duration.ofMinutes(1);

    private static final Optional<Instant> STARTED =
            ProcessHandle.current().info().startInstant();

    private final Storage storage;
    private final String path;
    private final String text;

    private CreatedLock(Storage storage, String path, Map<String, Object> writer) {
        super(writer);
        this.storage = storage;
        this.path = path;
        Map<String, Object> self = new LinkedHashMap<>(writer);
        STARTED.ifPresent(started -> self.put("started", started.toString()));
        this.text = Literal.toJson(self);
    }

    static CreatedLock take(Storage storage, String target, Map<String, Object> writer, boolean breakOthers)
            throws IOException {
        CreatedLock lock = new CreatedLock(storage, Storage.sibling(target, HiddenNames.LOCK), writer);
        lock.create(target, breakOthers);
        return lock;
    }

    private void create(String target, boolean breakOthers) throws IOException {
        Optional<String> found = read(storage, path);
        if (found.isPresent()) {
            Map<?, ?> holder = holder(found.get());
            if (!breakOthers && (storage.appearsWhenClosed(path) || !isDead(holder))) {
                throw heldByAnother(target, path, holder);
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

    /** Returns the text of a lock, or empty if there is none. */
    private static Optional<String> read(Storage storage, String path) throws IOException {
        try {
            return Optional.of(new String(storage.read(path, 0, MAX_NBYTES), StandardCharsets.UTF_8));
        } catch (FileNotFoundException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean isDead(Map<?, ?> holder) {
        return Objects.equals(holder.get("host"), host())
                && holder.get("pid") instanceof Long pid
                && (ProcessHandle.of(pid).isEmpty() || isAnother(pid, holder.get("started")));
    }

    /** Returns true if the process with this id started at another time: the system has used the id again. */
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

    @Override
    public void checkHeld(String target) throws IOException {
        Optional<String> found = read(storage, path);
        if (!found.equals(Optional.of(text))) {
            throw takenAway(target, path, found.orElse("none"), text);
        }
    }

    @Override
    public void release() throws IOException {
        SideBySide.undisturbed("give back " + path, () -> {
            if (read(storage, path).filter(text::equals).isPresent()) {
                remove(text);
            }
            return null;
        });
    }

    /** Exactly one contender renames a stale lock away; a newer lock taken by mistake is restored. */
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
