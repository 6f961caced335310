package io.memmap.storage;

import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.format.Sidecar;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One change of what readers see at a path: lock, stage, commit, abort. Every write and every statement that makes, changes
 * or removes an array does it by this. Driver side, one thread, which aborts it in the end, committed or not.
 */
public final class Publication {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final Storage storage;
    private final String target;
    private final HadoopSettings settings;
    private final TargetLock lock;
    private final TargetPlace place;
    private final String staging;
    private boolean staged;
    private boolean ended;

    private Publication(Storage storage, String target, HadoopSettings settings, TargetLock lock, String id)
            throws IOException {
        this.storage = storage;
        this.target = target;
        this.settings = settings;
        this.lock = lock;
        this.place = TargetPlace.of(storage, target);
        this.staging = HiddenNames.staging(target, id);
    }

    /** The step by which readers see what is staged. */
    @FunctionalInterface
    public interface Commit {
        void run() throws IOException;
    }

    /**
     * The writer of a target.
     *
     * @param id a UUID, in the name of its staging directory
     * @param owner the text of the lock, for whoever finds it
     * @param breakLock whether the lock of another writer is taken over
     */
    public record Writer(String id, String owner, boolean breakLock) {}

    /**
     * Takes the lock of a target to replace or remove it.
     *
     * @throws IOException when another writer holds it
     */
    public static Publication lock(Storage storage, String target, HadoopSettings settings, Writer writer)
            throws IOException {
        return locked(
                storage, target, settings, TargetLock.take(storage, target, writer.owner, writer.breakLock), writer);
    }

    /**
     * Takes the lock of a file to change it in place.
     *
     * @throws IOException when another writer holds it, or held it and may live
     */
    public static Publication lockInPlace(Storage storage, String target, HadoopSettings settings, Writer writer)
            throws IOException {
        return locked(
                storage,
                target,
                settings,
                TargetLock.takeInPlace(storage, target, writer.owner, writer.breakLock),
                writer);
    }

    private static Publication locked(
            Storage storage, String target, HadoopSettings settings, TargetLock lock, Writer writer)
            throws IOException {
        try {
            return new Publication(storage, target, settings, lock, writer.id);
        } catch (Throwable e) {
            lock.releaseAfter(e);
            throw e;
        }
    }

    /** Makes the staging directory. */
    public Staging stage() throws IOException {
        staged = true;
        storage.makeStaging(staging);
        return new Staging(storage, staging);
    }

    /**
     * Makes what is staged visible, if the target {@linkplain #checkTarget may still be written}.
     *
     * @throws IOException when readers see what they saw before, unless {@link Recovery#isHalfMade}
     */
    public void commit(Commit commit) throws IOException {
        checkTarget();
        commit.run();
    }

    /**
     * Checks that the lock is held, and that what it was taken for is still at the path.
     *
     * @throws IOException when another writer broke the lock, or when a link or another directory has the path
     */
    public void checkTarget() throws IOException {
        lock.checkHeld(target);
        place.check();
    }

    /** The error that the path of a target leads elsewhere than when the write was planned, or its lock was taken. */
    public static IOException anotherArray(String target, String found, String expected) {
        return new IOException("Cannot write " + target + ": another array is there now, found " + found + ", expected "
                + expected + "; it was left as it is, run the write again to write to it");
    }

    /** Ends what a writer that died has left half done in its staging directory: the old file has its name again. */
    public static void restore(Storage storage, String staging, String target) throws IOException {
        SideBySide.uninterruptibly("restore " + target, () -> Replacement.restore(storage, staging, target));
    }

    /** Leaves the staging directory to the next write. */
    public void keepStaging() {
        staged = false;
    }

    /** Puts a staged file, complete and durable, in the place of the target, with this sidecar or none. */
    public void replace(String file, Optional<Sidecar> sidecar) throws IOException {
        new Replacement(file, sidecar).publish(storage, target);
    }

    /**
     * Makes the target's file in its place, where a file appears when it is closed, with this sidecar or none.
     *
     * @param nbytes of the new file
     */
    public void put(long nbytes, Optional<Sidecar> sidecar, Commit make) throws IOException {
        Replacement.put(storage, target, nbytes, sidecar, make);
    }

    /** Deletes the target's file and its sidecar. */
    public void remove() throws IOException {
        Replacement.remove(storage, target);
    }

    /**
     * Checks that a file can be changed in place. {@link #change} checks it again, before the first changed byte.
     *
     * @throws IOException when its file system changes no files, or when it has a second name, by which readers would not
     *     find the record of the change
     */
    public static void checkChangeable(Storage storage, String target) throws IOException {
        storage.checkChangeable(target);
        if (storage instanceof LocalStorage) {
            LocalCommit.checkOnlyName(LocalStorage.local(target));
        }
    }

    /**
     * Changes the target's file in place.
     *
     * @param before the file as the change was planned on it
     * @param pieces staged files whose bytes are appended, in this order
     * @param patches staged files that a {@link PatchOutput} made
     * @param head the file's first bytes after the change; empty where they stay
     * @param sidecar the text of its sidecar after the change; empty where it stays
     */
    public void change(Fingerprint before, List<Part> pieces, List<Part> patches, byte[] head, Optional<String> sidecar)
            throws IOException {
        new TargetChange(
                        staging,
                        before,
                        pieces,
                        patches,
                        ByteString.of(storage.read(target, 0, head.length)),
                        ByteString.of(head),
                        sidecar,
                        lock.writer())
                .commit(storage, target);
    }

    /**
     * Deletes what is staged and gives the lock back; touches nothing that was committed. The next write removes what cannot
     * be removed now. Does nothing the second time.
     */
    public void abort() {
        if (ended) {
            return;
        }
        ended = true;
        // A query that is cancelled interrupts its thread, and a thread that is interrupted can open no file.
        boolean interrupted = Thread.interrupted();
        try {
            if (Recovery.isPending(storage, target)) {
                LOG.warn("{}: a change is neither finished nor undone; the next write does that", target);
            } else if (staged) {
                Replacement.restore(storage, staging, target);
                Upload.abandonAll(staging, settings);
                storage.delete(staging);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: cannot remove {}", target, staging, GivenSecrets.hidden(e));
        } finally {
            releaseLock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void releaseLock() {
        try (place) {
            lock.release();
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: cannot give back its lock", target, GivenSecrets.hidden(e));
        }
    }
}
