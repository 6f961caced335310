package io.memmap.array;

import java.nio.channels.FileChannel.MapMode;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The way to open a file, NumPy's {@code mode}. */
public enum Mode {
    /** {@code r}: an existing file, not to be written. */
    READ_ONLY("r", "readonly"),
    /** {@code c}: an existing file; what is put is seen by this array only and never reaches the file. */
    COPY_ON_WRITE("c", "copyonwrite"),
    /** {@code r+}: an existing file, written in place. */
    READ_WRITE("r+", "readwrite"),
    /** {@code w+}: a new file of zeros; one that is there is emptied first. */
    CREATE("w+", "write");

    private final String symbol;
    private final String longName;

    Mode(String symbol, String longName) {
        this.symbol = symbol;
        this.longName = longName;
    }

    /**
     * The mode of this name, short or long.
     *
     * @throws IllegalArgumentException for any other name
     */
    public static Mode of(String name) {
        for (Mode mode : values()) {
            if (mode.symbol.equals(name) || mode.longName.equals(name)) {
                return mode;
            }
        }
        String symbols = Arrays.stream(values()).map(mode -> mode.symbol).collect(Collectors.joining(", "));
        String longNames = Arrays.stream(values()).map(mode -> mode.longName).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "Cannot open a memmap: mode '" + name + "', expected one of " + symbols + ", " + longNames);
    }

    /** Returns true if elements can be put. */
    public boolean isWritable() {
        return this != READ_ONLY;
    }

    /** Returns true if what is put reaches the file. */
    public boolean isShared() {
        return this == READ_WRITE || this == CREATE;
    }

    MapMode mapMode() {
        return switch (this) {
            case READ_ONLY -> MapMode.READ_ONLY;
            case COPY_ON_WRITE -> MapMode.PRIVATE;
            case READ_WRITE, CREATE -> MapMode.READ_WRITE;
        };
    }

    /** NumPy's short name: {@code r+}. */
    @Override
    public String toString() {
        return symbol;
    }
}
