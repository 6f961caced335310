package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.memory.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Bytes of a local file through positioned reads into one reused buffer, which is outside the heap unless all is read at once
 * or a piece is large.
 */
final class PositionedInput extends ArrayInput {
    /** Up to here one read into the heap costs less than to map, fault and unmap the pages. */
    static final int MAX_AHEAD_NBYTES = 64 << 10;

    /** Larger pieces are read into the heap: they are long rows, for which users choose a large one. */
    static final int MAX_NATIVE_NBYTES = 8 << 20;

    /** The JDK copies to the heap through a buffer of its own outside it, and keeps one per thread of the largest size. */
    private static final int MAX_HEAP_READ_NBYTES = 128 << 10;

    private final LocalFile local;
    /** All that will be asked for, if it is read at once; else empty. */
    private final ByteRange ahead;

    private final NativeBuffer outside = new NativeBuffer();
    private ByteBuffer heap = ByteBuffer.allocate(0);
    /** The bytes that were read last. */
    private ByteBuffer bytes = heap;

    private ByteRange buffered = new ByteRange(0, 0);
    private long readNbytes;

    /** @param planned covers all that will be asked for; empty if that is unknown */
    PositionedInput(ArrayFile file, LocalFile local, ByteRange planned, boolean concurrentWrites) {
        super(file, concurrentWrites, local);
        this.local = local;
        boolean small = planned.nbytes() <= MAX_AHEAD_NBYTES && !file.isSequential();
        this.ahead = small ? planned : new ByteRange(0, 0);
    }

    @Override
    public ByteBuffer bytes(long offset, int nbytes) throws IOException {
        if (!buffered.contains(offset, nbytes)) {
            read(ahead.contains(offset, nbytes) ? ahead : new ByteRange(offset, offset + nbytes));
        }
        return bytes.slice(Math.toIntExact(offset - buffered.start()), nbytes);
    }

    private void read(ByteRange range) throws IOException {
        int nbytes = Math.toIntExact(range.nbytes());
        buffered = new ByteRange(0, 0);
        ByteBuffer buffer = ahead.nbytes() > 0 || nbytes > MAX_NATIVE_NBYTES ? heap(nbytes) : outside.room(nbytes);
        fill(local.channel(), buffer, range.start());
        if (buffer.hasRemaining()) {
            throw new IOException("Cannot read " + file().path() + ": it ends after "
                    + (range.start() + buffer.position()) + " bytes, expected " + range.end()
                    + "; it was truncated since the query was planned");
        }
        readNbytes += nbytes;
        // A read-only direct buffer, as mappings are: two kinds in one loop are slower.
        bytes = buffer.isDirect() ? buffer.asReadOnlyBuffer() : buffer;
        buffered = range;
    }

    private ByteBuffer heap(int nbytes) {
        if (heap.capacity() < nbytes) {
            heap = ByteBuffer.allocate(nbytes);
        }
        return heap.clear().limit(nbytes);
    }

    /** None of its bytes are mapped. */
    @Override
    void deliverFaults() {}

    /** Reads until {@code target} is full or the file ends. */
    static void fill(FileChannel channel, ByteBuffer target, long offset) throws IOException {
        long at = offset;
        int limit = target.limit();
        int most = target.isDirect() ? target.remaining() : MAX_HEAP_READ_NBYTES;
        while (target.position() < limit) {
            target.limit(Math.min(limit, target.position() + most));
            int count = channel.read(target, at);
            target.limit(limit);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    @Override
    Fingerprint fingerprint() throws IOException {
        return local.fingerprint();
    }

    @Override
    void checkNoPatches() throws IOException {
        Recovery.checkUnpatched(local.real());
    }

    @Override
    public long inputNbytes() {
        return readNbytes;
    }

    @Override
    void release() {
        buffered = new ByteRange(0, 0);
        outside.close();
    }
}
