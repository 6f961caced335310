package io.memmap.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** An array of int64 that a job has published, one file or a directory of shards, seen without the connector. */
record PublishedFiles(Path target) {

    long[] longs() throws IOException {
        if (!Files.isDirectory(target)) {
            return SavedFiles.npyLongs(target);
        }
        LongStream all = LongStream.empty();
        for (String shard : SavedFiles.shards(target)) {
            all = LongStream.concat(all, LongStream.of(SavedFiles.npyLongs(target.resolve(shard))));
        }
        return all.toArray();
    }

    /** Everything in the target's directory, hidden or not; files with identity, time and content. */
    Map<String, String> surroundings() throws IOException {
        Path directory = target.getParent();
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
                String state = file.isDirectory()
                        ? "directory"
                        : file.fileKey() + " " + file.lastModifiedTime() + " "
                                + Arrays.hashCode(Files.readAllBytes(path));
                found.put(directory.relativize(path).toString(), state);
            }
        }
        return found;
    }
}
