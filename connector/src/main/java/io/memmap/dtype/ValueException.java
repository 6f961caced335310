package io.memmap.dtype;

/** A value that its dtype or its Spark type cannot hold. The caller adds file, row and column. */
public abstract class ValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param reason what was found and what was expected */
    protected ValueException(String reason) {
        super(reason);
    }
}
