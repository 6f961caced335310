package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import io.memmap.storage.ChangeRecord.Staged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * What a change appends to a local file: its staged pieces, one behind the other, and a checksum for each of the file's
 * sectors that they fill. A tail of the file is of this change if each of its sectors has its checksum or was never written;
 * so it can be told from bytes that others appended, even where a power failure has cost the pieces.
 */
final class AppendedTail {
    static final String CHECKSUMS = ".tail";
    static final int SECTOR_NBYTES = 512;

    private final LocalDirectory staging;
    private final ChangeRecord record;

    AppendedTail(LocalDirectory staging, ChangeRecord record) {
        this.staging = staging;
        this.record = record;
    }

    /** Takes one block of the tail, which ends at a multiple of 256 KiB of the file. */
    @FunctionalInterface
    private interface Work {
        void run(long at, ByteBuffer bytes) throws IOException;
    }

    private void forEachBlock(Work work) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BlockWrites.BLOCK_NBYTES);
        long at = record.nbytesBefore();
        block.limit(blockNbytes(at));
        for (Staged piece : record.pieces()) {
            try (FileChannel channel = staging.onlyName(piece.name())) {
                if (channel.size() != piece.nbytes()) {
                    throw new IOException(staging.path().resolve(piece.name()) + " has " + channel.size()
                            + " bytes, expected " + piece.nbytes());
                }
                for (long from = 0; from < piece.nbytes(); ) {
                    int before = block.position();
                    PositionedInput.fill(channel, block, from);
                    if (block.position() == before) {
                        throw new IOException(staging.path().resolve(piece.name()) + " ends after " + from
                                + " bytes, expected " + piece.nbytes());
                    }
                    from += block.position() - before;
                    if (!block.hasRemaining()) {
                        work.run(at, block.flip());
                        at += block.limit();
                        block.clear().limit(blockNbytes(at));
                    }
                }
            }
        }
        if (block.position() > 0) {
            work.run(at, block.flip());
        }
    }

    private static int blockNbytes(long at) {
        return BlockWrites.BLOCK_NBYTES - (int) (at % BlockWrites.BLOCK_NBYTES);
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
    void writeChecksums(FileOutput output) throws IOException {
        forEachBlock((at, block) -> output.write(checksums(at, block)));
        output.publishable(new byte[0]);
    }

    /**
     * Makes the file as long as it will be, and then fills it.
     *
     * @throws IOException when there is no room, or a piece is not what it was
     */
    void copy(FileChannel target, EarlyFlush flush) throws IOException {
        long end = record.after().nbytes();
        if (target.size() < end) {
            // In one step: bytes that others append meanwhile would make it longer.
            BlockWrites.write(target, ByteBuffer.allocate(1), end - 1);
            target.force(true);
        }
        try (FileChannel channel = staging.onlyName(CHECKSUMS)) {
            ForwardInput expected = new ForwardInput(CHECKSUMS, channel);
            forEachBlock((at, block) -> {
                ByteBuffer found = checksums(at, block);
                if (!found.equals(expected.next(found.remaining()))) {
                    throw new IOException("the rows in " + staging.path() + " are not those that were written,"
                            + " a power failure may have cost them, expected all of them");
                }
                BlockWrites.write(target, block, at);
                flush.written(block.limit());
            });
        }
    }

    /**
     * Says whether all of the tail is in the file.
     *
     * @return false where some of its sectors were not written
     * @throws IOException when a sector has bytes of somebody else
     */
    boolean isWhole(FileChannel target) throws IOException {
        boolean whole = true;
        ByteBuffer block = ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES);
        try (FileChannel channel = staging.onlyName(CHECKSUMS)) {
            ForwardInput expected = new ForwardInput(CHECKSUMS, channel);
            long end = record.after().nbytes();
            for (long at = record.nbytesBefore(); at < end; at += block.limit()) {
                block.clear().limit((int) Math.min(blockNbytes(at), end - at));
                PositionedInput.fill(target, block, at);
                ByteBuffer found = checksums(at, block.flip());
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
                        + " on were written by somebody else, expected those of the change");
            }
        }
    }
}
