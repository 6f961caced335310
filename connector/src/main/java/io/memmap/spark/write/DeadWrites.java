package io.memmap.spark.write;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import io.memmap.format.Fingerprint;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.Sidecar;
import io.memmap.storage.GivenSecrets;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Leftovers;
import io.memmap.storage.Publication;
import io.memmap.storage.SideBySide;
import io.memmap.storage.Storage;
import io.memmap.storage.StoredFile;
import io.memmap.storage.Upload;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a target that no write will publish or delete any more: its writer died, or could not delete what it replaced.
 * Without a manifest such shards would be an array. Driver side, under the target's lock.
 */
record DeadWrites(Storage storage, WriteTarget target, HadoopSettings settings) {
    /** The note in a staging directory: the shards that the write adds and replaces. */
    private static final String NOTE = "/.shards.json";

    private static final int NBYTES = 2;
    private static final int FINGERPRINTED = 4;
    private static final Logger LOG = LoggerFactory.getLogger(DeadWrites.class);

    /** Notes which files a write adds under which names, also those without rows, and which it replaces. */
    void note(
            String staging,
            List<Segment> segments,
            ShardNames names,
            Collection<Shard> withoutRows,
            List<Shard> replaced)
            throws IOException {
        List<List<Object>> files = new ArrayList<>();
        Map<String, String> paths = new LinkedHashMap<>();
        int added = 0;
        for (Segment segment : segments) {
            String name = segment.shard(names, added);
            if (segment.upload() != null) {
                files.add(List.of(name));
            } else {
                paths.put(name, segment.path());
            }
            added++;
        }
        withoutRows.forEach(shard -> files.add(List.of(shard.name())));
        replaced.forEach(shard -> paths.put(shard.name(), target.path() + "/" + shard.name()));
        SideBySide.all("look at the files of " + target.path(), List.copyOf(paths.entrySet()), this::noted)
                .forEach(file -> file.ifPresent(files::add));
        storage.writeText(staging + NOTE, Literal.toJson(files));
    }

    /** @return empty for a file that is not there */
    private Optional<List<Object>> noted(Map.Entry<String, String> file) throws IOException {
        try {
            return Optional.of(noted(file.getKey(), file.getValue()));
        } catch (FileNotFoundException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private List<Object> noted(String name, String path) throws IOException {
        Fingerprint file = storage.stat(path).fingerprint();
        return List.of(name, file.key(), file.nbytes(), file.modified());
    }

    /**
     * Deletes the files. Returns false if one could not be deleted; its staging directory stays then.
     *
     * @throws IOException when an old file that waits there cannot get its name back
     */
    boolean remove() throws IOException {
        boolean all = true;
        for (StoredFile file : Leftovers.of(storage, target.path())) {
            LOG.warn("{}: removing {}, left by a write that died", target.path(), file.path());
            if (file.directory()) {
                Publication.restore(storage, file.path(), target.path());
            }
            try {
                if (file.directory()) {
                    removeUnlisted(file.path());
                    Upload.abandonAll(file.path(), target.path(), settings);
                }
                storage.delete(file.path());
            } catch (IOException | IllegalArgumentException e) {
                // A name in a note may be no path here.
                LOG.warn("{}: not all of {} could be removed", target.path(), file.path(), GivenSecrets.hidden(e));
                all = false;
            }
        }
        return all;
    }

    /** Deletes the noted files that no manifest lists, if they are the very files. */
    private void removeUnlisted(String staging) throws IOException {
        String path = target.path() + "/" + Manifest.NAME;
        if (target.file() || !storage.exists(staging + NOTE) || !storage.exists(path)) {
            return;
        }
        Manifest manifest = storage.readManifest(path);
        Set<String> listed = manifest.shards().stream().map(Shard::name).collect(Collectors.toSet());
        for (List<?> file : noted(staging)) {
            String name = (String) file.get(0);
            String shard = target.path() + "/" + name;
            if (mayBeNoted(file) && !listed.contains(name)) {
                ShardDirectories directories = new ShardDirectories(storage, target.path());
                List<String> directory = List.of(new Shard(name, 0).directory());
                directories.check(directory);
                if (storage.exists(shard) && isNoted(file, name, shard)) {
                    LOG.warn("{}: removing {}, which a write that died has left", target.path(), name);
                    storage.deleteFile(shard);
                    storage.deleteFile(Sidecar.pathOf(shard));
                }
                directories.removeEmpty(directory);
            }
        }
    }

    /** Returns true for the very file. A rename that is a copy gives it another identity, but not another name and length. */
    private boolean isNoted(List<?> file, String name, String shard) throws IOException {
        if (file.size() < FINGERPRINTED) {
            return true;
        }
        List<Object> found = noted(name, shard);
        boolean copied = isGiven(name) && !storage.replacesInOneStep(shard);
        return copied ? found.get(NBYTES).equals(file.get(NBYTES)) : found.equals(file);
    }

    /**
     * Reads a note: a list for each file, which begins with the file's name.
     *
     * @throws IOException naming the note, for any text that is none
     */
    private List<List<?>> noted(String staging) throws IOException {
        String text = storage.readText(staging + NOTE, Manifest.MAX_NBYTES);
        List<List<?>> files = new ArrayList<>();
        try {
            if (!(Literal.parseJson(text) instanceof List<?> all)) {
                throw noNote(staging, "it is no list", null);
            }
            for (Object each : all) {
                if (!(each instanceof List<?> file) || file.isEmpty() || !(file.get(0) instanceof String)) {
                    throw noNote(staging, "item " + files.size() + " is no list that begins with a name", null);
                }
                files.add(file);
            }
        } catch (LiteralException e) {
            if (!storage.replacesInOneStep(staging) && !storage.appearsWhenClosed(staging)) {
                // Its writer died within the note, before it moved anything.
                return List.of();
            }
            throw noNote(staging, "it is no JSON; " + e.problem(), e);
        }
        return files;
    }

    private IOException noNote(String staging, String problem, Exception cause) {
        return new IOException(
                "Cannot read " + staging + NOTE + ": " + problem + ", expected the files of a write that died, of which"
                        + " some may be left in " + target.path() + "; remove " + staging,
                cause);
    }

    /** Returns true for the names that this source gives, and with a fingerprint for all plain ones. */
    private static boolean mayBeNoted(List<?> file) {
        String name = (String) file.get(0);
        return Shard.isPath(name) && (file.size() >= FINGERPRINTED || isGiven(name));
    }

    private static boolean isGiven(String name) {
        return ShardNames.PATTERN.matcher(Storage.name(name)).matches();
    }
}
