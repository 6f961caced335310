package io.memmap.spark.options;

/** The way to the bytes of a file, mapped or read: the option {@code access}. */
public enum Access {
    /** Mapped where the file system is local and a map costs less than a read, else read. */
    AUTO,
    /** Mapped; an error where the file system is not local. */
    MAP,
    READ
}
