package io.memmap.spark.options;

/** The rows that an overwrite of a partitioned table replaces: the option {@code partitionOverwriteMode}. */
public enum PartitionOverwriteMode {
    /** All rows. */
    STATIC,
    /** The rows of the partitions that rows are written to. */
    DYNAMIC
}
