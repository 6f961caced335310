package io.memmap.spark.read.decode;

import io.memmap.dtype.ValueException;

/** A value that its Spark type cannot hold. The reader that knows file, row and column makes the message of it. */
final class BadValueException extends ValueException {
    private static final long serialVersionUID = 1L;

    private final int slot;
    private final String column;

    /**
     * @param slot the value's place in the batch
     * @param reason what was found and what was expected
     */
    BadValueException(int slot, String reason) {
        this(slot, reason, "");
    }

    private BadValueException(int slot, String reason, String column) {
        super(reason);
        this.slot = slot;
        this.column = column;
    }

    /** The same value, seen as part of a larger one. */
    BadValueException inSlot(int outer) {
        return new BadValueException(outer, getMessage(), column);
    }

    BadValueException inColumn(String name) {
        return new BadValueException(slot, getMessage(), name);
    }

    int slot() {
        return slot;
    }

    String column() {
        return column;
    }
}
