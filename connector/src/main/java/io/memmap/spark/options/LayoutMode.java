package io.memmap.spark.options;

/** The mapping of an array's axes to rows and columns: the option {@code layout}. */
public enum LayoutMode {
    /** Columns while they are few, else an array. */
    AUTO,
    /** One column per position on axis 1. */
    COLUMNS,
    /** One column that holds a row of the array. */
    ARRAY,
    /** One row per element, with its indices. */
    ELEMENTS
}
