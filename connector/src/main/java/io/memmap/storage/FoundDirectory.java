package io.memmap.storage;

import io.memmap.format.Claims;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A directory with arrays, or the directory of a file that was named. A query reads its files or leaves them all out.
 * Driver only.
 *
 * @param partitionTypes SQL's names of the types of partition columns, by the columns' names, where a manifest declares them
 */
record FoundDirectory(String path, Source source, Map<String, String> partitionTypes) {

    /** A directory of which no manifest declares types. */
    FoundDirectory(String path, Source source) {
        this(path, source, Map.of());
    }

    /** Hands out the files, which may take reading a manifest. */
    @FunctionalInterface
    interface Source {
        Contents contents() throws IOException;
    }

    /**
     * The files of a directory.
     *
     * @param tables the columns that a manifest makes of them
     * @param ignored files of a directory that its manifest does not list
     */
    record Contents(List<Candidate> candidates, List<Claims> tables, List<StoredFile> ignored) {
        static Contents of(List<Candidate> candidates) {
            return new Contents(candidates, List.of(), List.of());
        }
    }

    static FoundDirectory of(String path, Contents contents) {
        return new FoundDirectory(path, () -> contents);
    }
}
