package io.memmap.spark.options;

/** The kind of target that a write makes: the option {@code output}. */
public enum Output {
    /** A file where the path ends as array files do, else a directory. */
    AUTO,
    FILE,
    DIRECTORY
}
