package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import io.memmap.memory.Preallocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Creates local files whose rows are all the same. */
final class LocalFill {
    private LocalFill() {}

    /** A new file of one repeated row after a head of zeros; all its blocks are allocated. */
    static void fill(Path target, int headNbytes, long rows, byte[] row) throws IOException {
        Preallocation.checkRoom(target, 0, Math.addExact(headNbytes, Math.multiplyExact(rows, (long) row.length)));
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
