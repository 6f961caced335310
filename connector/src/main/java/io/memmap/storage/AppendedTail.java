package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import io.memmap.storage.ChangeRecord.Staged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * The rows that a change appends to a local file: its staged pieces, end to end, and a checksum for each of the file's
 * sectors that they fill. A tail of the file is of this change if each of its sectors has its checksum or was never written;
 * so it can be told from bytes that others appended, even where a power failure has cost the pieces.
 */
record AppendedTail(LocalDirectory staging, ChangeRecord record) {
    static final String CHECKSUMS = ".tail";
    static final int SECTOR_NBYTES = 512;
    private static final long SPAN_NBYTES = 32L << 20;

    /** Takes the part of the tail between two bytes of the file. */
    @FunctionalInterface
    private interface SpanWork {
        void run(long from, long to) throws IOException;
    }

    /** Cuts the tail at multiples of 32 MiB of the file. After a failure nothing runs any more when this returns. */
    private void forEachSpan(SpanWork work) throws IOException {
        long end = record.after().nbytes();
        List<Long> starts = LongStream.iterate(record.nbytesBefore(), from -> from < end, AppendedTail::spanEnd)
                .boxed()
                .toList();
        SideBySide.toTheEnd(
                "copy the rows in " + staging.path(), starts, from -> work.run(from, Math.min(end, spanEnd(from))));
    }

    private static long spanEnd(long from) {
        return (from / SPAN_NBYTES + 1) * SPAN_NBYTES;
    }

    /** Hands out the blocks of the tail, which end at multiples of 256 KiB of the file or with their span. */
    private void forEachBlock(long from, long to, PatchRuns.Work work) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BlockWrites.BLOCK_NBYTES);
        long at = from;
        block.limit(blockNbytes(at, to));
        long start = record.nbytesBefore();
        for (Staged piece : record.pieces()) {
            long end = Math.min(start + piece.nbytes(), to);
            if (at + block.position() < end) {
                try (FileChannel channel = open(piece)) {
                    while (at + block.position() < end) {
                        fill(block, channel, at + block.position() - start, piece);
                        if (!block.hasRemaining()) {
                            work.run(at, block.flip());
                            at += block.limit();
                            block.clear().limit(blockNbytes(at, to));
                        }
                    }
                }
            }
            start += piece.nbytes();
        }
    }

    private FileChannel open(Staged piece) throws IOException {
        FileChannel channel = staging.onlyName(piece.name());
        long nbytes = channel.size();
        if (nbytes != piece.nbytes()) {
            channel.close();
            throw new IOException(
                    staging.path().resolve(piece.name()) + " has " + nbytes + " bytes, expected " + piece.nbytes());
        }
        return channel;
    }

    private void fill(ByteBuffer block, FileChannel channel, long from, Staged piece) throws IOException {
        int before = block.position();
        PositionedInput.fill(channel, block, from);
        if (block.position() == before) {
            throw new IOException(staging.path().resolve(piece.name()) + " ends after " + from + " bytes, expected "
                    + piece.nbytes());
        }
    }

    private static int blockNbytes(long at, long to) {
        return (int) Math.min(BlockWrites.BLOCK_NBYTES - at % BlockWrites.BLOCK_NBYTES, to - at);
    }

    /** The checksums of a block's sectors, as integers. */
    private static ByteBuffer checksums(long at, ByteBuffer block) {
        ByteBuffer checksums = ByteBuffer.allocate((block.remaining() / SECTOR_NBYTES + 2) * Integer.BYTES);
        CRC32C checksum = new CRC32C();
        int end = block.limit();
        for (long sector = at; block.position() < end; ) {
            int nbytes = SECTOR_NBYTES - (int) (sector % SECTOR_NBYTES);
            block.limit(Math.min(end, block.position() + nbytes));
            sector += block.remaining();
            checksum.reset();
            checksum.update(block);
            checksums.putInt((int) checksum.getValue());
            block.limit(end);
        }
        block.rewind();
        return checksums.flip();
    }

    /** Writes the checksums down, on the disk when this returns. */
    void writeChecksums() throws IOException {
        Path path = staging.path().resolve(CHECKSUMS);
        try (FileChannel output = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            forEachSpan((from, to) -> {
                long first = from / SECTOR_NBYTES - record.nbytesBefore() / SECTOR_NBYTES;
                long sectors = (to - 1) / SECTOR_NBYTES - from / SECTOR_NBYTES + 1;
                ByteBuffer span = ByteBuffer.allocate((int) sectors * Integer.BYTES);
                forEachBlock(from, to, (at, block) -> span.put(checksums(at, block)));
                BlockWrites.write(output, span.flip(), first * Integer.BYTES);
            });
            output.force(true);
        } catch (IOException e) {
            throw new IOException("Cannot write file:" + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Holds the pieces against their checksums.
     *
     * @throws IOException when a piece is not what it was
     */
    void checkPieces() throws IOException {
        try (FileChannel channel = staging.onlyName(CHECKSUMS)) {
            ForwardInput expected = new ForwardInput(CHECKSUMS, channel);
            forEachBlock(record.nbytesBefore(), record.after().nbytes(), (at, block) -> {
                ByteBuffer found = checksums(at, block);
                if (!found.equals(expected.next(found.remaining()))) {
                    throw new IOException("the rows in " + staging.path() + " are not those that were written,"
                            + " a power failure may have cost them, expected all of them");
                }
            });
        }
    }

    /**
     * Makes the file as long as it will be, and then fills it.
     *
     * @throws IOException when there is no room, or a piece has another length
     */
    void copy(FileChannel target, EarlyFlush flush) throws IOException {
        long end = record.after().nbytes();
        if (target.size() < end) {
            // In one step: bytes that others append meanwhile would make it longer.
            BlockWrites.write(target, ByteBuffer.allocate(1), end - 1);
            target.force(true);
        }
        forEachSpan((from, to) -> forEachBlock(from, to, (at, block) -> {
            BlockWrites.write(target, block, at);
            flush.written(block.limit());
        }));
    }

    /**
     * Says whether all of the tail is in the file.
     *
     * @return false where some of its sectors were not written
     * @throws IOException when a sector holds foreign bytes
     */
    boolean isWhole(FileChannel target) throws IOException {
        boolean whole = true;
        ByteBuffer block = ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES);
        try (FileChannel channel = staging.onlyName(CHECKSUMS)) {
            ForwardInput expected = new ForwardInput(CHECKSUMS, channel);
            long end = record.after().nbytes();
            for (long at = record.nbytesBefore(); at < end; at += block.limit()) {
                LocalChange.read(target, at, block.clear().limit(blockNbytes(at, end)));
                ByteBuffer found = checksums(at, block);
                ByteBuffer wanted = expected.next(found.remaining());
                long sector = at;
                while (found.hasRemaining()) {
                    int nbytes = (int) Math.min(SECTOR_NBYTES - sector % SECTOR_NBYTES, at + block.limit() - sector);
                    if (found.getInt() != wanted.getInt()) {
                        whole = false;
                        checkUnwritten(block, (int) (sector - at), nbytes, sector);
                    }
                    sector += nbytes;
                }
            }
        }
        return whole;
    }

    private static void checkUnwritten(ByteBuffer block, int from, int nbytes, long at) throws IOException {
        for (int i = from; i < from + nbytes; i++) {
            if (block.get(i) != 0) {
                throw new IOException("the " + nbytes + " bytes from byte " + at
                        + " on were written by another writer, expected those of the change");
            }
        }
    }
}
