package io.memmap.storage;

import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.TransposeTile;
import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Local files with rows in C order made into one array in Fortran order: one pass over the target from its start to its
 * end, a {@link TransposeTile} at a time.
 */
final class LocalTranspose {
    private static final int BLOCK_NBYTES = 16 << 20;

    private final Layout layout;
    private final JoinedSources sources;
    private final GatheredWrites target;
    private final TransposeTile tile;
    private final ByteBuffer block;
    private final long[] sourceStrides;
    private final long[] targetStrides;
    /** The first axis with several elements; its neighbours are adjacent in the target. */
    private final int writeAxis;

    /** The block's first element, on each axis, its extents and their strides in the block, in C order. */
    private final long[] start;

    private final int[] extents;
    private final int[] strides;

    private LocalTranspose(Layout layout, JoinedSources sources, FileChannel target, int blockNbytes) {
        int itemsize = layout.dtype().itemsize();
        int ndim = layout.shape().ndim();
        this.layout = layout;
        this.sources = sources;
        this.target = new GatheredWrites(target, itemsize);
        this.tile = TransposeTile.of(layout.shape(), itemsize, blockNbytes);
        this.block = ByteBuffer.allocate(tile.nbytes()).order(ByteOrder.nativeOrder());
        this.sourceStrides = new Layout(layout.dtype(), layout.shape(), Order.C, 0).strides();
        this.targetStrides = layout.strides();
        int axis = 0;
        while (axis < ndim - 1 && layout.shape().dim(axis) == 1) {
            axis++;
        }
        this.writeAxis = axis;
        this.start = new long[ndim];
        this.extents = new int[ndim];
        this.strides = new int[ndim];
    }

    static void concat(Path target, byte[] head, Layout layout, List<LocalConcat.Source> sources) throws IOException {
        concat(target, head, layout, sources, BLOCK_NBYTES);
    }

    static void concat(Path target, byte[] head, Layout layout, List<LocalConcat.Source> sources, int blockNbytes)
            throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                JoinedSources joined = new JoinedSources(sources)) {
            if (joined.nbytes() != layout.nbytes()) {
                throw new IOException("Cannot assemble file:" + target + ": its parts have " + joined.nbytes()
                        + " bytes, expected " + layout.nbytes());
            }
            if (layout.nbytes() > 0) {
                new LocalTranspose(layout, joined, channel, blockNbytes).run();
            }
            BlockWrites.write(channel, ByteBuffer.wrap(head), 0);
            channel.force(true);
        }
    }

    private void run() throws IOException {
        do {
            int stride = layout.dtype().itemsize();
            for (int axis = extents.length - 1; axis >= 0; axis--) {
                extents[axis] =
                        (int) Math.min(tile.extents().dim(axis), layout.shape().dim(axis) - start[axis]);
                strides[axis] = stride;
                stride *= extents[axis];
            }
            read(0, 0, position(sourceStrides));
            block.clear();
            write(extents.length - 1, 0, layout.offset() + position(targetStrides));
        } while (next());
        target.flush();
    }

    /** Goes to the next block, along the first axis first. */
    private boolean next() {
        for (int axis = 0; axis < start.length; axis++) {
            start[axis] += extents[axis];
            if (start[axis] < layout.shape().dim(axis)) {
                return true;
            }
            start[axis] = 0;
        }
        return false;
    }

    private long position(long[] fileStrides) {
        long position = 0;
        for (int axis = 0; axis < start.length; axis++) {
            position += start[axis] * fileStrides[axis];
        }
        return position;
    }

    private void read(int axis, int at, long position) throws IOException {
        if (axis == tile.readAxis()) {
            sources.fill(block.limit(at + extents[axis] * strides[axis]).position(at), position);
            return;
        }
        for (int i = 0; i < extents[axis]; i++) {
            read(axis + 1, at + i * strides[axis], position + i * sourceStrides[axis]);
        }
    }

    private void write(int axis, int at, long position) throws IOException {
        if (axis == writeAxis) {
            target.put(block, at, strides[axis], extents[axis], position);
            return;
        }
        for (int i = 0; i < extents[axis]; i++) {
            write(axis - 1, at + i * strides[axis], position + i * targetStrides[axis]);
        }
    }
}
