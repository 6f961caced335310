package io.memmap.dtype;

/** The kind of a scalar, NumPy's {@code dtype.kind}. */
public enum Kind {
    BOOL('b'),
    INT('i'),
    UINT('u'),
    FLOAT('f'),
    /** The upper half of a float32, as ml_dtypes has it. NumPy saves it as {@code V2}. */
    BFLOAT16('V'),
    COMPLEX('c'),
    /** Fixed-width bytes; trailing NULs are not part of the value. */
    BYTES('S'),
    /** Fixed-width UTF-32; trailing NULs are not part of the value. */
    UNICODE('U'),
    VOID('V'),
    DATETIME('M'),
    TIMEDELTA('m');

    private final char symbol;

    Kind(char symbol) {
        this.symbol = symbol;
    }

    /** The letter in a descr. */
    public char symbol() {
        return symbol;
    }
}
