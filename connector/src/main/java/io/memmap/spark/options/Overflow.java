package io.memmap.spark.options;

/** What becomes of a number that its dtype cannot hold: the option {@code overflow}. */
public enum Overflow {
    ERROR,
    /** The nearest number that it can: fractions are cut off, the rest is clamped. */
    SATURATE,
    /** What NumPy's {@code astype} gives: the low bits of an integer, an infinity for a float. */
    WRAP
}
