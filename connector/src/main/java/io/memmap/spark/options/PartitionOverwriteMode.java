package io.memmap.spark.options;

/** What an overwrite of partitioned rows replaces: the option {@code partitionOverwriteMode}. */
public enum PartitionOverwriteMode {
    /** All rows. */
    STATIC,
    /** The rows of the partitions that rows are written to. */
    DYNAMIC
}
