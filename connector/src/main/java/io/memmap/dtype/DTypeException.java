package io.memmap.dtype;

/** A text is no dtype, or a dtype that cannot be memory-mapped. Callers add the file or option that held the text. */
public final class DTypeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    DTypeException(String verb, String problem) {
        super("Cannot " + verb + " " + problem);
        this.problem = problem;
    }

    /** The message without its verb, {@code dtype '|O': …, expected …}, to be put into another one. */
    public String problem() {
        return problem;
    }
}
