package io.memmap.spark.write;

import io.memmap.format.NpyHeader;
import io.memmap.format.Sidecar;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.BlockWrites;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.metric.WriteMetric;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.write.encode.ArrayLengths;
import io.memmap.spark.write.encode.BadValueException;
import io.memmap.spark.write.encode.PartitionDirectories;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.CheckedOutput;
import io.memmap.storage.FileOutput;
import io.memmap.storage.Part;
import io.memmap.storage.Storage;
import io.memmap.storage.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
    private final int partition;
    private final long task;
    private final List<Segment> segments = new ArrayList<>();
    /** One for each segment, where no file can be renamed in one step. */
    private final List<Upload> uploads = new ArrayList<>();

    private List<List<Integer>> lengths;
    private WrittenArray array;
    private RowEncoder encoder;
    private final Function<InternalRow, String> directories;
    /** The number of the next file of this attempt; no two files have the same. */
    private final IntSupplier numbers;

    private final int blockNbytes;
    /** That of the rows in {@link #output}. */
    private String directory = "";

    private Storage storage;
    private ByteBuffer buffer;
    private FileOutput output;
    private String path;
    /** In the segment that is open. */
    private long rows;
    /** In the segments before it. */
    private long segmentRows;
    /** True if what is written to {@link #output} is what readers will see. */
    private boolean published;

    MemmapDataWriter(WriteJob job, int partition, long task) {
        this(
                job,
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
            int partition,
            long task,
            Function<InternalRow, String> directories,
            IntSupplier numbers,
            int blockNbytes) {
        this.job = job;
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
            String next = directories.apply(row);
            if (output != null && !next.equals(directory)) {
                finish();
            }
            if (output == null) {
                directory = next;
                open();
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
        if (rows == job.maxRecordsPerFile()) {
            finish();
        }
    }

    /** Rows of all segments so far. */
    long rowCount() {
        return segmentRows + rows;
    }

    /** The first row tells what the schema left open. */
    private void start(InternalRow first) throws IOException {
        lengths = ArrayLengths.of(job.schema(), first);
        array = job.schema().resolve(lengths);
        encoder = RowEncoder.of(array);
        storage = Storage.of(job.staging(), job.settings());
        buffer = ByteBuffer.allocateDirect(Math.addExact(blockNbytes, encoder.rowNbytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private void open() throws IOException {
        published = array.order() == Order.C && (job.shards() || startsFile());
        if (job.names() != null) {
            path = job.names().path(directory, partition, task, numbers.getAsInt());
            Upload upload = Upload.start(path, job.staging(), 1, job.settings());
            uploads.add(upload);
            output = upload.createWhole(reservedNbytes());
            return;
        }
        path = job.staging() + "/.part-" + partition + "-" + task + "-" + numbers.getAsInt();
        if (published) {
            output = storage.create(path, reservedNbytes());
        } else if (job.container()) {
            output = new CheckedOutput(storage.createScratch(path));
        } else if (job.upload() == null) {
            output = storage.createScratch(path);
        } else {
            output = job.upload().createPiece(path, partition);
        }
    }

    /** Returns true if this becomes the start of the one file, to which the driver appends what the other tasks wrote. */
    private boolean startsFile() {
        return !job.append() && !job.container() && partition == 0 && segments.isEmpty() && storage.extendsFiles();
    }

    /** A header in C order has room for any number of rows, so its length is known before they are. */
    private int reservedNbytes() {
        return published && !job.append() && !job.raw() ? header(0).length : 0;
    }

    private byte[] header(long rowCount) {
        return NpyHeader.write(array.dtype(), shape(array, rowCount), array.order());
    }

    static Shape shape(WrittenArray array, long rowCount) {
        long[] trailing = array.trailing().toArray();
        long[] shape = new long[trailing.length + 1];
        shape[0] = rowCount;
        System.arraycopy(trailing, 0, shape, 1, trailing.length);
        return Shape.of(shape);
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
        long nbytes = output.nbytes();
        if (job.shards()) {
            nbytes = publishable(nbytes);
        } else {
            output.complete();
        }
        int reservedNbytes = job.shards() ? 0 : reservedNbytes();
        Part file = new Part(path, nbytes, reservedNbytes, output.uploaded());
        segments.add(new Segment(
                file,
                rows,
                uploads.isEmpty() ? null : uploads.get(segments.size()).handle(),
                directory,
                output.crc()));
        segmentRows += rows;
        rows = 0;
        output = null;
    }

    /** A shard is flushed here, once: what the commit publishes is this file. */
    private long publishable(long nbytes) throws IOException {
        byte[] head = job.raw() ? new byte[0] : header(rows);
        if (array.order() == Order.C) {
            output.publishable(head);
        } else {
            output.close();
            String rowByRow = path;
            path = rowByRow + ".F";
            Layout layout = new Layout(array.dtype(), shape(array, rows), Order.F, head.length);
            storage.concat(path, head, layout, List.of(new Part(rowByRow, nbytes)));
            storage.delete(rowByRow);
        }
        long total = array.order() == Order.C ? nbytes : nbytes + head.length;
        if (job.raw()) {
            storage.writeText(sidecarPath(path), sidecar(array, rows, total).toJson());
        }
        return total;
    }

    /** In the hidden directory, wherever the shard is. */
    private String sidecarPath(String shard) {
        return Sidecar.pathOf(job.staging() + "/" + Storage.name(shard));
    }

    static Sidecar sidecar(WrittenArray array, long rowCount, long nbytes) {
        return new Sidecar(
                array.dtype(),
                Optional.of(shape(array, rowCount)),
                Optional.of(array.order()),
                OptionalLong.of(0),
                array.columnNames(),
                array.layout(),
                OptionalLong.of(nbytes));
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
    SegmentsWritten finished(List<Segment> patches) throws IOException {
        if (output != null) {
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
        for (Upload upload : uploads) {
            upload.abandon();
        }
        if (storage != null) {
            if (path != null) {
                storage.delete(path);
            }
            for (Segment segment : segments) {
                storage.delete(segment.path());
                storage.delete(sidecarPath(segment.path()));
            }
        }
    }

    @Override
    public void close() {
        Entry.run(() -> {
            if (output != null) {
                output.close();
                output = null;
            }
        });
    }
}
