package io.memmap.storage;

import io.memmap.format.Fingerprint;
import io.memmap.format.FormatInput;
import java.io.IOException;

/** A file of a storage, as formats read it. */
final class StoredInput implements FormatInput {
    private final Storage storage;
    private final StoredFile file;
    private byte[] prefix;

    StoredInput(Storage storage, StoredFile file) {
        this.storage = storage;
        this.file = file;
    }

    @Override
    public String path() {
        return file.path();
    }

    @Override
    public Fingerprint fingerprint() {
        return file.fingerprint();
    }

    @Override
    public byte[] prefix() throws IOException {
        if (prefix == null) {
            prefix = read(0, PREFIX_NBYTES);
        }
        return prefix;
    }

    @Override
    public byte[] read(long offset, int nbytes) throws IOException {
        return storage.read(file.path(), offset, nbytes);
    }
}
