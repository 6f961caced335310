package io.memmap.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;

/**
 * Makes one file of an {@link Upload}: the head, and pieces too small to be parts, are prepended to the next piece or
 * become parts together; all else stays as the tasks put it. Driver side, one thread.
 */
final class UploadAssembly implements AutoCloseable {
    private final FileSystem fileSystem;
    private final Upload upload;
    private final PartUploader uploader;
    private final List<UploadedPart> parts = new ArrayList<>();
    private final byte[] chunk = new byte[HadoopOutput.CHUNK_NBYTES];
    private Spool pending;

    UploadAssembly(FileSystem fileSystem, Upload upload) throws IOException {
        this.fileSystem = fileSystem;
        this.upload = upload;
        this.uploader = new PartUploader(fileSystem, new Path(upload.target()));
        this.pending = new Spool(0);
    }

    /**
     * Completes the upload.
     *
     * @throws IOException when it is not complete: a piece has another length than was said, or the store has other bytes
     *     than the ones that a task put
     */
    void complete(byte[] head, List<Part> pieces) throws IOException {
        pending.write(ByteBuffer.wrap(head));
        for (Part piece : pieces) {
            if (piece.uploaded().isEmpty()) {
                append(piece, piece.nbytes());
                if (pending.nbytes() >= SpooledOutput.PART_NBYTES) {
                    putPending(nextNumber());
                }
            } else {
                add(piece);
            }
        }
        if (pending.nbytes() > 0) {
            putPending(nextNumber());
        }
        uploader.complete(upload.handle(), parts);
        long found = fileSystem.getFileStatus(new Path(upload.target())).getLen();
        long expected = parts.stream().mapToLong(UploadedPart::nbytes).sum();
        if (found != expected) {
            throw new IOException(
                    "Cannot assemble " + upload.target() + ": it has " + found + " bytes, expected " + expected);
        }
    }

    private void add(Part piece) throws IOException {
        UploadedPart first = piece.uploaded().get(0);
        if (pending.nbytes() == 0) {
            parts.addAll(piece.uploaded());
            return;
        }
        append(piece, first.nbytes());
        putPending(first.number());
        parts.addAll(piece.uploaded().subList(1, piece.uploaded().size()));
    }

    /** A pending piece is no part, so a number of its task is free. */
    private int nextNumber() {
        return parts.isEmpty() ? 1 : parts.get(parts.size() - 1).number() + 1;
    }

    private void append(Part piece, long nbytes) throws IOException {
        Path path = new Path(piece.path());
        long before = pending.nbytes();
        try (FSDataInputStream input = fileSystem.open(path)) {
            for (int count = input.read(chunk); count >= 0; count = input.read(chunk)) {
                pending.write(ByteBuffer.wrap(chunk, 0, count));
            }
        }
        long found = pending.nbytes() - before;
        if (found != nbytes) {
            throw new IOException("Cannot read " + path + ": it has " + found + " bytes, expected the " + nbytes
                    + " that its task wrote");
        }
    }

    private void putPending(int number) throws IOException {
        try (InputStream bytes = pending.open(new ByteRange(0, pending.nbytes()))) {
            parts.add(FutureIO.awaitFuture(uploader.put(upload.handle(), number, bytes, pending.nbytes())));
        }
        pending.close();
        pending = new Spool(0);
    }

    @Override
    public void close() throws IOException {
        try (uploader) {
            pending.close();
        }
    }
}
