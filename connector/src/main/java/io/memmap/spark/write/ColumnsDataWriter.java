package io.memmap.spark.write;

import io.memmap.format.ColumnArray;
import io.memmap.memory.BlockWrites;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.WriteKind.InOrder;
import io.memmap.spark.write.encode.ArrayLengths;
import io.memmap.spark.write.encode.BadValueException;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.SideBySide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Writes one task's rows into arrays side by side. Some rows are encoded as the records that they are together; each
 * column then goes to a writer of its own. Executor side, one task thread; Spark closes it.
 */
final class ColumnsDataWriter extends TaskWriter {
    /** The memory that all columns share. */
    private static final int BUFFERS_NBYTES = 64 << 20;

    private static final int MIN_BLOCK_NBYTES = 4 << 10;

    /** Rows that are encoded before they become columns: they stay in the second-level cache. */
    private static final int TILE_NBYTES = 1 << 20;

    /** The files of more columns are opened for each write: all tasks of an executor share the limit of open files. */
    private static final int MAX_OPEN_FILES = 64;

    private static final int MAX_THREADS = 16;

    private final InOrder kind;
    private final List<String> directories = new ArrayList<>();
    private final List<MemmapDataWriter> columns = new ArrayList<>();

    private List<List<Integer>> lengths;
    private WrittenArray records;
    private RowEncoder encoder;
    private ByteBuffer tile;

    ColumnsDataWriter(TaskAttempt attempt, InOrder kind) {
        super(attempt);
        this.kind = kind;
        List<WrittenSchema> arrays = attempt.job().schema().arrays();
        int share = Integer.highestOneBit(BUFFERS_NBYTES / arrays.size());
        int blockNbytes = Math.max(MIN_BLOCK_NBYTES, Math.min(BlockWrites.BLOCK_NBYTES, share));
        for (WrittenSchema array : arrays) {
            directories.add(ColumnArray.directory(array.columns().get(0).field()));
            columns.add(new MemmapDataWriter(attempt, kind, array, null, blockNbytes));
        }
    }

    @Override
    void append(InternalRow row) throws IOException {
        try {
            if (encoder == null) {
                start(row);
            }
            encoder.encode(row, tile, tile.position());
        } catch (BadValueException e) {
            throw new IOException(
                    "Cannot write row " + rowCount() + " of partition "
                            + attempt().partition() + ", " + e.getMessage(),
                    e);
        }
        tile.position(tile.position() + encoder.rowNbytes());
        if (tile.remaining() < encoder.rowNbytes() || rowCount() % kind.maxRecordsPerFile() == 0) {
            flush();
        }
    }

    /** The first row tells what the schema left open. */
    private void start(InternalRow first) throws IOException {
        WrittenSchema schema = attempt().job().schema();
        lengths = ArrayLengths.of(schema, first);
        records = schema.resolve(lengths);
        tile = ByteBuffer.allocateDirect(Math.max(TILE_NBYTES, records.rowNbytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        int next = 0;
        for (int i = 0; i < columns.size(); i++) {
            boolean known = schema.columns().get(i).isKnown();
            columns.get(i).start(known ? List.of() : List.of(lengths.get(next++)));
        }
        encoder = RowEncoder.of(records);
    }

    private void flush() throws IOException {
        int count = tile.position() / encoder.rowNbytes();
        for (int i = 0; i < columns.size() && count > 0; i++) {
            int offset = records.columns().get(i).offset();
            columns.get(i).append(directories.get(i), tile, offset, encoder.rowNbytes(), count);
            if (columns.size() > MAX_OPEN_FILES) {
                columns.get(i).rest();
            }
        }
        tile.clear();
    }

    @Override
    long rowCount() {
        return columns.get(0).rowCount() + (encoder == null ? 0 : tile.position() / encoder.rowNbytes());
    }

    @Override
    long nbytes() {
        return encoder == null ? 0 : rowCount() * encoder.rowNbytes();
    }

    /** A file system brings several files on to the disk in about the time of one. */
    @Override
    SegmentsWritten finished() throws IOException {
        if (encoder != null) {
            flush();
        }
        SegmentsWritten[] written = new SegmentsWritten[columns.size()];
        List<Integer> all = IntStream.range(0, written.length).boxed().toList();
        // None runs when this returns: what it wrote may be removed then.
        SideBySide.toTheEnd(
                "complete the columns",
                MAX_THREADS,
                all,
                i -> written[i] = columns.get(i).finished());
        List<Segment> segments = Arrays.stream(written)
                .flatMap(column -> column.segments().stream())
                .toList();
        return new SegmentsWritten(attempt().partition(), segments, List.of(), lengths);
    }

    @Override
    void release() throws IOException {
        for (MemmapDataWriter column : columns) {
            column.release();
        }
    }

    @Override
    void remove() throws IOException {
        for (MemmapDataWriter column : columns) {
            column.remove();
        }
    }
}
