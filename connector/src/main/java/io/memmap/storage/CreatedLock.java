package io.memmap.storage;

import io.memmap.dtype.Literal;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a target on a Hadoop file system: a file that is created if there is none.
 *
 * <p>It is taken over only if its holder was a process that would be seen here if it lived, see {@link ProcessTable}, and only
 * where a file appears when it is created. All other locks, and every one in an object store, go on demand: nothing there
 * tells whether a process of another host, container or user lives.
 */
final class CreatedLock extends TargetLock {
    private static final Logger LOG = LoggerFactory.getLogger(CreatedLock.class);
    private static final String KERNEL = "kernel";
    private static final String STARTED = "started";

    private final Storage storage;
    private final String path;
    private final String text;

    private CreatedLock(Storage storage, String path, Map<String, Object> writer) throws IOException {
        super(writer);
        this.storage = storage;
        this.path = path;
        Map<String, Object> self = new LinkedHashMap<>(writer);
        if (ProcessTable.here().isPresent()) {
            Optional<Long> started =
                    ProcessTable.started(ProcessHandle.current().pid());
            if (started.isPresent()) {
                self.put(KERNEL, ProcessTable.here().get());
                self.put(STARTED, started.get());
            }
        }
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
            checkIsLock(target, path, found.get());
            Map<?, ?> holder = holder(found.get());
            if (!breakOthers && (storage.appearsWhenClosed(path) || !isDead(holder))) {
                throw heldByAnother(target, path, holder);
            }
            LOG.warn("{}: the lock of {} is taken over", target, holder);
            remove(found.get());
        }
        try {
            write(text);
        } catch (IOException e) {
            throw notTaken(target, e);
        }
    }

    private IOException notTaken(String target, IOException failure) {
        try {
            Map<?, ?> holder = holder(read(storage, path).orElse(""));
            if (!holder.isEmpty() && !holder.equals(holder(text))) {
                IOException held = heldByAnother(target, path, holder);
                held.addSuppressed(failure);
                return held;
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return new IOException(
                "Cannot write " + target + ": its lock " + path + " cannot be taken (" + failure.getMessage()
                        + "), expected to be the only writer",
                failure);
    }

    /** @throws IOException when there is a lock already */
    private void write(String owner) throws IOException {
        FileOutput created = storage.create(path, 0);
        try (created) {
            created.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
        } catch (Throwable e) {
            deleteAfter(e, owner);
            throw e;
        }
    }

    /** Deletes the lock, whole or cut, unless it is another writer's: some stores tell only at the close who was first. */
    private void deleteAfter(Throwable failure, String owner) {
        try {
            if (read(storage, path).filter(owner::startsWith).isPresent()) {
                storage.delete(path);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
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

    /** Another start with the same id is another process: the system has used the id again. */
    private static boolean isDead(Map<?, ?> holder) throws IOException {
        return ProcessTable.here().isPresent()
                && ProcessTable.here().get().equals(holder.get(KERNEL))
                && holder.get("pid") instanceof Long pid
                && holder.get(STARTED) instanceof Long started
                && !ProcessTable.started(pid).equals(Optional.of(started));
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
        SideBySide.uninterruptibly("give back " + path, () -> {
            if (read(storage, path).filter(text::equals).isPresent()) {
                remove(text);
            }
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
                write(found);
            }
        } finally {
            storage.delete(taken);
        }
    }
}
