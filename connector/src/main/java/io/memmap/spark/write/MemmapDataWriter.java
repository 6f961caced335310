package io.memmap.spark.write;

import io.memmap.memory.BlockWrites;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.metric.WriteMetric;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.WriteKind.InOrder;
import io.memmap.spark.write.encode.ArrayLengths;
import io.memmap.spark.write.encode.BadValueException;
import io.memmap.spark.write.encode.PartitionDirectories;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.Part;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * Writes one task's rows into segments of its own, in the job's hidden directory: other attempts of the same task write
 * others, and nothing is visible before the driver's commit. Executor side, one task thread; Spark closes it.
 */
final class MemmapDataWriter implements DataWriter<InternalRow> {
    private final WriteJob job;
    private final WrittenSchema schema;
    private final InOrder kind;
    private final int partition;
    private final long task;
    private final Function<InternalRow, String> directories;
    private final IntSupplier numbers;
    private final int blockNbytes;
    private final List<SegmentFile> files = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();

    private List<List<Integer>> lengths;
    private RowEncoder encoder;
    private TaskAttempt attempt;
    private ByteBuffer buffer;
    /** Null between two segments. */
    private SegmentFile file;
    /** In the segment that is open. */
    private long rows;
    /** In the segments before it. */
    private long segmentRows;

    MemmapDataWriter(WriteJob job, InOrder kind, int partition, long task) {
        this(
                job,
                job.schema(),
                kind,
                partition,
                task,
                new PartitionDirectories(job.schema().partitions(), job.zone())::of,
                new AtomicInteger()::getAndIncrement,
                BlockWrites.BLOCK_NBYTES);
    }

    /**
     * Writes one of several arrays, to each of which the attempt writes.
     *
     * @param directories the directory of each row
     * @param numbers of the attempt's files
     * @param blockNbytes the bytes that are collected before they are written
     */
    MemmapDataWriter(
            WriteJob job,
            WrittenSchema schema,
            InOrder kind,
            int partition,
            long task,
            Function<InternalRow, String> directories,
            IntSupplier numbers,
            int blockNbytes) {
        this.job = job;
        this.schema = schema;
        this.kind = kind;
        this.partition = partition;
        this.task = task;
        this.directories = directories;
        this.numbers = numbers;
        this.blockNbytes = blockNbytes;
    }

    @Override
    public void write(InternalRow row) {
        try {
            append(row);
        } catch (Exception e) {
            throw Entry.failure(e);
        }
    }

    void append(InternalRow row) throws IOException {
        try {
            if (encoder == null) {
                start(row);
            }
            String directory = directories.apply(row);
            if (file != null && !directory.equals(file.directory())) {
                finish();
            }
            if (file == null) {
                file = kind.create(attempt, directory);
                files.add(file);
            } else if (buffer.remaining() < encoder.rowNbytes()) {
                flush();
            }
            encoder.encode(row, buffer, buffer.position());
        } catch (BadValueException e) {
            throw new IOException(
                    "Cannot write row " + rowCount() + " of partition " + partition + ", " + e.getMessage(), e);
        }
        buffer.position(buffer.position() + encoder.rowNbytes());
        rows++;
        if (rows == kind.maxRecordsPerFile()) {
            finish();
        }
    }

    /** Rows of all segments so far. */
    long rowCount() {
        return segmentRows + rows;
    }

    /** The first row tells what the schema left open. */
    private void start(InternalRow first) throws IOException {
        lengths = ArrayLengths.of(schema, first);
        WrittenArray array = schema.resolve(lengths);
        encoder = RowEncoder.of(array);
        Storage storage = Storage.of(job.staging(), job.settings());
        attempt = new TaskAttempt(storage, job.staging(), job.settings(), array, partition, task, numbers);
        buffer = ByteBuffer.allocateDirect(Math.addExact(blockNbytes, encoder.rowNbytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whole blocks of the file only; bytes after the last of them wait for more. */
    private void flush() throws IOException {
        int end = buffer.position();
        int rest = (int) ((file.output().nbytes() + end) % blockNbytes);
        file.output().write(buffer.flip().limit(end - rest));
        buffer.limit(end).compact();
    }

    private void finish() throws IOException {
        file.output().write(buffer.flip());
        buffer.clear();
        segments.add(file.finish(rows));
        segmentRows += rows;
        rows = 0;
        file = null;
    }

    /** Their bytes in the array. */
    long nbytes() {
        return encoder == null ? 0 : rowCount() * encoder.rowNbytes();
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
        return Entry.call(() -> WriteMetric.ofTask(rowCount(), nbytes()));
    }

    @Override
    public WriterCommitMessage commit() {
        Entry.run(() -> job.reports().send(finished(List.of())));
        return null;
    }

    /** Completes the segments. */
    SegmentsWritten finished(List<Part> patches) throws IOException {
        if (file != null) {
            finish();
        }
        return new SegmentsWritten(partition, List.copyOf(segments), patches, lengths);
    }

    /** Removes what this attempt wrote; another attempt's files have other names. */
    @Override
    public void abort() {
        Entry.run(this::remove);
    }

    void remove() throws IOException {
        close();
        for (SegmentFile written : files) {
            written.remove();
        }
    }

    @Override
    public void close() {
        Entry.run(() -> {
            if (file != null) {
                file.output().close();
                file = null;
            }
        });
    }
}
