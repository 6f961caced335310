package io.memmap.storage;

import java.io.IOException;

/** A directory holds no array that could be read, or that rows could be added to. */
public final class EmptyDirectoryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String found;

    EmptyDirectoryException(String directory, String found, String expected) {
        super("Cannot read " + directory + ": " + found + ", expected " + expected);
        this.found = found;
    }

    /** The content of the directory, in the words of a message. */
    public String found() {
        return found;
    }
}
