package io.memmap.format;

import java.io.IOException;

/** A file is no .npy file, is broken or cut short, or holds what cannot be mapped. */
public sealed class NpyFormatException extends IOException permits LongHeaderException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final boolean unsupported;

    public NpyFormatException(String file, String problem) {
        this(file, problem, false);
    }

    private NpyFormatException(String file, String problem, boolean unsupported) {
        super("Cannot read " + file + ": " + problem);
        this.problem = problem;
        this.unsupported = unsupported;
    }

    /** An intact file, whose values cannot be read. */
    static NpyFormatException unsupported(String file, String problem) {
        return new NpyFormatException(file, problem, true);
    }

    /** Returns true if the file is intact, and only its values cannot be read. */
    boolean isUnsupported() {
        return unsupported;
    }

    /** The message without the name of the file. */
    String problem() {
        return problem;
    }
}
