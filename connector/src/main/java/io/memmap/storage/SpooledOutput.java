package io.memmap.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;
import org.apache.hadoop.util.functional.FutureIO;

/**
 * A new file in an object store, spooled on this machine until all of it is known: so each byte goes over the network once.
 * Either a file of its own, with its head in front, or one task's piece of an {@link Upload}.
 *
 * <p>Tasks are allowed to commit one at a time per partition, and parts are put by {@link #complete} only: the attempts of a
 * task share their numbers.
 */
final class SpooledOutput implements FileOutput {
    /** The least that a part must have, unless it is the last. */
    static final int MIN_PART_NBYTES = 5 << 20;

    static final int PART_NBYTES = 16 << 20;

    private final FileSystem fileSystem;
    private final Path path;
    private final int reservedNbytes;
    private final Spool spool = new Spool();
    private final List<UploadedPart> uploaded = new ArrayList<>();
    /** Null for a file of its own. */
    private final Upload upload;

    private final int task;

    private SpooledOutput(FileSystem fileSystem, Path path, int reservedNbytes, Upload upload, int task)
            throws IOException {
        this.fileSystem = fileSystem;
        this.path = path;
        this.reservedNbytes = reservedNbytes;
        this.upload = upload;
        this.task = task;
    }

    static SpooledOutput ofFile(FileSystem fileSystem, Path path, int reservedNbytes) throws IOException {
        return new SpooledOutput(fileSystem, path, reservedNbytes, null, 0);
    }

    /** A piece whose beginning is also put to {@code path}: the driver may have to put something in front of it. */
    static SpooledOutput ofPiece(FileSystem fileSystem, Path path, Upload upload, int task) throws IOException {
        return new SpooledOutput(fileSystem, path, 0, upload, task);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        try {
            spool.write(bytes);
        } catch (IOException e) {
            throw new IOException(
                    "Cannot write " + path + ": " + e.getMessage() + " after " + spool.nbytes() + " bytes in "
                            + System.getProperty("java.io.tmpdir") + ", expected room there for all that a task writes",
                    e);
        }
    }

    @Override
    public long nbytes() {
        return reservedNbytes + spool.nbytes();
    }

    @Override
    public void publishable(byte[] head) throws IOException {
        put(head, spool.nbytes());
        spool.close();
    }

    /** A stream that fails is given up: closing it would make a file of what came so far. */
    private void put(byte[] head, long end) throws IOException {
        FSDataOutputStream output = HadoopOutput.create(fileSystem, path, false);
        try {
            output.write(head);
            try (InputStream bytes = spool.open(new ByteRange(0, end))) {
                IOUtils.copyBytes(bytes, output, HadoopOutput.CHUNK_NBYTES, false);
            }
        } catch (IOException | RuntimeException e) {
            output.abort();
            throw e;
        }
        output.close();
    }

    /** Puts the parts; a piece too small for one of its own only goes to its path. */
    @Override
    public void complete() throws IOException {
        long nbytes = spool.nbytes();
        boolean divided = nbytes >= 2 * MIN_PART_NBYTES && upload.numbersPerTask() > 1;
        long first = divided ? MIN_PART_NBYTES : nbytes;
        put(new byte[0], first);
        if (nbytes >= MIN_PART_NBYTES) {
            putParts(first);
        }
        spool.close();
    }

    private void putParts(long firstNbytes) throws IOException {
        long rest = spool.nbytes() - firstNbytes;
        long count = rest == 0 ? 0 : Math.min(upload.numbersPerTask() - 1, Math.max(1, rest / PART_NBYTES));
        List<CompletableFuture<UploadedPart>> puts = new ArrayList<>();
        try (PartUploader uploader = new PartUploader(fileSystem, new Path(upload.target()))) {
            long start = 0;
            for (long i = 0; i <= count; i++) {
                long end = i == 0 ? firstNbytes : firstNbytes + Math.multiplyExact(rest, i) / count;
                int number = upload.firstNumber(task) + puts.size();
                puts.add(uploader.put(upload.handle(), number, spool.open(new ByteRange(start, end)), end - start));
                start = end;
            }
            for (CompletableFuture<UploadedPart> put : puts) {
                uploaded.add(FutureIO.awaitFuture(put));
            }
        }
    }

    @Override
    public List<UploadedPart> uploaded() {
        return uploaded;
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
