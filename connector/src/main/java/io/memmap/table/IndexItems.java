package io.memmap.table;

import io.memmap.format.ArrayFile;
import io.memmap.table.RowBounds.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The items of a 1-D array of little-endian integers of 4 or 8 bytes, of which some are kept. Belongs to one thread. */
final class IndexItems {
    private static final int MOST_KEPT = 4096;

    private final ArrayFile array;
    private final Bytes bytes;
    private final int itemsize;
    private final long[] kept;
    private long first;
    private int count;

    IndexItems(ArrayFile array, Bytes bytes) {
        this.array = array;
        this.bytes = bytes;
        this.itemsize = array.layout().dtype().itemsize();
        this.kept = new long[(int) Math.min(MOST_KEPT, array.layout().rowCount())];
    }

    /** An item; one of eight unsigned bytes above 2^63-1 is negative. */
    long at(long index) throws IOException {
        if (index < first || index >= first + count) {
            keepFrom(index);
        }
        return kept[(int) (index - first)];
    }

    private void keepFrom(long index) throws IOException {
        count = 0;
        int wanted = (int) Math.min(kept.length, array.layout().rowCount() - index);
        ByteBuffer source =
                bytes.at(array.layout().position(0, index), wanted * itemsize).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < wanted; i++) {
            kept[i] = itemsize == Long.BYTES ? source.getLong(i * itemsize) : source.getInt(i * itemsize);
        }
        first = index;
        count = wanted;
    }
}
