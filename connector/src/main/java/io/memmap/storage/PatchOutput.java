package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Collects changes to scattered places of a file: runs of bytes, each with its place, one after the other. Some MiB of changes
 * are sorted by their place before they are written, so that the rows of an array in Fortran order, each of which has an
 * element in every plane, are a run in each plane. Belongs to one thread, which closes it.
 */
public final class PatchOutput implements AutoCloseable {
    /** The bytes before each run: its position in the target and its length. */
    static final int PREFIX_NBYTES = Long.BYTES + Integer.BYTES;

    private static final int MAX_COLLECTED_NBYTES = 8 << 20;
    private static final int PIECE_BITS = 19;
    private static final int MAX_PIECES = 1 << PIECE_BITS;
    /** A place less the first one and the number of a piece are one long. */
    private static final long MAX_SPAN_NBYTES = 1L << (Long.SIZE - 1 - PIECE_BITS);

    private final FileOutput output;
    private final ByteBuffer block =
            ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES).order(ByteOrder.LITTLE_ENDIAN);

    private ByteBuffer collected = ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES);
    /** The place of each piece in the target, and of its first byte in {@link #collected}. */
    private long[] places = new long[1024];

    private int[] starts = new int[1024];
    private int count;
    private long low;
    private long high;

    public PatchOutput(FileOutput output) {
        this.output = output;
    }

    /** Adds {@code nbytes} bytes of {@code bytes} from {@code from} on, to go to byte {@code at} of the file. */
    public void put(long at, ByteBuffer bytes, int from, int nbytes) throws IOException {
        boolean full = count == MAX_PIECES || nbytes > MAX_COLLECTED_NBYTES - collected.position();
        if (full || (count > 0 && Math.max(high, at) - Math.min(low, at) >= MAX_SPAN_NBYTES)) {
            flush();
        }
        reserve(nbytes);
        low = count == 0 ? at : Math.min(low, at);
        high = count == 0 ? at : Math.max(high, at);
        places[count] = at;
        starts[count++] = collected.position();
        collected.put(collected.position(), bytes, from, nbytes);
        collected.position(collected.position() + nbytes);
    }

    private void reserve(int nbytes) {
        if (collected.remaining() < nbytes) {
            long least = (long) collected.position() + nbytes;
            int most = Math.max(nbytes, MAX_COLLECTED_NBYTES);
            long capacity = Math.max(least, Math.min(2L * collected.capacity(), most));
            collected = ByteBuffer.allocate((int) capacity).put(collected.flip());
        }
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
            starts = Arrays.copyOf(starts, 2 * count);
        }
    }

    private void flush() throws IOException {
        long[] sorted = sorted();
        for (int i = 0; i < count; ) {
            int first = i;
            int nbytes = 0;
            do {
                nbytes += nbytes(sorted[i++]);
            } while (i < count && place(sorted[i]) == place(sorted[first]) + nbytes);
            writePrefix(place(sorted[first]), nbytes);
            for (int piece = first; piece < i; piece++) {
                write(starts[index(sorted[piece])], nbytes(sorted[piece]));
            }
        }
        count = 0;
        collected.clear();
    }

    /** The pieces by their place, each of which is the upper bits; the lower ones are its index. */
    private long[] sorted() {
        long[] sorted = new long[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = (places[i] - low) << PIECE_BITS | i;
        }
        Arrays.sort(sorted);
        return sorted;
    }

    private static int index(long piece) {
        return (int) piece & (MAX_PIECES - 1);
    }

    private long place(long piece) {
        return places[index(piece)];
    }

    private int nbytes(long piece) {
        int index = index(piece);
        return (index + 1 < count ? starts[index + 1] : collected.position()) - starts[index];
    }

    private void writePrefix(long at, int nbytes) throws IOException {
        if (block.remaining() < PREFIX_NBYTES) {
            writeBlock();
        }
        block.putLong(at).putInt(nbytes);
    }

    private void write(int start, int nbytes) throws IOException {
        for (int done = 0; done < nbytes; ) {
            if (!block.hasRemaining()) {
                writeBlock();
            }
            int part = Math.min(block.remaining(), nbytes - done);
            block.put(block.position(), collected, start + done, part);
            block.position(block.position() + part);
            done += part;
        }
    }

    private void writeBlock() throws IOException {
        output.write(block.flip());
        block.clear();
    }

    /** Completes the file, on the disk. Returns its length. */
    public long finish() throws IOException {
        flush();
        writeBlock();
        output.seal(new byte[0]);
        return output.nbytes();
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
