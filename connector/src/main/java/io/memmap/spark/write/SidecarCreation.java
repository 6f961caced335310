package io.memmap.spark.write;

import io.memmap.format.ArrayFormats;
import io.memmap.format.Sidecar;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.Publication;
import io.memmap.storage.Staging;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.UUID;

/**
 * Writes and deletes the sidecar that is a table of arrays side by side, under the lock of its name. The arrays are never
 * touched. Driver side; starts no job.
 *
 * @param path the name of the table, which is no file
 */
public record SidecarCreation(WriteContext context, String path) {
    /** Something to do in a staging directory. */
    @FunctionalInterface
    private interface Change {
        void make(Storage storage, Staging staging) throws IOException;
    }

    /**
     * Writes it.
     *
     * @param json its text
     * @param replace true if another sidecar of arrays side by side may be there
     * @throws IOException when an array or another sidecar is there, or another writer holds the lock
     */
    public void write(String json, boolean replace) throws IOException {
        run("CREATE TABLE", (storage, staging) -> {
            String sidecar = Sidecar.pathOf(path);
            boolean other = storage.exists(path) || storage.exists(sidecar);
            if (other && !(replace && isThere())) {
                throw new IOException("Cannot create " + path + " with columnPaths: found "
                        + (storage.exists(path) ? path : sidecar)
                        + ", expected nothing of that name; drop or move it, or choose another name");
            }
            staging.publishText(sidecar, json);
        });
    }

    /**
     * Deletes it.
     *
     * @throws IOException when it is gone, or another writer holds the lock
     */
    void delete() throws IOException {
        run("DROP TABLE", (storage, staging) -> staging.delete(Sidecar.pathOf(path)));
    }

    /** Returns true if there is such a sidecar, and no array of its name. */
    boolean isThere() throws IOException {
        Storage storage = Storage.of(path, context.settings());
        String sidecar = Sidecar.pathOf(path);
        return !storage.exists(path)
                && storage.exists(sidecar)
                && Sidecar.columnPaths(storage.readText(sidecar), sidecar) != null;
    }

    private void run(String statement, Change change) throws IOException {
        Storage storage = Storage.of(path, context.settings());
        Publication publication = Publication.lock(
                storage,
                path,
                context.settings(),
                context.writer(UUID.randomUUID().toString(), statement));
        try {
            new DeadWrites(storage, new WriteTarget(path, true, ArrayFormats.ofNewArrays(false)), context.settings())
                    .remove();
            Staging staging = publication.stage();
            publication.commit(() -> change.make(storage, staging));
        } finally {
            publication.abort();
        }
        context.changed().accept(path);
    }
}
