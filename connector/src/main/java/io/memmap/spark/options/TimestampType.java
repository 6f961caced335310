package io.memmap.spark.options;

/** Spark's timestamp type for a datetime64: the option {@code timestampType}. */
public enum TimestampType {
    NTZ,
    /** The stored value is an instant in UTC. */
    LTZ
}
