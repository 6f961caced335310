package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.memory.Faults;
import io.memmap.memory.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Bytes of a local file, each piece of them mapped or read: whichever its {@link AccessTrial} finds to be faster. */
final class AutoInput extends ArrayInput {
    private final MappedInput mapped;
    private final PositionedInput read;
    private final AccessTrial trial;

    /** The last piece. The columns of a condition and then the others ask for the same one. */
    private long start;

    private long end;
    private boolean maps;
    /** False once a mapping failed: some file systems of FUSE map no files. */
    private boolean mappable = true;

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
        if (offset < start || offset + nbytes > end) {
            boolean before = maps;
            if (NativeBuffer.isRefused()) {
                trial.end();
                maps = mappable;
            } else {
                maps = trial.maps(nbytes) && mappable;
            }
            start = offset;
            end = offset + nbytes;
            if (before && !maps) {
                // Inside the JDK's read a pending fault might leave its state half changed.
                Faults.deliver();
            }
            if (maps) {
                return mappedOrRead(offset, nbytes);
            }
            readNbytes += mapped.holds(offset, nbytes) ? 0 : nbytes;
        }
        return maps ? mapped.bytes(offset, nbytes) : read.bytes(offset, nbytes);
    }

    private ByteBuffer mappedOrRead(long offset, int nbytes) throws IOException {
        try {
            return mapped.bytes(offset, nbytes);
        } catch (IOException e) {
            mappable = false;
            maps = false;
            readNbytes += nbytes;
            try {
                return read.bytes(offset, nbytes);
            } catch (IOException failure) {
                failure.addSuppressed(e);
                throw failure;
            }
        }
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
        try {
            mapped.release();
        } finally {
            read.release();
        }
    }
}
