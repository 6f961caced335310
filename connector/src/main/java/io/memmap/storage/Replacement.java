package io.memmap.storage;

import io.memmap.format.Fingerprint;
import io.memmap.format.Sidecar;
import io.memmap.format.SidecarTransit;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A staged array file that takes the place of a target, and the sidecar that it has there. One step, the rename of the file,
 * changes both, because the target's sidecar is {@linkplain SidecarTransit in transit} meanwhile. Driver side; needs the
 * target's lock.
 *
 * @param file the path of the staged file, which is complete and durable
 * @param sidecar empty if the new array has none
 */
record Replacement(String file, Optional<Sidecar> sidecar) {
    private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);

    /**
     * Replaces the target. An interrupt does not reach this.
     *
     * @throws IOException when the target is not replaced
     */
    void publish(Storage storage, String target) throws IOException {
        SideBySide.uninterruptibly("replace " + target, () -> {
            if (sidecar.isEmpty() && !storage.exists(Sidecar.pathOf(target))) {
                CommitPoint.publish(storage, file, target);
            } else {
                Staging staging = new Staging(storage, Storage.parent(file));
                Optional<Moved> moved = moved(storage);
                commit(
                        staging,
                        target,
                        () -> begin(storage, target),
                        () -> CommitPoint.publish(storage, file, target),
                        moved);
            }
        });
    }

    /**
     * The new file, where a rename is a copy, as on object stores: the file has another identity after it.
     *
     * @param text of its sidecar; empty if it has none
     */
    private record Moved(long nbytes, String text) {}

    /** Empty on local disks: a rename keeps the identity there, and a file of another one belongs to another program. */
    private Optional<Moved> moved(Storage storage) throws IOException {
        return storage instanceof LocalStorage
                ? Optional.empty()
                : Optional.of(new Moved(storage.stat(file).fingerprint().nbytes(), text()));
    }

    private String text() {
        return sidecar.map(Sidecar::toJson).orElse("");
    }

    /**
     * Makes the file of a target in its place, on a store where a file appears when it is closed. A sidecar of the old file is
     * in transit until then, so that it describes no other. An interrupt does not reach this.
     *
     * @param nbytes of the new file
     * @param sidecar empty if the new array has none
     * @throws IOException when the file is not made, or its sidecar is not there
     */
    static void put(Storage storage, String target, long nbytes, Optional<Sidecar> sidecar, Publication.Commit make)
            throws IOException {
        SideBySide.uninterruptibly("write " + target, () -> {
            String path = Sidecar.pathOf(target);
            Optional<Fingerprint> before = fingerprint(storage, target);
            Optional<String> old = storage.exists(path) ? Optional.of(storage.readText(path)) : Optional.empty();
            if (old.isPresent() && transit(old.get(), path).isEmpty()) {
                Map<String, String> texts = new LinkedHashMap<>();
                before.ifPresent(file -> texts.put(SidecarTransit.identity(file), old.get()));
                write(new Staging(storage, Storage.parent(path)), target, texts);
            }
            try {
                make.run();
            } catch (IOException | RuntimeException e) {
                if (!isMade(storage, target, before, nbytes, old, e)) {
                    throw e;
                }
                LOG.warn("{}: was written, though the store reported a failure", target, GivenSecrets.hidden(e));
            }
            if (sidecar.isPresent()) {
                storage.writeText(path, sidecar.get().toJson());
            } else if (old.isPresent()) {
                storage.delete(path);
            }
        });
    }

    /** Returns true if a store did what it reported as failed. Else the old file, if it is there, gets its sidecar back. */
    private static boolean isMade(
            Storage storage,
            String target,
            Optional<Fingerprint> before,
            long nbytes,
            Optional<String> old,
            Exception failure) {
        try {
            Optional<Fingerprint> now = fingerprint(storage, target);
            if (now.equals(before) && old.isPresent()) {
                storage.writeText(Sidecar.pathOf(target), old.get());
            }
            return !now.equals(before) && now.isPresent() && now.get().nbytes() == nbytes;
        } catch (IOException | RuntimeException again) {
            failure.addSuppressed(again);
            return false;
        }
    }

    /**
     * Deletes an array file, and then its sidecar. An interrupt does not reach this.
     *
     * @throws IOException when the file is still there
     */
    static void remove(Storage storage, String target) throws IOException {
        SideBySide.uninterruptibly("delete " + target, () -> {
            if (storage.exists(Sidecar.pathOf(target))) {
                inStaging(
                        storage,
                        target,
                        staging -> commit(
                                staging,
                                target,
                                () -> write(staging, target, old(storage, target)),
                                () -> CommitPoint.delete(storage, target),
                                Optional.empty()));
            } else {
                CommitPoint.delete(storage, target);
            }
        });
    }

    /** Does the work in a staging directory of its own. */
    private static void inStaging(Storage storage, String target, SideBySide.Work<Staging> work) throws Exception {
        String path = HiddenNames.staging(target, UUID.randomUUID().toString());
        storage.makeStaging(path);
        try {
            work.run(new Staging(storage, path));
        } finally {
            try {
                storage.delete(path);
            } catch (IOException | RuntimeException e) {
                LOG.warn("{}: cannot remove {}", target, path, GivenSecrets.hidden(e));
            }
        }
    }

    /**
     * Takes a step that changes or deletes the file of a target while its sidecar is in transit.
     *
     * @param begin the work before the commit point, which may fail
     * @param step returns true if what it did is durable
     * @param moved what is there after the step
     */
    private static void commit(
            Staging staging, String target, SideBySide.Step begin, Callable<Boolean> step, Optional<Moved> moved)
            throws Exception {
        boolean durable;
        try {
            begin.run();
            durable = step.call();
        } catch (IOException | RuntimeException e) {
            try {
                restore(staging.storage(), staging.path(), target);
                settle(staging, target, Optional.empty());
            } catch (IOException | RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        if (!durable) {
            return;
        }
        try {
            settle(staging, target, moved);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "{}: changed, but its sidecar is still in transit; the next write ends that",
                    target,
                    GivenSecrets.hidden(e));
        }
    }

    /** Writes the sidecar of both arrays. */
    void begin(Storage storage, String target) throws IOException {
        Map<String, String> texts = old(storage, target);
        Fingerprint staged = storage.stat(file).fingerprint();
        String identity = SidecarTransit.identity(staged);
        String before = texts.putIfAbsent(identity, text());
        if (before != null && !before.equals(text())) {
            throw new IOException(
                    "Cannot replace " + target + ": its file system tells files apart by length and time of"
                            + " modification only, and those of the old and the new file are equal; write it again");
        }
        if (!storage.replacesInOneStep(target)
                && fingerprint(storage, target)
                        .filter(old -> old.nbytes() == staged.nbytes())
                        .isEmpty()) {
            texts.put(SidecarTransit.copy(staged.nbytes()), text());
        }
        write(new Staging(storage, Storage.parent(file)), target, texts);
    }

    private static void write(Staging staging, String target, Map<String, String> texts) throws IOException {
        String json = new SidecarTransit(texts).toJson();
        if (json.length() > Sidecar.MAX_NBYTES) {
            throw new IOException("Cannot write " + target + ": its sidecar in transit would have " + json.length()
                    + " bytes, expected at most " + Sidecar.MAX_NBYTES + "; remove " + Sidecar.pathOf(target));
        }
        staging.writeText(Sidecar.pathOf(target), json);
    }

    private static Map<String, String> old(Storage storage, String target) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        Optional<Fingerprint> old = fingerprint(storage, target);
        if (old.isPresent()) {
            String path = Sidecar.pathOf(target);
            texts.put(SidecarTransit.identity(old.get()), storage.exists(path) ? storage.readText(path) : "");
        }
        return texts;
    }

    private static Optional<Fingerprint> fingerprint(Storage storage, String path) throws IOException {
        return storage.exists(path) ? Optional.of(storage.stat(path).fingerprint()) : Optional.empty();
    }

    /** Returns true if a target's sidecar is in transit. */
    static boolean isInTransit(Storage storage, String target) throws IOException {
        return transit(storage, target).isPresent();
    }

    /** Ends the transit of a target's sidecar, if it is in one, and no staging directory may have its file. */
    static void settle(Storage storage, String target) throws IOException {
        boolean waits =
                !storage.replacesInOneStep(target) && !storage.appearsWhenClosed(target) && !storage.exists(target);
        if (!waits && isInTransit(storage, target)) {
            SideBySide.uninterruptibly(
                    "end the transit of the sidecar of " + target,
                    () -> inStaging(storage, target, staging -> settle(staging, target, Optional.empty())));
        }
    }

    /** Ends a rename from a staging directory that is half done: the old file has its name and its sidecar again. */
    static void restore(Storage storage, String staging, String target) throws IOException {
        Optional<SidecarTransit> transit =
                storage.restore(staging, target) ? transit(storage, target) : Optional.empty();
        if (transit.isPresent() && transit.get().old().isEmpty()) {
            storage.delete(Sidecar.pathOf(target));
        } else if (transit.isPresent()) {
            storage.writeText(Sidecar.pathOf(target), transit.get().old());
        }
    }

    /** The file that is there decides which text the sidecar gets. */
    private static void settle(Staging staging, String target, Optional<Moved> moved) throws IOException {
        Storage storage = staging.storage();
        Optional<SidecarTransit> transit = transit(storage, target);
        if (transit.isEmpty()) {
            return;
        }
        String path = Sidecar.pathOf(target);
        Optional<Fingerprint> now = fingerprint(storage, target);
        String text = now.isPresent() ? transit.get().of(now.get()) : "";
        if (text == null) {
            text = moved.filter(file -> file.nbytes() == now.get().nbytes())
                    .map(Moved::text)
                    .orElse(null);
        }
        if (text == null) {
            LOG.warn("{}: left as it is, as it describes other files than the one beside it", path);
        } else if (text.isEmpty()) {
            staging.delete(path);
            storage.sync(Storage.parent(path));
        } else {
            staging.writeText(path, text);
        }
    }

    private static Optional<SidecarTransit> transit(Storage storage, String target) throws IOException {
        String path = Sidecar.pathOf(target);
        if (!storage.exists(path)) {
            return Optional.empty();
        }
        return transit(storage.readText(path), path);
    }

    private static Optional<SidecarTransit> transit(String text, String path) {
        try {
            return SidecarTransit.parse(text, path);
        } catch (IOException e) {
            // A text that is no sidecar at all is the user's.
            return Optional.empty();
        }
    }
}
