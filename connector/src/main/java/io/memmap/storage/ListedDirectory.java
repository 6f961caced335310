package io.memmap.storage;

import io.memmap.format.Manifest;
import io.memmap.format.Sidecar;
import io.memmap.storage.FoundDirectory.Contents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A directory whose manifest lists its files. Driver only.
 *
 * @param argument the number of the given path that led to it
 * @param file the manifest
 * @param children the files of the directory as they were listed
 * @param arrays the files that would be arrays without a manifest
 */
record ListedDirectory(
        int argument,
        Storage storage,
        StoredFile directory,
        StoredFile file,
        List<StoredFile> children,
        boolean sidecars,
        Predicate<StoredFile> arrays) {

    /**
     * Reads the manifest.
     *
     * @throws IOException when it lists no file, or one that is not there
     */
    Contents contents() throws IOException {
        Manifest manifest = storage.readManifest(file.path());
        if (manifest.dropped()) {
            throw new IOException(
                    "Cannot read " + directory.path() + ": the array was dropped, but not all of its files"
                            + " could be deleted, expected an array; drop it again, or overwrite it");
        }
        if (manifest.shards().isEmpty()) {
            throw new IOException("Cannot read " + directory.path() + ": its manifest " + Manifest.NAME
                    + " lists no shard, expected at least one");
        }
        Map<String, StoredFile> byName = byName(children);
        if (!manifest.shards().stream().allMatch(shard -> byName.containsKey(shard.name()))) {
            // It may be newer than the listing.
            byName.putAll(byName(storage.list(directory.path())));
        }
        List<Candidate> candidates = new ArrayList<>();
        for (Manifest.Shard shard : manifest.shards()) {
            StoredFile listed = byName.get(shard.name());
            if (listed == null) {
                throw new IOException("Cannot read " + directory.path() + ": its manifest " + Manifest.NAME + " lists "
                        + shard.name() + ", which is not there, expected all of its "
                        + manifest.shards().size()
                        + " shards; restore it, or remove the manifest to read what is left");
            }
            if (listed.directory()) {
                throw ArrayFinder.notAFile(listed);
            }
            boolean sidecar = sidecars && byName.containsKey(Sidecar.pathOf(shard.name()));
            candidates.add(new Candidate(
                    argument,
                    storage,
                    ArrayFinder.regular(storage, listed),
                    ArrayFinder.beside(listed, sidecar),
                    Optional.of(manifest.claims(shard, file.path()))));
        }
        Set<String> shards =
                manifest.shards().stream().map(Manifest.Shard::name).collect(Collectors.toSet());
        List<StoredFile> ignored = children.stream()
                .filter(child -> !child.directory() && arrays.test(child) && !shards.contains(child.name()))
                .toList();
        return new Contents(
                candidates,
                List.of(manifest.claims(manifest.shards().get(0), file.path()).ofTable()),
                ignored);
    }

    /** Names that this JVM cannot decode may come out alike; no manifest lists them. */
    private static Map<String, StoredFile> byName(List<StoredFile> files) {
        return files.stream().collect(Collectors.toMap(StoredFile::name, Function.identity(), (one, other) -> one));
    }
}
