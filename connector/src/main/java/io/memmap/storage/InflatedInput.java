package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Bytes of a deflated member, counted from the first one that it inflates to. In one plane they are inflated from front to
 * back, and of what was asked for before only a row is kept: a batch asks for the columns of a condition and then for others.
 * To go back further begins anew. The planes of Fortran order are read side by side, so that all bytes are first inflated
 * to a temporary file.
 */
final class InflatedInput extends ArrayInput {
    private static final int MAX_KEPT_NBYTES = 64 << 20;
    private static final int SPOOLED_NBYTES = 1 << 20;

    private final ArrayInput packed;
    private final Inflation inflation;
    private final long keptNbytes;
    private final boolean inOrder;

    private Spool spool;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long start;

    /** Returns an input of the array's own bytes, which are those of the file unless they are deflated. */
    static ArrayInput of(ArrayFile file, boolean concurrentWrites, ArrayInput packed) {
        return file.isSequential() ? new InflatedInput(file, concurrentWrites, packed) : packed;
    }

    private InflatedInput(ArrayFile file, boolean concurrentWrites, ArrayInput packed) {
        super(file, concurrentWrites, packed::close);
        this.packed = packed;
        this.inflation = new Inflation(file, packed);
        this.keptNbytes = Math.min(file.layout().rowNbytes(), MAX_KEPT_NBYTES);
        this.inOrder = file.layout().planeCount() == 1;
    }

    @Override
    public ByteBuffer bytes(long offset, int nbytes) throws IOException {
        if (!inOrder) {
            return spooled(offset, nbytes);
        }
        if (offset < start || offset + nbytes > start + window.limit()) {
            inflate(offset, nbytes);
        }
        return window.slice((int) (offset - start), nbytes);
    }

    /** Moves the window on to {@code nbytes} from {@code offset} and what it has of the row before them. */
    private void inflate(long offset, int nbytes) throws IOException {
        long from = Math.max(0, offset - Math.min(keptNbytes, Integer.MAX_VALUE - nbytes));
        if (offset < start) {
            inflation.restart();
            window.limit(0);
            start = 0;
        }
        if (from >= inflation.at()) {
            inflation.skipTo(from);
            window.limit(0);
            start = from;
        } else if (from > start) {
            window.position((int) (from - start)).compact().flip();
            start = from;
        }
        int needed = Math.toIntExact(offset + nbytes - start);
        int held = window.limit();
        if (window.capacity() < needed) {
            window = ByteBuffer.allocate(needed).put(window.position(0)).flip();
        }
        window.limit(needed);
        inflation.next(window.array(), held, needed - held);
    }

    private ByteBuffer spooled(long offset, int nbytes) throws IOException {
        if (spool == null) {
            spool = new Spool(0);
            byte[] block = new byte[SPOOLED_NBYTES];
            while (inflation.at() < inflation.end()) {
                int count = (int) Math.min(block.length, inflation.end() - inflation.at());
                inflation.next(block, 0, count);
                spool.write(ByteBuffer.wrap(block, 0, count));
            }
        }
        if (window.capacity() < nbytes) {
            window = ByteBuffer.allocate(nbytes);
        }
        spool.read(window.clear().limit(nbytes), offset);
        return window.slice(0, nbytes);
    }

    /** Inflates what follows the last row, so that the CRC of the member is compared. Does nothing if more than a row is left. */
    @Override
    void readRest() throws IOException {
        long end = inflation.end();
        if (inOrder && inflation.at() < end && end - inflation.at() <= keptNbytes) {
            inflation.skipTo(end);
        }
    }

    @Override
    boolean dueForCheck() {
        return packed.dueForCheck();
    }

    /** None of its bytes are mapped. */
    @Override
    void deliverFaults() {}

    @Override
    Fingerprint fingerprint() throws IOException {
        return packed.fingerprint();
    }

    @Override
    void checkNoPatches() throws IOException {
        packed.checkNoPatches();
    }

    @Override
    public long inputNbytes() {
        return packed.inputNbytes();
    }

    @Override
    void release() {
        inflation.close();
        try {
            if (spool != null) {
                spool.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the temporary file of " + file().path(), e);
        }
    }
}
