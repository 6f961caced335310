package io.memmap.dtype;

/** A text is no dtype, or a dtype that cannot be memory-mapped. Callers add the file or option that held the text. */
public final class DTypeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    DTypeException(String message) {
        super(message);
    }
}
