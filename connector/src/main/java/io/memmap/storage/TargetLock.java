package io.memmap.storage;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
    private static final String SUFFIX = ".lock";

    private final Storage storage;
    private final String path;

    private TargetLock(Storage storage, String path) {
        this.storage = storage;
        this.path = path;
    }

    /**
     * Takes the lock of a target, and finishes what a dead writer had committed there.
     *
     * @param owner what shall stand in the lock, for whoever finds it
     * @param breakOthers whether a lock of somebody else is taken away from them
     * @throws IOException naming the owner, when somebody else holds it
     */
    public static TargetLock take(Storage storage, String target, String owner, boolean breakOthers)
            throws IOException {
        String path = Storage.sibling(target, SUFFIX);
        TargetLock lock = new TargetLock(storage, path);
        lock.create(target, owner, breakOthers);
        try {
            Redo.finish(storage, target);
        } catch (IOException e) {
            lock.release();
            throw e;
        }
        return lock;
    }

    /** Whether somebody holds the lock of a target who may be alive. */
    static boolean isHeld(Storage storage, String target) throws IOException {
        String path = Storage.sibling(target, SUFFIX);
        return storage.exists(path) && !isDead(holder(storage, path));
    }

    private void create(String target, String owner, boolean breakOthers) throws IOException {
        if (storage.exists(path)) {
            Map<?, ?> holder = holder(storage, path);
            if (!breakOthers && !isDead(holder)) {
                throw new IOException("Cannot write " + target + ": another writer holds " + path + " " + holder
                        + ", expected none; wait for it, or say breakLock=true if it is gone");
            }
            LOG.warn("{}: the lock of {} is taken over", target, holder);
            storage.delete(path);
        }
        try (FileOutput output = storage.create(path, 0)) {
            output.write(ByteBuffer.wrap(Literal.toJson(self(owner)).getBytes(StandardCharsets.UTF_8)));
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
        return self;
    }

    private static Map<?, ?> holder(Storage storage, String path) throws IOException {
        byte[] text = storage.read(path, 0, 4096);
        try {
            return Literal.parseJson(new String(text, StandardCharsets.UTF_8)) instanceof Map<?, ?> holder
                    ? holder
                    : Map.of();
        } catch (LiteralException e) {
            return Map.of();
        }
    }

    private static boolean isDead(Map<?, ?> holder) {
        return Objects.equals(holder.get("host"), host())
                && holder.get("pid") instanceof Long pid
                && ProcessHandle.of(pid).isEmpty();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Gives the lock back; does nothing the second time. */
    public void release() throws IOException {
        storage.delete(path);
    }
}
