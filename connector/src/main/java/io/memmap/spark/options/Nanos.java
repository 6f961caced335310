package io.memmap.spark.options;

/** The treatment of times finer than a microsecond: the option {@code nanos}. */
public enum Nanos {
    /** An error where a value is not whole microseconds. */
    ERROR,
    /** Rounded towards the past. */
    TRUNCATE,
    /** The stored count, as BIGINT. */
    LONG
}
