package io.memmap.storage;

import io.memmap.format.Fingerprint;
import io.memmap.format.FormatInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;

/** A file of a storage, as formats read it. */
final class StoredInput implements FormatInput {
    private final Storage storage;
    private final StoredFile file;
    private final HeaderBytes headers;
    private byte[] prefix;

    StoredInput(Storage storage, StoredFile file) {
        this(storage, file, new HeaderBytes());
    }

    StoredInput(Storage storage, StoredFile file, HeaderBytes headers) {
        this.storage = storage;
        this.file = file;
        this.headers = headers;
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
        return headers.read(storage, file, offset, nbytes);
    }

    @Override
    public Optional<FormatInput> companion(String name) throws IOException {
        FormatInput.checkCompanion(path(), name);
        try {
            StoredFile found = storage.stat(Storage.withSlash(Storage.parent(path())) + name);
            return found.directory() ? Optional.empty() : Optional.of(new StoredInput(storage, found, headers));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }
}
