package io.memmap.storage;

import io.memmap.format.Claims;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A directory with arrays, or the directory of a file that was named. A query reads its files or leaves them all out.
 * Driver only.
 *
 * @param source hands out the files, which may take reading a manifest
 * @param partitionTypes SQL's names of the types of partition columns, by the columns' names, where a manifest declares them
 */
record FoundDirectory(String path, Callable<Contents> source, Map<String, String> partitionTypes) {

    /** A directory of which no manifest declares types. */
    FoundDirectory(String path, Callable<Contents> source) {
        this(path, source, Map.of());
    }

    /**
     * The files of a directory.
     *
     * @param tables the columns that a manifest makes of them
     * @param ignored files of a directory that its manifest does not list
     */
    record Contents(List<Candidate> candidates, List<Claims> tables, List<StoredFile> ignored) {}

    /** A directory of which these files were found, and no manifest. */
    static FoundDirectory of(String path, List<Candidate> candidates) {
        return new FoundDirectory(path, () -> new Contents(candidates, List.of(), List.of()));
    }
}
