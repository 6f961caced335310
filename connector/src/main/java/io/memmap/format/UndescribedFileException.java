package io.memmap.format;

import java.io.IOException;

/** A file is no .npy file, and neither an option nor a sidecar says what it holds. */
public final class UndescribedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;

    UndescribedFileException(String file, String message) {
        super(message);
        this.file = file;
    }

    public String file() {
        return file;
    }
}
