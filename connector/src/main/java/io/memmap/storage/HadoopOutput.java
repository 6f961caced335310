package io.memmap.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A new file on a Hadoop file system, none of which can go back to its head: the body is written beside the file, and put
 * after the head when that is known. Without a reserved head it is written in place.
 */
final class HadoopOutput implements FileOutput {
    static final int CHUNK_NBYTES = 1 << 20;
    /** The beginning of Hadoop's message, as of FTP and SFTP. */
    private static final String NOT_SUPPORTED = "createNonRecursive unsupported";

    private final FileSystem fileSystem;
    private final Path path;
    private final int reservedNbytes;
    private final FSDataOutputStream stream;
    private final byte[] chunk = new byte[CHUNK_NBYTES];

    HadoopOutput(FileSystem fileSystem, Path path, int reservedNbytes) throws IOException {
        this.fileSystem = fileSystem;
        this.path = path;
        this.reservedNbytes = reservedNbytes;
        this.stream = create(fileSystem, written(), false);
    }

    /** Not the directories above it: one that a job has removed must not come back through a task that outlived it. */
    static FSDataOutputStream create(FileSystem fileSystem, Path file, boolean overwrite) throws IOException {
        try {
            return fileSystem.createFile(file).overwrite(overwrite).build();
        } catch (IOException | RuntimeException e) {
            if (String.valueOf(e.getMessage()).startsWith(NOT_SUPPORTED)) {
                throw new IOException(
                        "Cannot write " + file + ": " + e.getMessage()
                                + ", expected a file system that can create a file"
                                + " only in a directory that is there; write to another one, and copy the files",
                        e);
            }
            throw HadoopStorage.named("write", file, e);
        }
    }

    /**
     * Closes a file that cannot be written on; where it would appear by that, it does not.
     *
     * @param failure the cause, to which what goes wrong here is added
     */
    static void discard(FileSystem fileSystem, Path file, FSDataOutputStream output, Exception failure) {
        try {
            if (HadoopStorage.appearsWhenClosed(fileSystem, file)) {
                output.abort();
            } else {
                output.close();
            }
        } catch (IOException | RuntimeException e) {
            // A stream may throw again what it failed with, and no exception can suppress itself.
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    private Path written() {
        return reservedNbytes == 0 ? path : new Path(HiddenNames.body(path.toString()));
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int count = Math.min(chunk.length, bytes.remaining());
            bytes.get(chunk, 0, count);
            stream.write(chunk, 0, count);
        }
    }

    @Override
    public long nbytes() {
        return reservedNbytes + stream.getPos();
    }

    @Override
    public void seal(byte[] head) throws IOException {
        long nbytes = stream.getPos();
        stream.close();
        if (reservedNbytes == 0) {
            return;
        }
        HadoopConcat.concat(fileSystem, path, head, List.of(new Part(written().toString(), nbytes)));
        fileSystem.delete(written(), false);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
