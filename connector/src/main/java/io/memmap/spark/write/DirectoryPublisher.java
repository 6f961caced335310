package io.memmap.spark.write;

import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.format.NpyHeader;
import io.memmap.format.Sidecar;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives shards their final names and makes them visible by writing the manifest: a reader sees what the manifest lists, so
 * the old shards before that moment and the new ones after it. Driver side.
 */
record DirectoryPublisher(Storage storage, WriteTarget target, String staging, String queryId) {
    private static final Pattern NUMBERED = Pattern.compile("part-(\\d+)-.*");
    private static final String SUCCESS = "_SUCCESS";
    private static final int ID_LENGTH = 8;

    /**
     * Publishes segments behind the shards that are there.
     *
     * @param before what the directory holds, null when it is not there
     * @param overwrite whether the segments take the place of what is there
     */
    void publish(WrittenArray array, List<Segment> segments, Optional<ExistingTarget> before, boolean overwrite)
            throws IOException {
        List<Shard> old = before.map(ExistingTarget::shards).orElse(List.of());
        String home = before.isPresent() ? target.path() : staging;
        if (before.isPresent() && !before.get().hasManifest()) {
            // From here on a reader sees what is listed: the old shards, until the new manifest is there.
            writeManifest(home, array, old);
        }
        int number = old.stream().mapToInt(DirectoryPublisher::number).max().orElse(-1) + 1;
        List<Shard> shards = new ArrayList<>(overwrite ? List.of() : old);
        for (Segment segment : segments) {
            shards.add(publish(segment, home, number));
            number++;
        }
        if (shards.isEmpty()) {
            shards.add(writeEmpty(array, home, number));
        }
        writeManifest(home, array, shards);
        storage.writeText(home + "/" + SUCCESS, "");
        if (before.isEmpty()) {
            storage.move(staging, target.path());
        } else if (overwrite) {
            for (Shard shard : old) {
                storage.delete(home + "/" + shard.name());
                storage.delete(Sidecar.pathOf(home + "/" + shard.name()));
            }
        }
    }

    private String name(int number) {
        return String.format(
                Locale.ROOT, "part-%06d-%s%s", number, queryId.substring(0, ID_LENGTH), target.raw() ? ".dat" : ".npy");
    }

    private Shard publish(Segment segment, String home, int number) throws IOException {
        String name = name(number);
        if (target.raw()) {
            storage.move(Sidecar.pathOf(segment.path()), Sidecar.pathOf(home + "/" + name));
        }
        storage.move(segment.path(), home + "/" + name);
        return new Shard(name, segment.rows());
    }

    /** An array without rows is an array, with a dtype and a shape. */
    private Shard writeEmpty(WrittenArray array, String home, int number) throws IOException {
        String name = name(number);
        byte[] head = target.raw()
                ? new byte[0]
                : NpyHeader.write(array.dtype(), MemmapDataWriter.shape(array, 0), array.order());
        storage.concat(home + "/" + name, head, List.of());
        if (target.raw()) {
            storage.writeText(
                    Sidecar.pathOf(home + "/" + name),
                    MemmapDataWriter.sidecar(array, 0, 0).toJson());
        }
        return new Shard(name, 0);
    }

    private void writeManifest(String home, WrittenArray array, List<Shard> shards) throws IOException {
        Manifest manifest = new Manifest(
                array.dtype(), array.trailing(), array.order(), array.columnNames(), array.layout(), shards);
        storage.writeText(home + "/" + Manifest.NAME, manifest.toJson());
    }

    private static int number(Shard shard) {
        Matcher matcher = NUMBERED.matcher(shard.name());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
