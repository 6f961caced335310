package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Changes a local file in place, flushes it once, and can do all of it again. */
final class LocalChange {
    private LocalChange() {}

    static void apply(Path target, List<LocalConcat.Copy> copies, List<Path> patches, byte[] head) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            EarlyFlush flush = new EarlyFlush(target, channel);
            copy(copies, target, channel, flush);
            for (Path patch : patches) {
                apply(patch, channel);
            }
            if (head.length > 0) {
                // The header says how much is there: the data it speaks of must be on the disk before it is.
                flush.finish();
            }
            BlockWrites.write(channel, ByteBuffer.wrap(head), 0);
            flush.finish();
        }
    }

    /** Leaves the file as long as it was where there is no room for more. */
    private static void copy(List<LocalConcat.Copy> copies, Path target, FileChannel channel, EarlyFlush flush)
            throws IOException {
        long nbytes = channel.size();
        try {
            LocalConcat.run(copies, target, channel, flush);
        } catch (IOException e) {
            // The channel is closed: that is how those end who write to it at the same time.
            try (FileChannel again = FileChannel.open(target, StandardOpenOption.WRITE)) {
                again.truncate(nbytes);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static void apply(Path patch, FileChannel target) throws IOException {
        try (FileChannel from = FileChannel.open(patch, StandardOpenOption.READ)) {
            long end = from.size();
            ByteBuffer prefix = ByteBuffer.allocate(PatchOutput.PREFIX_NBYTES).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer bytes = ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES);
            long at = 0;
            while (at < end) {
                PositionedInput.fill(from, prefix.clear(), at);
                at += PatchOutput.PREFIX_NBYTES;
                long to = prefix.getLong(0);
                long left = prefix.getInt(Long.BYTES);
                if (prefix.hasRemaining() || at + left > end) {
                    throw new IOException("Cannot read file:" + patch + ": it ends after " + end
                            + " bytes inside a run of " + left + ", expected all of it");
                }
                while (left > 0) {
                    PositionedInput.fill(from, bytes.clear().limit((int) Math.min(left, bytes.capacity())), at);
                    int count = bytes.position();
                    BlockWrites.write(target, bytes.flip(), to);
                    at += count;
                    to += count;
                    left -= count;
                }
            }
        }
    }

    /** A new file of one row over and over, behind a head of zeros; every block of it is there. */
    static void fill(Path target, int headNbytes, long rows, byte[] row) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            BlockWrites.write(channel, ByteBuffer.allocate(headNbytes), 0);
            int rowsPerBlock = Math.max(1, BlockWrites.BLOCK_NBYTES / row.length);
            ByteBuffer block = ByteBuffer.allocateDirect(Math.multiplyExact(rowsPerBlock, row.length));
            while (block.hasRemaining()) {
                block.put(row);
            }
            long at = headNbytes;
            for (long left = rows; left > 0; left -= rowsPerBlock) {
                int nbytes = (int) Math.min(left, rowsPerBlock) * row.length;
                BlockWrites.write(channel, block.clear().limit(nbytes), at);
                at += nbytes;
            }
        }
    }
}
