package io.memmap.spark.read.decode;

/** A value that its Spark type cannot hold. The reader that knows file, row and column makes the message of it. */
final class BadValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int slot;

    /**
     * @param slot the value's place in the batch
     * @param reason what was found and what was expected
     */
    BadValueException(int slot, String reason) {
        super(reason);
        this.slot = slot;
    }

    /** The same value, seen as part of a larger one. */
    BadValueException inSlot(int outer) {
        return new BadValueException(outer, getMessage());
    }

    int slot() {
        return slot;
    }
}
