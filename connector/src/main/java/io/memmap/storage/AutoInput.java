package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Bytes of a local file, each piece of them mapped or read: whatever its {@link AccessTrial} finds to be faster. */
final class AutoInput extends ArrayInput {
    /** Smaller pieces are mapped: a call of the system for each can cost hundreds of times as much as they do. */
    static final int MIN_READ_NBYTES = 16 << 10;

    private final MappedInput mapped;
    private final PositionedInput read;
    private final AccessTrial trial;

    /** The last piece. The columns of a condition and then the others ask for the same one. */
    private ByteRange piece = new ByteRange(0, 0);

    private boolean maps;
    /** True from when the last piece was asked for until the work on it has ended. */
    private boolean timed;

    private long startNanos;
    /** Bytes that were read where none were mapped. */
    private long readNbytes;

    AutoInput(ArrayFile file, LocalFile local, List<ByteRange> ranges, boolean concurrentWrites, AccessTrial trial) {
        super(file, concurrentWrites, local);
        this.mapped = new MappedInput(file, local, ranges, concurrentWrites);
        this.read = new PositionedInput(file, local, new ByteRange(0, 0), concurrentWrites);
        this.trial = trial;
    }

    @Override
    public ByteBuffer bytes(long offset, int nbytes) throws IOException {
        if (nbytes < MIN_READ_NBYTES || nbytes > PositionedInput.MAX_NATIVE_NBYTES) {
            endPiece();
            return mapped.bytes(offset, nbytes);
        }
        if (!piece.contains(offset, nbytes)) {
            endPiece();
            piece = new ByteRange(offset, offset + nbytes);
            maps = trial.maps();
            timed = true;
            startNanos = System.nanoTime();
            readNbytes += maps || mapped.holds(offset, nbytes) ? 0 : nbytes;
        }
        return maps ? mapped.bytes(offset, nbytes) : read.bytes(offset, nbytes);
    }

    private void endPiece() {
        if (timed) {
            trial.add((int) piece.nbytes(), System.nanoTime() - startNanos);
            timed = false;
        }
    }

    /** Called when the work on the last piece has ended. */
    @Override
    void deliverFaults() {
        endPiece();
        super.deliverFaults();
    }

    @Override
    Fingerprint fingerprint() throws IOException {
        return mapped.fingerprint();
    }

    @Override
    void checkNoPatches() throws IOException {
        mapped.checkNoPatches();
    }

    @Override
    public long inputNbytes() {
        return mapped.inputNbytes() + readNbytes;
    }

    @Override
    void release() {
        mapped.release();
        read.release();
    }
}
