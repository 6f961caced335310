package io.memmap.spark.options;

/** The way to the bytes of a file, mapped or read: the option {@code access}. */
public enum Access {
    /** Each piece mapped or read, whichever is faster, where the file system is local; else read. */
    AUTO,
    /** Mapped; an error where the file system is not local. */
    MAP,
    READ
}
