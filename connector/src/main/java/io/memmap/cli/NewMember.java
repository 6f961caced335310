package io.memmap.cli;

import io.memmap.dtype.DType;
import io.memmap.format.Crc32;
import io.memmap.format.NpzArchive;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.CRC32;

/** A {@code .npz} of one stored member, as {@code np.savez} writes it. Its header gets the CRC when the values are written. */
record NewMember(String target, String name) implements NewContainer {
    /** The name that {@code np.savez} gives to the first array without one. */
    static final String UNNAMED = "arr_0";

    private static final int BLOCK_NBYTES = 1 << 20;

    NewMember {
        NpzArchive.problem(name, Set.of(name)).ifPresent(problem -> {
            throw new IllegalArgumentException("Cannot write " + target + " with the member '" + name + "': " + problem
                    + "; set another with --toMember");
        });
    }

    @Override
    public byte[] head(String file, DType dtype, Shape shape, Order order) {
        return new NpzArchive().begin(name, NPY.head(file, dtype, shape, order), Crc32.EMPTY);
    }

    @Override
    public void complete(Path file, Layout layout) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            NpzArchive archive = new NpzArchive();
            byte[] npy = NPY.head(target, layout.dtype(), layout.shape(), layout.order());
            BlockWrites.write(channel, ByteBuffer.wrap(archive.begin(name, npy, crc(channel, layout))), 0);
            BlockWrites.write(channel, ByteBuffer.wrap(archive.end()), layout.end());
            channel.force(true);
        }
    }

    private static Crc32 crc(FileChannel channel, Layout layout) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_NBYTES);
        for (long at = layout.offset(); at < layout.end(); at += block.limit()) {
            block.clear().limit((int) Math.min(BLOCK_NBYTES, layout.end() - at));
            while (block.hasRemaining()) {
                if (channel.read(block, at + block.position()) < 0) {
                    throw new IOException("Cannot read the array that was written: its file ends before byte "
                            + layout.end() + "; another program has cut it");
                }
            }
            crc.update(block.array(), 0, block.limit());
        }
        return new Crc32((int) crc.getValue(), layout.nbytes());
    }
}
