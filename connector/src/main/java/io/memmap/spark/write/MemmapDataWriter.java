package io.memmap.spark.write;

import io.memmap.layout.TransposeTile;
import io.memmap.memory.BlockWrites;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.WriteKind.InOrder;
import io.memmap.spark.write.encode.ArrayLengths;
import io.memmap.spark.write.encode.BadValueException;
import io.memmap.spark.write.encode.PartitionDirectories;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.FileOutput;
import io.memmap.storage.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Writes one task's rows into segments of its own, in the job's hidden directory: other attempts of the same task write
 * others, and nothing is visible before the driver's commit. Executor side, one task thread; Spark closes it.
 */
final class MemmapDataWriter extends TaskWriter {
    private final InOrder kind;
    private final WrittenSchema schema;
    private final Function<InternalRow, String> directories;
    private final int blockNbytes;
    private final List<SegmentFile> files = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();

    private List<List<Integer>> lengths;
    private WrittenArray array;
    private RowEncoder encoder;
    private ByteBuffer buffer;
    /** Null between two segments. */
    private SegmentFile file;

    private FileOutput output;
    /** In the segment that is open. */
    private long rows;
    /** In the segments before it. */
    private long segmentRows;

    MemmapDataWriter(TaskAttempt attempt, InOrder kind) {
        this(
                attempt,
                kind,
                attempt.job().schema(),
                new PartitionDirectories(
                        attempt.job().schema().partitions(), attempt.job().zone())::of,
                BlockWrites.BLOCK_NBYTES);
    }

    /**
     * Writes one of several arrays, to each of which the attempt writes.
     *
     * @param directories the directory of each row; null if its user encodes the rows and names it
     * @param blockNbytes the bytes that are collected before they are written
     */
    MemmapDataWriter(
            TaskAttempt attempt,
            InOrder kind,
            WrittenSchema schema,
            Function<InternalRow, String> directories,
            int blockNbytes) {
        super(attempt);
        this.kind = kind;
        this.schema = schema;
        this.directories = directories;
        this.blockNbytes = blockNbytes;
    }

    @Override
    void append(InternalRow row) throws IOException {
        try {
            if (encoder == null) {
                start(ArrayLengths.of(schema, row));
            }
            String directory = directories.apply(row);
            if (file != null && !directory.equals(file.directory())) {
                finish();
            }
            begin(directory);
            if (buffer.remaining() < encoder.rowNbytes()) {
                flush();
            }
            encoder.encode(row, buffer, buffer.position());
        } catch (BadValueException e) {
            throw new IOException(
                    "Cannot write row " + rowCount() + " of partition "
                            + attempt().partition() + ", " + e.getMessage(),
                    e);
        }
        buffer.position(buffer.position() + encoder.rowNbytes());
        added(1);
    }

    /**
     * Adds rows that are encoded, after {@link #start} and no more than the segment has room for.
     *
     * @param at the first byte of the first one; the next one starts {@code stride} bytes later
     */
    void append(String directory, ByteBuffer encoded, int at, int stride, int count) throws IOException {
        begin(directory);
        int rowNbytes = encoder.rowNbytes();
        for (int done = 0, part; done < count; done += part) {
            if (buffer.remaining() < rowNbytes) {
                flush();
            }
            part = Math.min(count - done, buffer.remaining() / rowNbytes);
            TransposeTile.gather(encoded, at + done * stride, stride, rowNbytes, part, buffer);
        }
        added(count);
    }

    private void begin(String directory) throws IOException {
        if (file == null) {
            file = kind.create(attempt(), array, directory);
            files.add(file);
            output = file.open();
        }
    }

    private void added(int count) throws IOException {
        rows += count;
        if (rows == kind.maxRecordsPerFile()) {
            finish();
        }
    }

    /** Holds no file open until the next write. */
    void rest() throws IOException {
        if (output != null) {
            output.rest();
        }
    }

    @Override
    long rowCount() {
        return segmentRows + rows;
    }

    /** Takes what the first row tells and the schema left open. */
    void start(List<List<Integer>> found) throws IOException {
        lengths = found;
        array = schema.resolve(lengths);
        encoder = RowEncoder.of(array);
        int most = Integer.MAX_VALUE - blockNbytes;
        if (encoder.rowNbytes() > most) {
            throw new IOException("Cannot write rows of " + array.dtype() + ": a row has " + encoder.rowNbytes()
                    + " bytes, expected at most " + most);
        }
        buffer = ByteBuffer.allocateDirect(blockNbytes + encoder.rowNbytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whole blocks of the file only; bytes after the last of them wait for more. */
    private void flush() throws IOException {
        int end = buffer.position();
        int rest = (int) ((output.nbytes() + end) % blockNbytes);
        output.write(buffer.flip().limit(end - rest));
        buffer.limit(end).compact();
    }

    private void finish() throws IOException {
        output.write(buffer.flip());
        buffer.clear();
        segments.add(file.finish(output, rows));
        segmentRows += rows;
        rows = 0;
        file = null;
        output = null;
    }

    @Override
    long nbytes() {
        return encoder == null ? 0 : rowCount() * encoder.rowNbytes();
    }

    @Override
    SegmentsWritten finished() throws IOException {
        return finished(List.of());
    }

    /** The same, with changes of rows that were there. */
    SegmentsWritten finished(List<Part> patches) throws IOException {
        if (file != null) {
            finish();
        }
        return new SegmentsWritten(attempt().partition(), List.copyOf(segments), patches, lengths);
    }

    @Override
    void release() throws IOException {
        if (output != null) {
            output.close();
            output = null;
        }
    }

    @Override
    void remove() throws IOException {
        for (SegmentFile written : files) {
            written.remove();
        }
    }
}
