package io.memmap.spark.options;

/** The encoding of the text in an S dtype: the option {@code stringEncoding}. */
public enum StringEncoding {
    UTF_8,
    LATIN1,
    /** No text: BINARY, full width. */
    BINARY
}
