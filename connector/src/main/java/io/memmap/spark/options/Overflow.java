package io.memmap.spark.options;

/** The treatment of numbers that their dtype cannot hold: the option {@code overflow}. */
public enum Overflow {
    ERROR,
    /** The nearest number that it can: fractions are cut off, the rest is clamped. */
    SATURATE,
    /** The result of NumPy's {@code astype}: the low bits of an integer, an infinity for a float. */
    WRAP;

    /** The end of messages that advise to set the option: SQL has no place for it in a statement. */
    public static final String IN_SQL =
            "; in SQL overflow is a setting of the catalog, as in spark.sql.catalog.memmap.overflow=saturate";
}
