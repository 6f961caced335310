package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.storage.ByteRange;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import io.memmap.table.RowBounds;
import io.memmap.table.RowGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of rows of different lengths, as the index of their file has them. Reads some KiB of the index for each row
 * that is asked for. Belongs to one thread; driver only.
 */
record SequenceBytes(RowGroup.Ragged group, RowBounds bounds) {
    /** The bytes of an index that take about as long to read as one more request, where files are not mapped. */
    private static final long REQUEST_NBYTES = 1 << 20;

    private static final long MAX_KEPT_NBYTES = 16 << 20;

    /** @param asked the number of rows that will be asked for, each by some requests unless the whole index is read before */
    static SequenceBytes of(RowGroup.Ragged group, HadoopSettings settings, int asked) throws IOException {
        List<RowBounds.Bytes> index = new ArrayList<>();
        for (ArrayFile file : group.file().sequences().files()) {
            Storage storage = Storage.of(file.path(), settings);
            RowBounds.Bytes bytes =
                    (offset, nbytes) -> ByteBuffer.wrap(whole(file, storage.read(file.path(), offset, nbytes), nbytes));
            boolean small = file.layout().nbytes() <= Math.min(asked * REQUEST_NBYTES, MAX_KEPT_NBYTES);
            index.add(small && !storage.mapsFiles() ? kept(file.layout(), bytes) : bytes);
        }
        return new SequenceBytes(group, new RowBounds(group.file(), index));
    }

    /** The same bytes, all of which are read when some are first asked for. */
    private static RowBounds.Bytes kept(Layout layout, RowBounds.Bytes bytes) {
        ByteBuffer[] all = new ByteBuffer[1];
        return (offset, nbytes) -> {
            if (all[0] == null) {
                all[0] = bytes.at(layout.offset(), Math.toIntExact(layout.nbytes()));
            }
            return all[0].slice(Math.toIntExact(offset - layout.offset()), nbytes);
        };
    }

    private static byte[] whole(ArrayFile file, byte[] bytes, int nbytes) throws IOException {
        if (bytes.length < nbytes) {
            throw new IOException("Cannot read " + file.path() + ": it became shorter while it was read, expected "
                    + file.fingerprint().nbytes() + " bytes; run the query again");
        }
        return bytes;
    }

    /** The bytes that the rows before a row cost to read, with their part of the index. */
    long costBefore(long row) throws IOException {
        return group.nbytes(bounds.start(row), row);
    }

    /** The bytes of rows {@code [startRow, endRow)} in their file. */
    ByteRange range(long startRow, long endRow) throws IOException {
        Layout layout = group.file().layout();
        return new ByteRange(
                layout.offset() + bounds.start(startRow) * layout.rowStride(),
                layout.offset() + bounds.start(endRow) * layout.rowStride());
    }
}
