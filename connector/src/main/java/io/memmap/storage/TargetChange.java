package io.memmap.storage;

import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.storage.ChangeRecord.Kind;
import io.memmap.storage.ChangeRecord.Staged;
import io.memmap.storage.ChangeRecord.Writer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of one file in place, all of which is staged: whole or not there for all readers of this library. Driver side.
 *
 * @param staging the path of the staging directory
 * @param before the file as the change was planned on it
 * @param pieces files of the staging directory whose bytes are appended to the file, in this order
 * @param patches files of the staging directory that a {@link PatchOutput} made
 * @param headBefore the file's first bytes where they change, one char each, else empty
 * @param head the same bytes after the change, written last
 * @param sidecar the text of its sidecar after the change; empty where it stays
 * @param writer who makes the change, as {@link TargetLock#writer} says
 */
record TargetChange(
        String staging,
        Fingerprint before,
        List<Part> pieces,
        List<Part> patches,
        ByteString headBefore,
        ByteString head,
        Optional<String> sidecar,
        Map<String, Object> writer) {

    /**
     * Makes the change, in a thread that is not interrupted: an interrupt would close the file half way.
     *
     * @throws IOException when it is not made; the file is then as it was, unless {@link Recovery#isHalfMade}
     */
    void commit(Storage storage, String target) throws IOException {
        SideBySide.uninterruptibly("change " + target, () -> storage.commit(target, this));
    }

    /** @param sidecarBefore the text of the file's sidecar now */
    ChangeRecord record(Optional<String> sidecarBefore) {
        long appended = pieces.stream().mapToLong(Part::nbytes).sum();
        return new ChangeRecord(
                pieces.isEmpty() ? Kind.UPDATE : Kind.APPEND,
                Writer.of(writer),
                Storage.name(staging),
                before,
                new Fingerprint(before.key(), before.nbytes() + appended, 0),
                sidecarBefore,
                sidecar.isPresent() ? sidecar : sidecarBefore,
                staged(pieces),
                staged(patches),
                head,
                headBefore);
    }

    private static List<Staged> staged(List<Part> files) {
        return files.stream()
                .map(file -> new Staged(Storage.name(file.path()), file.nbytes()))
                .toList();
    }
}
