package io.memmap.it;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under the scheme {@code dying}, as Azure's store has them: a file is there when it is created, its bytes when it
 * is closed, a rename replaces nothing and gives another time, and a block of no bytes is refused. After a step that it is told,
 * nothing more can be changed, as if the driver were dead.
 */
public final class DyingFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "dying";
    private static volatile String last;
    private static volatile boolean dead;

    /** Dies after the first step that ends in this text, such as {@code close _memmap.json}; lives again for null. */
    static void dieAfter(String step) {
        last = step;
        dead = false;
    }

    static boolean isDead() {
        return dead;
    }

    private static void begin() throws IOException {
        if (dead) {
            throw new IOException("planted: the driver is dead");
        }
    }

    private static void end(String step, Path path) {
        dead |= (step + " " + path.getName()).equals(last);
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) throws IOException {
        if (file.getBlockSize() <= 0) {
            throw new IllegalArgumentException(
                    "The block size for the given file is not a positive number: " + file.getBlockSize());
        }
        return super.getFileBlockLocations(file, start, length);
    }

    @Override
    public FSDataOutputStream createNonRecursive(
            Path file,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferNbytes,
            short replication,
            long blockNbytes,
            Progressable progress)
            throws IOException {
        begin();
        if (!exists(file.getParent())) {
            throw new FileNotFoundException(file.getParent() + " is not there");
        }
        if (!flags.contains(CreateFlag.OVERWRITE) && exists(file)) {
            throw new FileAlreadyExistsException(file + " is there");
        }
        FSDataOutputStream created =
                super.createNonRecursive(file, permission, flags, bufferNbytes, replication, blockNbytes, progress);
        end("create", file);
        return new FSDataOutputStream(new Bytes(created, file), null);
    }

    /** The bytes that were written, until the stream is closed. */
    private static final class Bytes extends ByteArrayOutputStream {
        private final FSDataOutputStream created;
        private final Path file;
        private boolean closed;

        Bytes(FSDataOutputStream created, Path file) {
            this.created = created;
            this.file = file;
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                begin();
                writeTo(created);
                created.close();
                end("close", file);
            }
        }
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        begin();
        if (!exists(from) || exists(to)) {
            return false;
        }
        long before = getFileStatus(from).getModificationTime();
        boolean renamed = super.rename(from, to);
        if (getFileStatus(to).isFile()) {
            setTimes(to, before + 5000, -1);
        }
        end("rename", to);
        return renamed;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        begin();
        boolean deleted = super.delete(path, recursive);
        end("delete", path);
        return deleted;
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        begin();
        return super.mkdirs(path, permission);
    }
}
