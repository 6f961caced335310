package io.memmap.storage;

import io.memmap.format.Fingerprint;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The parts of files that were read to describe them. A part is read once for each state of its file, until the parts
 * exceed 32 MiB; those beyond are read each time. A state that looks the same although the header was replaced leads to an
 * error, as tasks compare the header. Driver only; any number of threads.
 */
public final class HeaderBytes {
    private static final long MAX_NBYTES = 32L << 20;
    /** Heap of an entry beside its bytes. */
    private static final long ENTRY_NBYTES = 256;

    private final Map<Part, byte[]> parts = new ConcurrentHashMap<>();
    private final AtomicLong keptNbytes = new AtomicLong();

    private record Part(String path, Fingerprint fingerprint, long offset, int nbytes) {}

    /** Reads a part of a file; fewer bytes than asked for only where the file ends. */
    byte[] read(Storage storage, StoredFile file, long offset, int nbytes) throws IOException {
        Part part = new Part(file.path(), file.fingerprint(), offset, nbytes);
        byte[] bytes = parts.get(part);
        if (bytes == null) {
            bytes = storage.read(file.path(), offset, nbytes);
            long size = bytes.length + ENTRY_NBYTES;
            if (keptNbytes.addAndGet(size) > MAX_NBYTES) {
                keptNbytes.addAndGet(-size);
                return bytes;
            }
            parts.put(part, bytes);
        }
        return bytes.clone();
    }
}
