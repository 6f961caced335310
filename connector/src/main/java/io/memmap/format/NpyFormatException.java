package io.memmap.format;

import java.io.IOException;

/** A file is no .npy file, is broken or cut short, or holds what cannot be mapped. */
public sealed class NpyFormatException extends IOException permits LongHeaderException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    public NpyFormatException(String file, String problem) {
        super("Cannot read " + file + ": " + problem);
        this.problem = problem;
    }

    /** The message without the name of the file. */
    String problem() {
        return problem;
    }
}
