package io.memmap.storage;

import io.memmap.format.ArrayFormat;
import io.memmap.format.Fingerprint;
import io.memmap.format.Member;
import io.memmap.format.Reading;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Parts of files that were read to describe them, and the lists of members of containers. Each is read once for each
 * state of its file, until all of them exceed 32 MiB; those beyond are read each time. A state that looks the same although
 * the header was replaced leads to an error, as tasks compare the header. Driver only; any number of threads.
 */
public final class HeaderBytes {
    private static final long MAX_NBYTES = 32L << 20;
    /** Heap of a part beside its bytes. */
    private static final long PART_NBYTES = 256;
    /** Heap of a member with its name, shape and dtype, about. */
    private static final long MEMBER_NBYTES = 512;

    private final Map<Part, byte[]> parts = new ConcurrentHashMap<>();
    private final Map<Container, List<Member>> members = new ConcurrentHashMap<>();
    private final AtomicLong keptNbytes = new AtomicLong();

    private record Part(String path, Fingerprint fingerprint, long offset, int nbytes) {}

    private record Container(String path, Fingerprint fingerprint, ArrayFormat format, Reading reading) {}

    /** Reads a part of a file; fewer bytes than asked for only where the file ends. */
    byte[] read(Storage storage, StoredFile file, long offset, int nbytes) throws IOException {
        Part part = new Part(file.path(), file.fingerprint(), offset, nbytes);
        byte[] bytes = parts.get(part);
        if (bytes == null) {
            bytes = storage.read(file.path(), offset, nbytes);
            if (!fits(bytes.length + PART_NBYTES)) {
                return bytes;
            }
            parts.put(part, bytes);
        }
        return bytes.clone();
    }

    /**
     * Lists the members of a file. None are kept that depend on the state of another file, and no only one, as to list it
     * costs no more than to find it here.
     */
    List<Member> members(StoredInput input, ArrayFormat format, Reading reading) throws IOException {
        Container container = new Container(input.path(), input.fingerprint(), format, reading.ofAllMembers());
        List<Member> kept = members.get(container);
        if (kept != null) {
            return kept;
        }
        List<Member> listed = format.members(input, reading);
        if (listed.size() > 1 && !input.hasCompanions() && fits(listed.size() * MEMBER_NBYTES)) {
            members.put(container, listed);
        }
        return listed;
    }

    /** Takes this much of the heap, if it is there. */
    private boolean fits(long nbytes) {
        if (keptNbytes.addAndGet(nbytes) <= MAX_NBYTES) {
            return true;
        }
        keptNbytes.addAndGet(-nbytes);
        return false;
    }
}
