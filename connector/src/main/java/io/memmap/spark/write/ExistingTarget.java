package io.memmap.spark.write;

import io.memmap.array.Layout;
import io.memmap.format.ArrayFile;
import io.memmap.format.Claims;
import io.memmap.format.Claims.Container;
import io.memmap.format.Claims.TrailingBytes;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.ShardedArray;
import io.memmap.storage.ArrayFinder;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands at the target of a write.
 *
 * @param array empty when it is a directory without any array
 */
record ExistingTarget(Optional<ShardedArray> array, boolean hasManifest) {
    static final ExistingTarget NOTHING = new ExistingTarget(Optional.empty(), false);

    private static final Logger LOG = LoggerFactory.getLogger(ExistingTarget.class);

    /**
     * Looks at a target.
     *
     * @return empty when nothing is there
     * @throws IOException when something is there that is no array
     */
    static Optional<ExistingTarget> of(Storage storage, WriteTarget target, HadoopSettings settings)
            throws IOException {
        if (!storage.exists(target.path())) {
            return Optional.empty();
        }
        boolean directory = storage.stat(target.path()).directory();
        if (directory
                && storage.list(target.path()).stream()
                        .allMatch(file -> file.hidden() && !file.name().equals(Manifest.NAME))) {
            return Optional.of(NOTHING);
        }
        Claims none = new Claims(null, null, null, null, null, Container.AUTO, TrailingBytes.AUTO, true);
        ShardedArray array = new ArrayFinder(settings, none, null, false).find(List.of(target.path()));
        return Optional.of(new ExistingTarget(
                Optional.of(array), directory && storage.exists(target.path() + "/" + Manifest.NAME)));
    }

    /**
     * Looks at a target whose rows will be replaced: where they cannot be read any more, the files that its manifest lists
     * are nobody's.
     *
     * @throws IOException when something is there that no manifest calls an array
     */
    static Optional<ExistingTarget> replaced(Storage storage, WriteTarget target, HadoopSettings settings)
            throws IOException {
        try {
            return of(storage, target, settings);
        } catch (IOException | IllegalArgumentException e) {
            if (!storage.exists(target.path() + "/" + Manifest.NAME)) {
                throw e;
            }
            LOG.warn("{}: overwriting what cannot be read", target.path(), e);
            return Optional.of(new ExistingTarget(Optional.empty(), true));
        }
    }

    /** The files of a directory as its manifest lists them, or would. */
    List<Shard> shards() {
        List<Shard> shards = new ArrayList<>();
        for (ArrayFile file : array.map(ShardedArray::shards).orElse(List.of())) {
            String name = file.path().substring(file.path().lastIndexOf('/') + 1);
            shards.add(new Shard(name, file.layout().rowCount()));
        }
        return shards;
    }

    /** The text of a manifest for a directory that has none; empty where it has no array either. */
    Optional<String> manifest() {
        return array.map(found -> {
            Layout layout = found.first().layout();
            return new Manifest(
                            layout.dtype(),
                            layout.shape().trailing(),
                            layout.order(),
                            found.columnNames(),
                            found.layout(),
                            shards())
                    .toJson();
        });
    }
}
