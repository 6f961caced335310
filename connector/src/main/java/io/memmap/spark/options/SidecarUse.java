package io.memmap.spark.options;

/** The use of sidecar files: the option {@code sidecar}. */
public enum SidecarUse {
    /** Read where there is one. */
    AUTO,
    IGNORE
}
