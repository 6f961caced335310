package io.memmap.spark.options;

/** What a file does to a query by changing under it: the option {@code concurrentWrites}. */
public enum ConcurrentWrites {
    ERROR,
    ALLOW
}
