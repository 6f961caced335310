package io.memmap.storage;

import io.memmap.array.Layout;
import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Files of any Hadoop {@code FileSystem}, by positioned reads. */
final class HadoopStorage extends Storage {
    /** A look at a file is a remote call: one per this many bytes, besides the one when it is opened. */
    private static final long LOOK_EVERY_NBYTES = 64L << 20;

    private static final int CHUNK_NBYTES = 1 << 20;

    private final Configuration configuration;

    HadoopStorage(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public StoredFile stat(String path) throws IOException {
        Path full = new Path(path);
        try {
            return stored(full.getFileSystem(configuration).getFileStatus(full));
        } catch (FileNotFoundException e) {
            FileNotFoundException missing =
                    new FileNotFoundException("Cannot read " + path + ": no such file or directory");
            missing.initCause(e);
            throw missing;
        }
    }

    private static StoredFile stored(FileStatus status) {
        Path path = status.getPath();
        return new StoredFile(path.toString(), path.getName(), status.isDirectory(), fingerprint(status));
    }

    private static Fingerprint fingerprint(FileStatus status) {
        return new Fingerprint("", status.getLen(), status.getModificationTime());
    }

    @Override
    public List<StoredFile> list(String directory) throws IOException {
        Path path = new Path(directory);
        List<StoredFile> files = new ArrayList<>();
        for (FileStatus status : path.getFileSystem(configuration).listStatus(path)) {
            files.add(stored(status));
        }
        return files;
    }

    @Override
    public byte[] read(String path, long offset, int nbytes) throws IOException {
        Path full = new Path(path);
        try (FSDataInputStream stream = full.getFileSystem(configuration).open(full)) {
            byte[] bytes = new byte[nbytes];
            return Arrays.copyOf(bytes, fill(stream, offset, bytes, nbytes));
        }
    }

    private static int fill(FSDataInputStream stream, long offset, byte[] bytes, int nbytes) throws IOException {
        int filled = 0;
        while (filled < nbytes) {
            int count = stream.read(offset + filled, bytes, filled, nbytes - filled);
            if (count < 0) {
                break;
            }
            filled += count;
        }
        return filled;
    }

    @SuppressWarnings("ByteBufferBackingArray") // the buffer is PositionedInput's, a whole array from its first byte on
    private static void fill(FSDataInputStream stream, long offset, ByteBuffer target) throws IOException {
        target.position(fill(stream, offset, target.array(), target.limit()));
    }

    private static FSDataInputStream open(FileSystem fileSystem, Path path) throws IOException {
        try {
            return fileSystem.open(path);
        } catch (FileNotFoundException e) {
            FileNotFoundException missing = new FileNotFoundException("Cannot read " + path
                    + ": it is not there, expected the file that the query was planned on; it was removed");
            missing.initCause(e);
            throw missing;
        }
    }

    @Override
    public ArrayInput openMapped(ArrayFile file, List<ByteRange> ranges, boolean concurrentWrites) throws IOException {
        return openRead(file, concurrentWrites);
    }

    @Override
    public ArrayInput openRead(ArrayFile file, boolean concurrentWrites) throws IOException {
        Path path = new Path(file.path());
        FileSystem fileSystem = path.getFileSystem(configuration);
        FSDataInputStream stream = open(fileSystem, path);
        ArrayInput input = PositionedInput.ofSource(
                file,
                concurrentWrites,
                (offset, target) -> fill(stream, offset, target),
                () -> fingerprint(fileSystem.getFileStatus(path)),
                stream,
                LOOK_EVERY_NBYTES);
        try {
            input.checkUnchanged(null);
            byte[] header = new byte[file.header().length()];
            fill(stream, 0, header, header.length);
            input.checkHeader(header);
            return input;
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    @Override
    public FileOutput create(String path, int reservedNbytes) throws IOException {
        Path full = new Path(path);
        return new HadoopOutput(full.getFileSystem(configuration), full, reservedNbytes);
    }

    @Override
    public void makeDirectory(String path) throws IOException {
        Path full = new Path(path);
        full.getFileSystem(configuration).mkdirs(full);
    }

    @Override
    public void move(String from, String to) throws IOException {
        Path target = new Path(to);
        FileContext.getFileContext(target.toUri(), configuration)
                .rename(new Path(from), target, Options.Rename.OVERWRITE);
    }

    @Override
    public void delete(String path) throws IOException {
        Path full = new Path(path);
        full.getFileSystem(configuration).delete(full, true);
    }

    @Override
    public void concat(String target, byte[] head, List<Part> sources) throws IOException {
        try (FileOutput output = create(target, 0)) {
            output.write(ByteBuffer.wrap(head));
            byte[] chunk = new byte[CHUNK_NBYTES];
            for (Part part : sources) {
                append(output, part, chunk);
            }
            output.publishable(new byte[0]);
        }
    }

    @Override
    public void concat(String target, byte[] head, Layout layout, List<Part> sources) throws IOException {
        throw new IOException("Cannot write " + target
                + " in Fortran order: this file system takes a file from front to back only, expected a local path; write "
                + "order=C, and read it with transpose=true if columns are what you want side by side");
    }

    @Override
    public void fill(String target, int headNbytes, long rows, byte[] row) throws IOException {
        throw inPlace(target);
    }

    @Override
    public void change(String target, List<Redo.Copy> copies, List<String> patches, byte[] head) throws IOException {
        throw inPlace(target);
    }

    @Override
    public void checkChangeable(String target) throws IOException {
        throw inPlace(target);
    }

    private static IOException inPlace(String target) {
        return new IOException("Cannot write " + target
                + " row by row: this file system takes a file from front to back only, expected a local path; write "
                + "the rows in order, or append to a directory of shards");
    }

    private void append(FileOutput output, Part part, byte[] chunk) throws IOException {
        Path path = new Path(part.path());
        try (FSDataInputStream stream = path.getFileSystem(configuration).open(path)) {
            long at = 0;
            for (int count = fill(stream, at, chunk, chunk.length);
                    count > 0;
                    count = fill(stream, at, chunk, chunk.length)) {
                output.write(ByteBuffer.wrap(chunk, 0, count));
                at += count;
            }
            if (at != part.nbytes()) {
                throw new IOException("Cannot read " + part.path() + ": it has " + at + " bytes, expected the "
                        + part.nbytes() + " that its task wrote");
            }
        }
    }
}
