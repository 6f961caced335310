package io.memmap.storage;

import io.memmap.format.Claims;
import java.io.IOException;
import java.util.List;

/**
 * A directory with arrays, or the directory of a file that was named. A query reads its files or leaves them all out.
 * Driver only.
 */
record FoundDirectory(String path, Source source) {

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
