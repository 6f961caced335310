package io.memmap.spark.options;

/** How the bytes of a file are reached: the option {@code access}. */
public enum Access {
    /** Mapped where the file system is local, else read. */
    AUTO,
    /** Mapped; an error where the file system is not local. */
    MAP,
    READ
}
