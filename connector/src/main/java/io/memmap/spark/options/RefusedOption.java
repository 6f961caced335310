package io.memmap.spark.options;

import java.util.Arrays;
import java.util.Optional;

/** An option of Spark's own file sources or of NumPy that this source refuses, with the reason: it is never ignored. */
enum RefusedOption {
    MERGE_SCHEMA("mergeSchema", true, "the files of an array have one dtype, so that there is nothing to merge"),
    IGNORE_CORRUPT_FILES(
            "ignoreCorruptFiles", true, "without one file the rows of the next would get other row numbers"),
    IGNORE_MISSING_FILES(
            "ignoreMissingFiles", true, "without one file the rows of the next would get other row numbers"),
    MODIFIED_BEFORE("modifiedBefore", false, "the files make one array, whatever their age; name those to read"),
    MODIFIED_AFTER("modifiedAfter", false, "the files make one array, whatever their age; name those to read"),
    HEADER("header", true, "a .npy file's own header is always read, and offset skips bytes before a raw array"),
    INFER_SCHEMA("inferSchema", false, "the dtype says the schema; schema(…) asks for wider types"),
    SEP("sep", false, "an array holds binary values and no separators"),
    DELIMITER("delimiter", false, "an array holds binary values and no separators"),
    COMPRESSION("compression", false, "compressed bytes cannot be mapped; write an array as it is"),
    MODE(
            "mode",
            false,
            "reads never change a file, as NumPy's mode r; writes have save modes, as in .mode(\"append\"), and"
                    + " update=true for NumPy's r+"),
    MMAP_MODE("mmap_mode", false, "reads never change a file, as NumPy's mode r; access=map maps it in any case"),
    ALLOW_PICKLE("allow_pickle", true, "Python objects are never loaded; convert the array with astype and save it"),
    FORTRAN_ORDER("fortran_order", false, "set order=F or order=C"),
    SCHEMA("schema", false, "call schema(…) of the reader, or set dtype and shape of a raw file"),
    FORMAT("format", false, "call format(\"memmap\"); container chooses the format of the files"),
    COLUMNS("columns", false, "call select(…) to read some; columnNames names them"),
    ROWS("rows", false, "a condition on _row reads some; shape gives the number of rows of a raw file"),
    CLUSTER_BY("__clustering_columns", false, "an array has no clustering columns; leave clusterBy out");

    private final String optionName;
    private final boolean allowedWhenFalse;
    private final String reason;

    RefusedOption(String optionName, boolean allowedWhenFalse, String reason) {
        this.optionName = optionName;
        this.allowedWhenFalse = allowedWhenFalse;
        this.reason = reason;
    }

    static Optional<RefusedOption> named(String name) {
        return Arrays.stream(values())
                .filter(option -> option.optionName.equalsIgnoreCase(name))
                .findFirst();
    }

    /** @throws IllegalArgumentException unless the value asks for what this source does anyway */
    void check(String value, Redaction redaction) {
        if (allowedWhenFalse && value.strip().equalsIgnoreCase("false")) {
            return;
        }
        throw new IllegalArgumentException(
                "Cannot read option " + optionName + ": found '" + redaction.shown(optionName, value) + "', expected "
                        + (allowedWhenFalse ? "false" : "no such option") + "; " + reason);
    }
}
