package io.memmap.spark.options;

/** The treatment of numbers that their dtype cannot hold: the option {@code overflow}. */
public enum Overflow {
    ERROR,
    /** The nearest number that it can: fractions are cut off, the rest is clamped. */
    SATURATE,
    /** The result of NumPy's {@code astype}: the low bits of an integer, an infinity for a float. */
    WRAP
}
