package io.memmap.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Holds the bytes of a file against those before and after a change of it, sector by sector: a write that ends half way
 * leaves each sector as it was or as it was to be.
 */
final class SectorComparison {
    private boolean oldFound;
    private boolean newFound;

    /**
     * Compares some bytes.
     *
     * @param at their position in the file
     * @throws IOException when a sector has the bytes of neither
     */
    void add(long at, ByteBuffer now, ByteBuffer before, ByteBuffer after) throws IOException {
        int end = now.remaining();
        for (int from = 0; from < end; ) {
            int sector = AppendedTail.SECTOR_NBYTES - (int) ((at + from) % AppendedTail.SECTOR_NBYTES);
            int nbytes = Math.min(sector, end - from);
            ByteBuffer found = now.slice(now.position() + from, nbytes);
            boolean old = found.equals(before.slice(before.position() + from, nbytes));
            boolean made = found.equals(after.slice(after.position() + from, nbytes));
            if (!old && !made) {
                throw new IOException("the " + nbytes + " bytes from byte " + (at + from)
                        + " on were changed by another writer, expected those before or after the change");
            }
            oldFound |= !made;
            newFound |= !old;
            from += nbytes;
        }
    }

    /** Returns true if a sector is as it was, and is to change. */
    boolean hasOld() {
        return oldFound;
    }

    /** Returns true if a sector has changed. */
    boolean hasNew() {
        return newFound;
    }
}
