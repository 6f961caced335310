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
 * A task's part of an {@link Upload}, spooled on this machine until all of it is known.
 *
 * <p>Pieces of one file are completed only when Spark has allowed one attempt of the task to commit: all of them share the
 * numbers of their parts.
 */
final class SpooledOutput implements FileOutput {
    /** The least that a part must have, unless it is the last. */
    static final int MIN_PART_NBYTES = 5 << 20;

    static final int PART_NBYTES = 16 << 20;

    private final FileSystem fileSystem;
    /** A copy of the piece's beginning: the driver may have to prepend bytes to it. */
    private final Path path;

    private final Upload upload;
    private final int task;
    private final Spool spool;
    private final List<UploadedPart> uploaded = new ArrayList<>();

    SpooledOutput(FileSystem fileSystem, Path path, Upload upload, int task, int reservedNbytes) throws IOException {
        this.fileSystem = fileSystem;
        this.path = path;
        this.upload = upload;
        this.task = task;
        this.spool = new Spool(reservedNbytes);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        try {
            spool.write(bytes);
        } catch (IOException e) {
            throw new IOException(
                    "Cannot write " + upload.target() + ": " + e.getMessage() + " after " + spool.nbytes()
                            + " bytes in " + System.getProperty("java.io.tmpdir")
                            + ", expected room there for all that a task writes",
                    e);
        }
    }

    @Override
    public long nbytes() {
        return spool.nbytes();
    }

    /** Puts all of the file, which is there when the driver completes it: in parts of equal length, but for the last. */
    @Override
    public void seal(byte[] head) throws IOException {
        spool.writeHead(head);
        long nbytes = spool.nbytes();
        long part = Math.max(PART_NBYTES, (nbytes + upload.numbersPerTask() - 1) / upload.numbersPerTask());
        List<Long> ends = new ArrayList<>();
        for (long end = part; end < nbytes; end += part) {
            ends.add(end);
        }
        ends.add(nbytes);
        putParts(ends);
        spool.close();
    }

    /** Puts the piece, its beginning to its path too; all of one that is too small for a part goes there only. */
    @Override
    public void complete() throws IOException {
        long nbytes = spool.nbytes();
        boolean divided = nbytes >= 2 * MIN_PART_NBYTES && upload.numbersPerTask() > 1;
        long first = divided ? MIN_PART_NBYTES : nbytes;
        putToPath(first);
        if (nbytes >= MIN_PART_NBYTES) {
            List<Long> ends = new ArrayList<>(List.of(first));
            long rest = nbytes - first;
            // Divided evenly, so that none is too small.
            long count = rest == 0 ? 0 : Math.min(upload.numbersPerTask() - 1, Math.max(1, rest / PART_NBYTES));
            for (long i = 1; i <= count; i++) {
                ends.add(first + Math.multiplyExact(rest, i) / count);
            }
            putParts(ends);
        }
        spool.close();
    }

    /** A stream that fails is given up: closing it would make a file of what came so far. */
    private void putToPath(long nbytes) throws IOException {
        FSDataOutputStream output = HadoopOutput.create(fileSystem, path, false);
        try (InputStream bytes = spool.open(new ByteRange(0, nbytes))) {
            IOUtils.copyBytes(bytes, output, HadoopOutput.CHUNK_NBYTES, false);
        } catch (IOException | RuntimeException e) {
            output.abort();
            throw e;
        }
        output.close();
    }

    private void putParts(List<Long> ends) throws IOException {
        List<CompletableFuture<UploadedPart>> puts = new ArrayList<>();
        try (PartUploader uploader = new PartUploader(fileSystem, new Path(upload.target()))) {
            long start = 0;
            for (long end : ends) {
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
