package io.memmap.spark.options;

/** Which of Spark's timestamps a datetime64 becomes: the option {@code timestampType}. */
public enum TimestampType {
    NTZ,
    /** The stored value is an instant in UTC. */
    LTZ
}
