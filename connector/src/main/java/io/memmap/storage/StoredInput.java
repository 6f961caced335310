package io.memmap.storage;

import io.memmap.format.ArrayFormat;
import io.memmap.format.Fingerprint;
import io.memmap.format.FormatInput;
import io.memmap.format.Member;
import io.memmap.format.Reading;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A file of a storage, as formats read it. Threads may share one. */
final class StoredInput implements FormatInput {
    private final Storage storage;
    private final StoredFile file;
    private final HeaderBytes headers;
    private volatile byte[] prefix;
    private volatile boolean companions;

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

    /** Returns true if another file was asked for. */
    boolean hasCompanions() {
        return companions;
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
    public List<Member> members(ArrayFormat format, Reading reading) throws IOException {
        return headers.members(this, format, reading);
    }

    @Override
    public Optional<FormatInput> companion(String name) throws IOException {
        FormatInput.checkCompanion(path(), name);
        companions = true;
        try {
            StoredFile found = storage.stat(Storage.withSlash(Storage.parent(path())) + name);
            return found.directory() ? Optional.empty() : Optional.of(new StoredInput(storage, found, headers));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }
}
