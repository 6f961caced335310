package io.memmap.format;

import java.util.Arrays;
import java.util.Optional;

/** The rows that an array is read as, where a manifest or sidecar records them. */
public enum RowLayout {
    /** A column for each position on axis 1. */
    COLUMNS("columns"),
    /** One column that holds a row of the array. */
    ARRAY("array"),
    /** A row for each element. */
    ELEMENTS("elements"),
    /** A column for each of several arrays; in manifests only. */
    SIDE_BY_SIDE("sideBySide");

    private final String text;

    RowLayout(String text) {
        this.text = text;
    }

    static Optional<RowLayout> of(Object text) {
        return Arrays.stream(values())
                .filter(layout -> layout.text.equals(text))
                .findFirst();
    }

    /** The text in the file. */
    @Override
    public String toString() {
        return text;
    }
}
