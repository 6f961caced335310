package io.memmap.dtype;

/** A text is no dtype, or a dtype that cannot be memory-mapped. Callers add the file or option that held the text. */
public final class DTypeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final boolean foreignValues;

    DTypeException(String verb, String problem) {
        this(verb, problem, false);
    }

    private DTypeException(String verb, String problem, boolean foreignValues) {
        super("Cannot " + verb + " " + problem);
        this.problem = problem;
        this.foreignValues = foreignValues;
    }

    /** The same about a dtype of NumPy for which there are no values here. */
    DTypeException ofForeignValues() {
        return new DTypeException("parse", problem, true);
    }

    /**
     * Returns true for Python objects, longdoubles, times without a unit and elements without bytes: the text is intact, but
     * there are no such values here.
     */
    public boolean hasForeignValues() {
        return foreignValues;
    }

    /** The message without its verb, {@code dtype '|O': …, expected …}, to be put into another one. */
    public String problem() {
        return problem;
    }
}
