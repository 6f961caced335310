package io.memmap.format;

import java.util.function.IntFunction;

/** A .npy header is longer than its reader takes. Each caller knows what its own users do about that. */
public final class LongHeaderException extends NpyFormatException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String problem;
    private final int length;

    LongHeaderException(String file, int length, String unit, int most) {
        this(file, length, "its header has " + length + " " + unit + ", expected at most " + most);
    }

    private LongHeaderException(String file, int length, String problem) {
        super(file, problem);
        this.file = file;
        this.problem = problem;
        this.length = length;
    }

    /** The length that a reader would have to take. */
    int length() {
        return length;
    }

    /**
     * The same with a remedy.
     *
     * @param remedy to follow the words "if you trust the file", for a reader of this length
     */
    public NpyFormatException advising(IntFunction<String> remedy) {
        return new NpyFormatException(
                file,
                problem + "; if you trust the file, " + remedy.apply(length) + ", as np.load(max_header_size=" + length
                        + ") would need");
    }
}
