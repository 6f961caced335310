package io.memmap.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.util.functional.RemoteIterators;

/** Lists directories of a Hadoop file system, and the files there that a pattern matches. */
final class HadoopListing {
    private HadoopListing() {}

    static List<StoredFile> list(Path directory, Configuration configuration) throws IOException {
        return Arrays.stream(directory.getFileSystem(configuration).listStatus(directory))
                .map(HadoopStorage::stored)
                .toList();
    }

    /**
     * Lists the files in and below a directory where one listing has them, as in object stores.
     *
     * @return empty elsewhere, for more than {@code most}, and where only single directories may be listed
     */
    static Optional<List<StoredFile>> filesBelow(Path directory, long most, Configuration configuration)
            throws IOException {
        FileSystem fileSystem = directory.getFileSystem(configuration);
        if (!HadoopStorage.appearsWhenClosed(fileSystem, directory)) {
            return Optional.empty();
        }
        Set<String> paths = new HashSet<>();
        List<StoredFile> files = new ArrayList<>();
        try {
            RemoteIterator<LocatedFileStatus> all = fileSystem.listFiles(directory, true);
            while (all.hasNext()) {
                StoredFile file = HadoopStorage.stored(all.next());
                // Keys with and without an empty part have one path.
                if (files.size() == most || !paths.add(file.path())) {
                    RemoteIterators.cleanupRemoteIterator(all);
                    return Optional.empty();
                }
                files.add(file);
            }
        } catch (AccessDeniedException | FileNotFoundException e) {
            return Optional.empty();
        }
        return Optional.of(files);
    }

    static List<String> glob(String pattern, Configuration configuration) throws IOException {
        List<String> matches = new ArrayList<>();
        for (String expanded : GlobExpander.expand(pattern)) {
            Path path = new Path(expanded);
            FileStatus[] found = path.getFileSystem(configuration).globStatus(path);
            Arrays.stream(found == null ? new FileStatus[0] : found)
                    .map(match -> match.getPath().toString())
                    .filter(match -> !PathPattern.isInHiddenDirectory(match, expanded))
                    .forEach(matches::add);
        }
        return matches;
    }
}
