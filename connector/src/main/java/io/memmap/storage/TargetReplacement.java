package io.memmap.storage;

import io.memmap.format.Fingerprint;
import io.memmap.format.Sidecar;
import io.memmap.storage.ChangeRecord.Kind;
import io.memmap.storage.ChangeRecord.Staged;
import io.memmap.storage.ChangeRecord.Writer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A new raw file that takes the place of the target, and the sidecar that describes it: two files, which change together.
 * In between the target has no sidecar, which is an error to readers. Driver side.
 *
 * @param staging the path of the staging directory
 * @param file the path of the new file, in that directory
 * @param sidecar the text that describes it
 * @param writer who makes the change, as {@link TargetLock#writer} says
 */
public record TargetReplacement(String staging, String file, String sidecar, Map<String, Object> writer) {

    /**
     * Replaces the target, in a thread that nobody interrupts.
     *
     * @throws IOException when it is not replaced; unless {@link Recovery#isPending}, what was there is as it was
     */
    public void commit(Storage storage, String target) throws IOException {
        SideBySide.undisturbed("replace " + target, () -> {
            ChangeRecord record = begin(storage, target);
            try {
                finish(storage, target, record);
            } catch (IOException | RuntimeException e) {
                rollBack(storage, target, record, e);
                throw e;
            }
            storage.removeRecord(target);
            return null;
        });
    }

    /** Writes the record. */
    ChangeRecord begin(Storage storage, String target) throws IOException {
        Fingerprint after = storage.stat(file).fingerprint();
        ChangeRecord record = new ChangeRecord(
                Kind.REPLACEMENT,
                Writer.of(writer),
                Storage.name(staging),
                fingerprint(storage, target),
                after,
                text(storage, Sidecar.pathOf(target)),
                Optional.of(sidecar),
                List.of(new Staged(Storage.name(file), after.nbytes())),
                List.of(),
                "",
                "");
        storage.writeRecord(target, record);
        return record;
    }

    private static void rollBack(Storage storage, String target, ChangeRecord record, Exception cause) {
        try {
            discard(storage, target, record);
            storage.removeRecord(target);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static Optional<Fingerprint> fingerprint(Storage storage, String path) throws IOException {
        return storage.exists(path) ? Optional.of(storage.stat(path).fingerprint()) : Optional.empty();
    }

    private static Optional<String> text(Storage storage, String path) throws IOException {
        return storage.exists(path) ? Optional.of(storage.readText(path)) : Optional.empty();
    }

    /** Returns true if data and sidecar are both the old ones, or both the new ones. */
    static boolean isWhole(Storage storage, String target, ChangeRecord record) throws IOException {
        Optional<Fingerprint> data = fingerprint(storage, target);
        Optional<String> text = text(storage, Sidecar.pathOf(target));
        return (data.equals(record.before()) && text.equals(record.sidecarBefore()))
                || (data.equals(Optional.of(record.after())) && text.equals(record.sidecarAfter()));
    }

    /**
     * Puts the new file in place, if it is not there, and then its sidecar.
     *
     * @throws IOException when the target is neither the old nor the new file
     */
    static void finish(Storage storage, String target, ChangeRecord record) throws IOException {
        String sidecar = Sidecar.pathOf(target);
        Optional<Fingerprint> now = fingerprint(storage, target);
        if (!now.equals(Optional.of(record.after()))) {
            checkOld(now, record);
            String file = Storage.parent(target) + "/" + record.staging() + "/"
                    + record.pieces().get(0).name();
            if (!storage.stat(file).fingerprint().equals(record.after())) {
                throw new IOException(file + " is not the file that was to replace it, expected " + record.after());
            }
            checkSidecar(storage, sidecar, record);
            // Without its sidecar a raw file is an error to readers; with the old one it would be a wrong array.
            storage.delete(sidecar);
            storage.move(file, target);
        }
        checkSidecar(storage, sidecar, record);
        storage.writeText(sidecar, record.sidecarAfter().orElseThrow());
    }

    /** What others wrote is theirs. */
    private static void checkSidecar(Storage storage, String sidecar, ChangeRecord record) throws IOException {
        Optional<String> now = text(storage, sidecar);
        if (now.isPresent() && !now.equals(record.sidecarBefore()) && !now.equals(record.sidecarAfter())) {
            throw new IOException(
                    sidecar + " was changed by somebody else, expected the text before or after the change");
        }
    }

    private static void checkOld(Optional<Fingerprint> now, ChangeRecord record) throws IOException {
        if (!now.equals(record.before())) {
            throw new LocalChange.OtherFileException("it is another file than the old or the new one, found "
                    + now.map(Object::toString).orElse("none") + ", expected "
                    + record.before().map(Object::toString).orElse("none") + " or " + record.after());
        }
    }

    /**
     * Puts the old sidecar back.
     *
     * @throws IOException when the new file is in place, or somebody else's
     */
    static void discard(Storage storage, String target, ChangeRecord record) throws IOException {
        Optional<Fingerprint> now = fingerprint(storage, target);
        if (now.equals(Optional.of(record.after()))) {
            throw new IOException("the new file has taken the place of the old one, which is gone; finish the change");
        }
        checkOld(now, record);
        String sidecar = Sidecar.pathOf(target);
        checkSidecar(storage, sidecar, record);
        if (record.sidecarBefore().isPresent() && !text(storage, sidecar).equals(record.sidecarBefore())) {
            storage.writeText(sidecar, record.sidecarBefore().get());
        }
    }
}
