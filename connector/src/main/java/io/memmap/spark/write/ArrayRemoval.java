package io.memmap.spark.write;

import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.Sidecar;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.Storage;
import io.memmap.storage.TargetLock;
import java.io.IOException;
import java.util.List;

/**
 * Deletes an array: a file and its sidecar, or the files of a directory that are its shards, and nothing else. Driver
 * side.
 */
public record ArrayRemoval(WriteContext context) {
    private static final List<String> LAST = List.of(Manifest.NAME, "_SUCCESS");

    /**
     * Deletes what stands at the path.
     *
     * @throws IOException when it is no array, or somebody else is writing to it
     */
    public void run() throws IOException {
        WriteTarget target = WriteTarget.named(context.options(), context.settings());
        Storage storage = Storage.of(target.path(), context.settings());
        TargetLock lock = TargetLock.take(
                storage,
                target.path(),
                context.spark().applicationId() + " DROP TABLE",
                context.options().breakLock());
        try {
            if (storage.stat(target.path()).directory()) {
                removeShards(storage, target);
            } else {
                checkArray(storage, target);
                // First the sidecar: it must never stand beside other data.
                storage.delete(Sidecar.pathOf(target.path()));
                storage.delete(target.path());
            }
        } finally {
            lock.release();
        }
        context.changed().accept(target.path());
    }

    /** A catalog that says what raw files hold makes arrays of all of them. */
    private void checkArray(Storage storage, WriteTarget target) throws IOException {
        if (context.options().dtype().isPresent()) {
            return;
        }
        try {
            ExistingTarget.of(storage, target, context);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "Cannot drop " + target.path() + ": it is no array (" + e.getMessage()
                            + "), expected a .npy file or a raw one with its sidecar; remove it as a file",
                    e);
        }
    }

    private void removeShards(Storage storage, WriteTarget target) throws IOException {
        List<Shard> shards = ExistingTarget.of(storage, target, context)
                .map(ExistingTarget::shards)
                .orElse(List.of());
        for (Shard shard : shards) {
            storage.delete(Sidecar.pathOf(target.path() + "/" + shard.name()));
            storage.delete(target.path() + "/" + shard.name());
        }
        for (String name : LAST) {
            storage.delete(target.path() + "/" + name);
        }
        if (storage.list(target.path()).isEmpty()) {
            storage.delete(target.path());
        }
    }
}
