package io.memmap.storage;

import io.memmap.layout.Layout;
import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Local files with rows in C order made into one array in Fortran order: one pass, a block of rows at a time. */
final class LocalTranspose {
    /** Large enough that the piece of one plane is worth a write. */
    private static final int BLOCK_NBYTES = 16 << 20;

    private LocalTranspose() {}

    static void concat(Path target, byte[] head, Layout layout, List<LocalConcat.Source> sources) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long row = 0;
            for (LocalConcat.Source source : sources) {
                row += scatter(source, channel, layout, row);
            }
            if (row != layout.rowCount()) {
                throw new IOException("Cannot assemble file:" + target + ": its parts have " + row + " rows, expected "
                        + layout.rowCount());
            }
            BlockWrites.write(channel, ByteBuffer.wrap(head), 0);
            channel.force(true);
        }
    }

    /** Puts the rows of one source to the planes of the target, and says how many they were. */
    private static long scatter(LocalConcat.Source source, FileChannel target, Layout layout, long firstRow)
            throws IOException {
        int rowNbytes = Math.toIntExact(layout.rowNbytes());
        int blockRows = Math.max(1, BLOCK_NBYTES / rowNbytes);
        ByteBuffer block = ByteBuffer.allocate(Math.multiplyExact(blockRows, rowNbytes));
        ByteBuffer piece = ByteBuffer.allocateDirect(Math.toIntExact(blockRows * layout.rowStride()));
        long rows = source.nbytes() / rowNbytes;
        try (FileChannel from = FileChannel.open(source.path(), StandardOpenOption.READ)) {
            for (long row = 0; row < rows; row += blockRows) {
                int count = (int) Math.min(blockRows, rows - row);
                PositionedInput.fill(from, block.clear().limit(count * rowNbytes), row * rowNbytes);
                if (block.hasRemaining()) {
                    throw new IOException("Cannot read file:" + source.path() + ": it ends after " + from.size()
                            + " bytes, expected the " + source.nbytes() + " that its task wrote");
                }
                for (long plane = 0; plane < layout.planeCount(); plane++) {
                    gather(block.array(), piece.clear(), layout, plane, count);
                    BlockWrites.write(target, piece.flip(), layout.position(plane, firstRow + row));
                }
            }
        }
        return rows;
    }

    /** Collects one plane's elements of all rows of a block. */
    private static void gather(byte[] block, ByteBuffer piece, Layout layout, long plane, int rows) {
        int itemsize = layout.dtype().itemsize();
        int rowNbytes = (int) layout.rowNbytes();
        int at = (int) (layout.elementOf(plane) * itemsize);
        for (int row = 0; row < rows; row++) {
            piece.put(block, at, itemsize);
            at += rowNbytes;
        }
    }
}
