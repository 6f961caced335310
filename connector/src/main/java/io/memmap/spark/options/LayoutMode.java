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
    ELEMENTS,
    /** One row per sequence of an indexed dataset. */
    SEQUENCES,
    /** One row per document of an indexed dataset. */
    DOCUMENTS,
    /** An array per column, side by side. */
    SIDE_BY_SIDE;

    /** Returns true if rows are of different lengths. */
    public boolean isRagged() {
        return this == SEQUENCES || this == DOCUMENTS;
    }

    /** Spells it as the option does. */
    @Override
    public String toString() {
        return this == SIDE_BY_SIDE ? "sideBySide" : name();
    }
}
