package io.memmap.dtype;

/** The endianness of an element, NumPy's first character of a descr. */
public enum ByteOrder {
    LITTLE('<', java.nio.ByteOrder.LITTLE_ENDIAN),
    BIG('>', java.nio.ByteOrder.BIG_ENDIAN),
    /** Bytes have no order: one-byte numbers, {@code S} and {@code V}. */
    NONE('|', java.nio.ByteOrder.LITTLE_ENDIAN);

    private final char symbol;
    private final java.nio.ByteOrder nio;

    ByteOrder(char symbol, java.nio.ByteOrder nio) {
        this.symbol = symbol;
        this.nio = nio;
    }

    /** NumPy's character: {@code <}, {@code >} or {@code |}. */
    public char symbol() {
        return symbol;
    }

    /** The order to set on a buffer before elements are read from it. */
    public java.nio.ByteOrder nio() {
        return nio;
    }

    /** The order of this machine, which NumPy writes as {@code =}. */
    public static ByteOrder ofThisMachine() {
        return java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.BIG_ENDIAN ? BIG : LITTLE;
    }
}
