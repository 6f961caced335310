package io.memmap.spark.options;

/** What becomes of times finer than a microsecond: the option {@code nanos}. */
public enum Nanos {
    /** An error where a value is not whole microseconds. */
    ERROR,
    /** Rounded towards the past. */
    TRUNCATE,
    /** The stored count, as BIGINT. */
    LONG
}
