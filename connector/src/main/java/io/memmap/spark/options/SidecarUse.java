package io.memmap.spark.options;

/** Whether sidecar files are believed: the option {@code sidecar}. */
public enum SidecarUse {
    /** Read where there is one. */
    AUTO,
    IGNORE
}
