package io.memmap.spark.write;

import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.Sidecar;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.DeadChanges;
import io.memmap.storage.GivenSecrets;
import io.memmap.storage.Publication;
import io.memmap.storage.Publication.Writer;
import io.memmap.storage.SideBySide;
import io.memmap.storage.Staging;
import io.memmap.storage.Storage;
import io.memmap.storage.StoredFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes an array: a file and its sidecar, or the files of a directory that are its shards, and nothing else. Of arrays
 * side by side that a sidecar describes, it deletes the sidecar alone. Driver side.
 */
public record ArrayRemoval(WriteContext context) {
    private static final String SUCCESS = "_SUCCESS";
    private static final Logger LOG = LoggerFactory.getLogger(ArrayRemoval.class);

    /**
     * Deletes the array at the path.
     *
     * @throws IOException when it is no array, or another writer holds its lock
     */
    public void run() throws IOException {
        WriteTarget named = WriteTarget.named(context.options(), context.settings());
        Storage storage = Storage.of(named.path(), context.settings());
        SidecarCreation columns = new SidecarCreation(context, named.path());
        if (columns.isThere()) {
            columns.delete();
            return;
        }
        // A link to a file is removed alone. The files of a directory are removed under the lock of all its writers.
        WriteTarget target = storage.stat(named.path()).directory() ? named.real(storage) : named;
        Writer writer = context.writer(UUID.randomUUID().toString(), "DROP TABLE");
        Publication publication = Publication.lock(storage, target.path(), context.settings(), writer);
        try {
            if (storage.stat(target.path()).directory()) {
                // Its name may be a file's.
                WriteTarget directory = new WriteTarget(target.path(), false, target.format());
                removeDirectory(storage, directory, named.path(), publication, writer);
            } else {
                checkArray(storage, target);
                new DeadWrites(storage, target, context.settings()).remove();
                publication.commit(publication::remove);
            }
        } finally {
            publication.abort();
        }
        context.changed().accept(target.path());
    }

    /** Checks that a query would read the file as an array: a catalog may describe raw files. */
    private void checkArray(Storage storage, WriteTarget target) throws IOException {
        try {
            ExistingTarget.of(storage, target, context, context.options().claims());
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "Cannot drop " + target.path() + ": it is no array that can be written (" + e.getMessage()
                            + "), expected a .npy file or a raw one with its sidecar; remove it as a file",
                    e);
        }
    }

    /**
     * The array is gone once its manifest says so. What a failure leaves is then in the log; to drop it again deletes
     * the rest.
     *
     * @param named the path that the statement names, which may be a link
     */
    private void removeDirectory(
            Storage storage, WriteTarget target, String named, Publication publication, Writer writer)
            throws IOException {
        String path = target.path() + "/" + Manifest.NAME;
        target.checkNotListed(storage);
        Optional<Manifest> manifest = storage.exists(path)
                ? Optional.of(storage.readManifest(path))
                : ExistingTarget.of(storage, target, context).flatMap(ExistingTarget::manifest);
        List<Shard> shards = manifest.map(Manifest::shards).orElse(List.of());
        checkFiles(storage, target, shards);
        new ShardDirectories(storage, target.path())
                .check(shards.stream().map(Shard::directory).toList());
        boolean whole = new DeadWrites(storage, target, context.settings()).remove();
        DeadChanges.end(storage, target.paths(shards), writer);
        Staging staging = publication.stage();
        publication.commit(() -> {
            if (manifest.isPresent()) {
                staging.publishText(path, manifest.get().asDropped().toJson());
            }
        });
        try {
            SideBySide.uninterruptibly("delete the files of " + target.path(), () -> {
                publication.checkTarget();
                removeFiles(storage, target.path(), shards);
                if (!whole) {
                    throw new IOException("files that an earlier write replaced are still there");
                }
                if (manifest.isPresent()) {
                    staging.delete(path);
                }
                storage.deleteEmpty(target.path());
                storage.deleteEmpty(named);
            });
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "{}: dropped, but not all of its files could be deleted; drop it again",
                    target.path(),
                    GivenSecrets.hidden(e));
        }
    }

    /** A manifest may name what no array has: it deletes no directory. */
    private static void checkFiles(Storage storage, WriteTarget target, List<Shard> shards) throws IOException {
        Set<String> directories = storage.list(target.path()).stream()
                .filter(StoredFile::directory)
                .map(StoredFile::name)
                .collect(Collectors.toSet());
        Optional<String> found = Stream.concat(
                        Stream.of(SUCCESS),
                        shards.stream().flatMap(shard -> Stream.of(shard.name(), Sidecar.pathOf(shard.name()))))
                .filter(directories::contains)
                .findFirst();
        if (found.isPresent()) {
            throw new IOException("Cannot drop " + target.path() + ": " + target.path() + "/" + found.get()
                    + " is a directory, expected a file of the array; move it away");
        }
    }

    private static void removeFiles(Storage storage, String directory, List<Shard> shards) throws IOException {
        SideBySide.each("delete the files of " + directory, shards, shard -> {
            storage.deleteFile(Sidecar.pathOf(directory + "/" + shard.name()));
            storage.deleteFile(directory + "/" + shard.name());
        });
        new ShardDirectories(storage, directory)
                .removeEmpty(shards.stream().map(Shard::directory).toList());
        storage.deleteFile(directory + "/" + SUCCESS);
        // Without the manifest, shards whose deletion a power failure undoes would be an array.
        storage.sync(directory);
    }
}
