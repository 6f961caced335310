package io.memmap.spark.options;

/** How the bytes of an S dtype become text: the option {@code stringEncoding}. */
public enum StringEncoding {
    UTF_8,
    LATIN1,
    /** No text: BINARY, full width. */
    BINARY
}
