package io.memmap.spark.options;

/** What a write makes of its path: the option {@code output}. */
public enum Output {
    /** A file where the path ends as array files do, else a directory. */
    AUTO,
    FILE,
    DIRECTORY
}
