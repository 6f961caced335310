package io.memmap.spark.write.encode;

import io.memmap.dtype.ValueException;

/** A value that its dtype cannot hold. The caller that knows file and row makes the message of it. */
public final class BadValueException extends ValueException {
    private static final long serialVersionUID = 1L;

    /** The value's place in the row: {@code a}, or {@code a.b[3]} inside a STRUCT and an ARRAY. */
    private final String column;

    private final String reason;

    /** @param reason what was found and what was expected */
    BadValueException(String reason) {
        this("", reason);
    }

    private BadValueException(String column, String reason) {
        super(column.isEmpty() ? reason : "column '" + column + "': " + reason);
        this.column = column;
        this.reason = reason;
    }

    /** The same, of a field or column of this name. */
    BadValueException inField(String name) {
        boolean whole = column.isEmpty() || column.startsWith("[");
        return new BadValueException(name + (whole ? "" : ".") + column, reason);
    }

    /** The same, of an array's element. */
    BadValueException inElement(int index) {
        boolean whole = column.isEmpty() || column.startsWith("[");
        return new BadValueException("[" + index + "]" + (whole ? "" : ".") + column, reason);
    }
}
