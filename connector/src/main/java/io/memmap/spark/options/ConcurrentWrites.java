package io.memmap.spark.options;

/** The effect of a file that changes during a query: the option {@code concurrentWrites}. */
public enum ConcurrentWrites {
    ERROR,
    ALLOW
}
