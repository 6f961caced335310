package io.memmap.spark.write;

import io.memmap.dtype.RecordDType;
import io.memmap.format.ColumnArray;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.RowLayout;
import io.memmap.format.Sidecar;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenPartition;
import io.memmap.spark.write.encode.PartitionDirectories;
import io.memmap.storage.GivenSecrets;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.HiddenNames;
import io.memmap.storage.Leftovers;
import io.memmap.storage.Publication.Commit;
import io.memmap.storage.SideBySide;
import io.memmap.storage.Staging;
import io.memmap.storage.Storage;
import io.memmap.storage.StoredFile;
import io.memmap.storage.Upload;
import io.memmap.storage.UploadedPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives shards their final names and makes them visible by writing the manifest: a reader sees what the manifest lists, so
 * the old shards before that moment and the new ones after it. Driver side.
 *
 * @param checkTarget throws if the directory is not the one any more that this may write to
 */
record DirectoryPublisher(
        Storage storage,
        WriteTarget target,
        String staging,
        String queryId,
        List<WrittenPartition> partitions,
        Map<String, String> partitionTypes,
        HadoopSettings settings,
        Commit checkTarget) {
    private static final String SUCCESS = "_SUCCESS";
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryPublisher.class);

    /**
     * Publishes segments after the existing shards.
     *
     * @param before what the directory holds, empty when it is not there
     * @param replaced the rows whose place the segments take
     * @return false if replaced files are still there. The next write deletes them by the note in the staging directory
     * @throws IOException when they are not published; what was there still is
     */
    boolean publish(WrittenArray array, List<Segment> segments, Optional<ExistingTarget> before, Replaced replaced)
            throws IOException {
        new ShardDirectories(storage, target.path()).checkNames(directoriesOf(segments));
        if (before.isEmpty() && !storage.movesDirectories(target.path())) {
            storage.makeDirectory(target.path());
            return replace(array, segments, ExistingTarget.NOTHING, replaced);
        } else if (before.isEmpty()) {
            // Of its own, so that nothing goes along that other attempts left in the staging directory.
            String home = staged().makeDirectory(HiddenNames.STAGED_ARRAY);
            List<Shard> shards = new ArrayList<>();
            ShardNames names = new ShardNames(home, 0, queryId, target.raw());
            move(segments, names, shards);
            if (shards.isEmpty()) {
                add(withoutRows(array, names), names, shards);
            }
            storage.writeText(home + "/" + Manifest.NAME, json(array, shards));
            storage.writeText(home + "/" + SUCCESS, "");
            staged().publishDirectory(home, target.path());
            return true;
        } else {
            return replace(array, segments, before.get(), replaced);
        }
    }

    private Staging staged() {
        return new Staging(storage, staging);
    }

    private boolean replace(WrittenArray array, List<Segment> segments, ExistingTarget before, Replaced replaced)
            throws IOException {
        String home = target.path();
        List<Shard> old = before.shards();
        List<Shard> removed = removed(old, segments, replaced);
        List<Shard> all = new ArrayList<>(old);
        all.removeAll(new HashSet<>(removed));
        ShardNames names = names(before);
        Map<Shard, WrittenArray> empty = segments.isEmpty() && all.isEmpty() ? withoutRows(array, names) : Map.of();
        ShardDirectories directories = new ShardDirectories(storage, home);
        Set<String> touched = new LinkedHashSet<>(directoriesOf(segments));
        touched.addAll(directories(removed));
        touched.addAll(directories(empty.keySet()));
        directories.check(touched);
        checkTarget.run();
        if (!before.hasManifest()) {
            // From here on a reader sees what is listed: the old shards, until the new manifest is there.
            Optional<Manifest> listed = before.manifest();
            staged().writeText(
                            home + "/" + Manifest.NAME,
                            listed.isPresent() ? listed.get().toJson() : json(array, List.of()));
        }
        List<Shard> shards = new ArrayList<>();
        String manifest = null;
        try {
            new DeadWrites(storage, target, settings).note(staging, segments, names, empty.keySet(), removed);
            move(segments, names, shards);
            add(empty, names, shards);
            all.addAll(shards);
            manifest = json(array, all);
            checkTarget.run();
            staged().publishText(home + "/" + Manifest.NAME, manifest);
        } catch (IOException | RuntimeException e) {
            if (!isPublishedDespite(e, shards, manifest, before)) {
                throw e;
            }
        }
        try {
            SideBySide.uninterruptibly("remove what was replaced in " + home, () -> {
                checkTarget.run();
                remove(home, removed);
                removeInProgress(home);
                storage.writeText(home + "/" + SUCCESS, "");
            });
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: written, but not all that it replaced could be removed", home, GivenSecrets.hidden(e));
            return false;
        }
    }

    /** With the file of an array without rows, which may be in the directory of NULLs, once there are rows. */
    private List<Shard> removed(List<Shard> old, List<Segment> segments, Replaced replaced) {
        Set<Shard> removed = new LinkedHashSet<>(replaced.of(old, segments));
        if (!segments.isEmpty() && !partitions.isEmpty()) {
            old.stream().filter(shard -> shard.rows() == 0).forEach(removed::add);
        }
        return List.copyOf(removed);
    }

    /** Removes a file that was to become a manifest, or the mark of success. */
    private void removeInProgress(String home) throws IOException {
        for (String name : List.of(Manifest.NAME, SUCCESS)) {
            for (StoredFile file : Leftovers.of(storage, home + "/" + name)) {
                LOG.warn("{}: removing {}, which a write that died has left", home, file.name());
                storage.delete(file.path());
            }
        }
    }

    /** Returns true if the new shards are published after all. An interrupt, which may be the cause, does not reach this. */
    private boolean isPublishedDespite(Exception cause, List<Shard> shards, String manifest, ExistingTarget before) {
        try {
            return SideBySide.uninterruptibly(
                    "settle the shards of " + target.path(), () -> settle(shards, manifest, before));
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    /**
     * Says whether the new shards are published. Where they are not, no reader has seen them, and they are removed.
     */
    private boolean settle(List<Shard> shards, String manifest, ExistingTarget before) throws IOException {
        String home = target.path();
        String path = home + "/" + Manifest.NAME;
        byte[] wanted = manifest == null ? new byte[0] : manifest.getBytes(StandardCharsets.UTF_8);
        if (manifest != null
                && storage.exists(path)
                && Arrays.equals(storage.read(path, 0, wanted.length + 1), wanted)) {
            return true;
        }
        remove(home, shards);
        if (!before.hasManifest()) {
            // Last: without it, what is left here would be rows. With it, files that NumPy saves here later would be
            // none.
            storage.sync(home);
            checkTarget.run();
            staged().delete(path);
        }
        return false;
    }

    private void remove(String home, List<Shard> shards) throws IOException {
        SideBySide.each("delete the files of " + home, shards, shard -> {
            storage.deleteFile(home + "/" + shard.name());
            storage.deleteFile(Sidecar.pathOf(home + "/" + shard.name()));
        });
        new ShardDirectories(storage, home).removeEmpty(directories(shards));
    }

    private static List<String> directoriesOf(List<Segment> segments) {
        return segments.stream().map(Segment::directory).toList();
    }

    private static List<String> directories(Collection<Shard> shards) {
        return shards.stream().map(Shard::directory).toList();
    }

    /** The names of shards after the existing ones. */
    ShardNames names(ExistingTarget before) {
        int first = before.shards().stream()
                .mapToInt(shard -> ShardNames.numberBehind(
                        shard.name().substring(shard.directory().length())))
                .max()
                .orElse(0);
        return new ShardNames(target.path(), first, queryId, target.raw());
    }

    /** Makes shards of the segments, and adds each to {@code shards} before its first file is there. */
    private void move(List<Segment> segments, ShardNames names, List<Shard> shards) throws IOException {
        Map<Upload, List<UploadedPart>> uploads = new LinkedHashMap<>();
        ShardDirectories directories = new ShardDirectories(storage, names.directory());
        List<String> below = directoriesOf(segments);
        directories.make(below);
        for (Segment segment : segments) {
            String name = segment.shard(names, shards.size());
            String path = names.directory() + "/" + name;
            shards.add(new Shard(name, segment.rows()));
            if (target.raw()) {
                storage.rename(Sidecar.pathOf(staging + "/" + Storage.name(segment.path())), Sidecar.pathOf(path));
            }
            if (segment.upload() != null) {
                Upload upload = new Upload(settings, segment.path(), staging, segment.upload(), 1);
                uploads.put(upload, segment.file().uploaded());
            } else {
                storage.rename(segment.path(), path);
            }
        }
        directories.sync(below.isEmpty() ? List.of("") : below);
        if (!uploads.isEmpty()) {
            Upload.completeAll(uploads);
        }
    }

    /** The shards of an array without rows, which is an array, with a dtype and a shape. */
    private Map<Shard, WrittenArray> withoutRows(WrittenArray array, ShardNames names) {
        Map<Shard, WrittenArray> empty = new LinkedHashMap<>();
        if (array.layout() == RowLayout.SIDE_BY_SIDE) {
            for (ColumnArray column : ColumnArray.of((RecordDType) array.dtype())) {
                empty.put(new Shard(column.directory() + names.name(empty.size()), 0), array.of(column));
            }
        } else {
            // Of partitions the directory of NULLs says the columns.
            empty.put(new Shard(PartitionDirectories.ofNulls(partitions) + names.name(0), 0), array);
        }
        return empty;
    }

    private void add(Map<Shard, WrittenArray> empty, ShardNames names, List<Shard> shards) throws IOException {
        ShardDirectories directories = new ShardDirectories(storage, names.directory());
        directories.make(directories(empty.keySet()));
        for (Map.Entry<Shard, WrittenArray> shard : empty.entrySet()) {
            shards.add(shard.getKey());
            add(shard.getValue(), names.directory() + "/" + shard.getKey().name());
        }
        directories.sync(directories(empty.keySet()));
    }

    private void add(WrittenArray array, String path) throws IOException {
        storage.concat(path, array.header(0), List.of());
        Optional<Sidecar> sidecar = array.sidecar(0, 0);
        if (sidecar.isPresent()) {
            storage.writeText(Sidecar.pathOf(path), sidecar.get().toJson());
        }
    }

    private String json(WrittenArray array, List<Shard> shards) throws IOException {
        // Without rows no directory's name tells of what type its column is.
        boolean told = shards.stream().anyMatch(shard -> shard.rows() > 0);
        Map<String, String> types =
                told || !partitionTypes.isEmpty() ? partitionTypes : WrittenPartition.types(partitions);
        String json = array.manifest(shards).withPartitionTypes(types).toJson();
        long nbytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (nbytes > Manifest.MAX_NBYTES) {
            throw new IOException("Cannot write " + target.path() + ": a manifest of " + shards.size() + " shards has "
                    + nbytes + " bytes, expected at most " + Manifest.MAX_NBYTES + "; write fewer and larger shards");
        }
        return json;
    }
}
