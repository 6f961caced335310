package io.memmap.array;

import io.memmap.dtype.DType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.memory.Faults;
import io.memmap.memory.MappedWindows;
import io.memmap.memory.Preallocation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Supplier;

/**
 * The one owner of an open array's mapping, shared by all of its views: it checks that the array is still open, turns
 * faults into exceptions, and remembers the first failed write. Not thread-safe.
 */
final class MemmapFile implements AutoCloseable {
    private final Path path;
    private final Mode mode;
    private final Layout layout;
    private final Object fileKey;
    private final MappedWindows windows;

    private boolean closed;
    /** The first failure to write, after which the contents of the file are unknown; null while all went well. */
    private IOException failure;

    private MemmapFile(Path path, Mode mode, Layout layout, Object fileKey, MappedWindows windows) {
        this.path = path;
        this.mode = mode;
        this.layout = layout;
        this.fileKey = fileKey;
        this.windows = windows;
    }

    /** Maps an existing file, which must be long enough. */
    static MemmapFile open(Path path, Mode mode, Layout layout) throws IOException {
        checkOrder(path, layout.dtype(), layout.order());
        Path resolved = existing(path, mode);
        // Java maps privately only what it may write.
        try (FileChannel channel = mode.isWritable()
                ? FileChannel.open(resolved, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(resolved, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < layout.end()) {
                throw new IOException("Cannot open " + resolved + ": shape " + layout.shape() + " of " + layout.dtype()
                        + " is " + layout.nbytes() + " bytes from offset " + layout.offset() + ", but the file has "
                        + size + " bytes, expected at least " + layout.end()
                        + "; it is truncated or still being written, and no mode but w+ makes a file longer");
            }
            return new MemmapFile(
                    resolved, mode, layout, attributes(resolved).fileKey(), map(resolved, channel, mode, layout));
        }
    }

    private static MappedWindows map(Path path, FileChannel channel, Mode mode, Layout layout) throws IOException {
        try {
            return MappedWindows.map(
                    channel,
                    mode.mapMode(),
                    layout.offset(),
                    layout.nbytes(),
                    layout.dtype().itemsize());
        } catch (IOException e) {
            throw new IOException("Cannot open " + path + ": " + e.getMessage(), e);
        }
    }

    /** Creates or empties a file and fills it with {@code head} and zeros before it maps it. */
    static MemmapFile create(Path path, byte[] head, Layout layout) throws IOException {
        if (head.length > layout.offset()) {
            throw new IllegalArgumentException("Cannot create " + path + ": a head of " + head.length
                    + " bytes, expected at most the offset " + layout.offset());
        }
        checkOrder(path, layout.dtype(), layout.order());
        Path resolved = replaced(path);
        Preallocation.create(resolved, head, layout.end());
        return open(resolved, Mode.CREATE, layout);
    }

    /** The axes of a sub-array are the last ones of the array, and in order F they would be the first. */
    static void checkOrder(Path path, DType dtype, Order order) {
        if (order == Order.F && dtype instanceof SubArrayDType) {
            throw new IllegalArgumentException("Cannot open " + path + ": dtype " + dtype
                    + " with order F, expected order C; give the axes of the sub-array in the shape instead");
        }
    }

    /**
     * The regular file that a path leads to.
     *
     * @throws FileNotFoundException when there is none
     */
    static Path existing(Path path, Mode mode) throws IOException {
        if (!Files.exists(path)) {
            boolean broken = Files.isSymbolicLink(path);
            throw new FileNotFoundException("Cannot open " + path + ": "
                    + (broken
                            ? "a symbolic link to " + Files.readSymbolicLink(path) + ", which does not exist"
                            : "no such file")
                    + ", expected an existing file for mode " + mode + "; mode w+ creates one");
        }
        return regular(path.toRealPath());
    }

    /** The file that creating {@code path} makes or replaces: where a symbolic link leads, there need not be one yet. */
    private static Path replaced(Path path) throws IOException {
        Path target = path.toAbsolutePath();
        // A circle of links does not exist and never ends; 40 is the kernel's own bound.
        for (int links = 0; Files.isSymbolicLink(target) && !Files.exists(target) && links < 40; links++) {
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        if (Files.exists(target)) {
            return regular(target.toRealPath());
        }
        try {
            return target.getParent().toRealPath().resolve(target.getFileName());
        } catch (NoSuchFileException e) {
            throw new FileNotFoundException(
                    "Cannot create " + path + ": no directory " + target.getParent() + ", expected an existing one");
        }
    }

    /** Refuses what would block or do something else when opened: FIFOs, devices, directories. */
    private static Path regular(Path path) throws IOException {
        BasicFileAttributes attributes = attributes(path);
        if (!attributes.isRegularFile()) {
            throw new IOException("Cannot open " + path + ": "
                    + (attributes.isDirectory() ? "a directory" : "a device, FIFO or socket")
                    + ", expected a regular file");
        }
        return path;
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    Path path() {
        return path;
    }

    Mode mode() {
        return mode;
    }

    Layout layout() {
        return layout;
    }

    /**
     * The mapped bytes, for the next access only.
     *
     * @throws IllegalStateException when the array is closed
     */
    MappedWindows windows() {
        if (closed) {
            throw new IllegalStateException("Already closed: " + path);
        }
        return windows;
    }

    /**
     * The mapped bytes, to be written.
     *
     * @throws IllegalStateException when the array is closed, read-only, or an earlier write failed
     */
    MappedWindows writableWindows() {
        if (!mode.isWritable() || failure != null) {
            windows();
            throw failure == null
                    ? new IllegalStateException(
                            "Cannot write " + path + ": opened in mode " + mode + ", expected r+, w+ or c")
                    : new IllegalStateException(afterFailure("write"), failure);
        }
        return windows();
    }

    private String afterFailure(String verb) {
        return "Cannot " + verb + " " + path + ": an earlier write failed (" + failure.getMessage()
                + "), and what the file holds is unknown; write it anew";
    }

    /**
     * Does something with many elements. A fault, also one of earlier single elements, ends it with an exception before
     * any result gets out, and so does a file that was cut meanwhile.
     */
    <T> T read(Supplier<T> work) {
        return guard("read", work);
    }

    /** Runs work that writes, as {@link #read}; after a failure nothing is written any more. */
    void write(Runnable work) {
        try {
            guard("write", () -> {
                work.run();
                return null;
            });
        } catch (UncheckedIOException e) {
            fail(e.getCause());
            throw e;
        }
    }

    private <T> T guard(String verb, Supplier<T> work) {
        try {
            T result;
            try {
                result = work.get();
            } finally {
                // Also before an exception of our own, which garbage may have caused.
                Faults.deliver();
            }
            checkLength(verb);
            return result;
        } catch (InternalError e) {
            throw translated(verb, e);
        }
    }

    /** The exception that a caller gets for a fault: never an error of the JVM, nor caused by one. */
    UncheckedIOException translated(String verb, InternalError thrown) {
        if (!Faults.isFault(thrown)) {
            throw thrown;
        }
        long size = currentSize();
        String found = size < 0
                ? "its bytes are gone"
                : size < layout.end()
                        ? "the file has " + size + " bytes; it was truncated while it was mapped"
                        : "the file has " + size + " bytes; its disk is full or failed";
        IOException exception = new IOException("Cannot " + verb + " " + path + ": " + found + ", expected bytes "
                + layout.offset() + " to " + layout.end());
        exception.addSuppressed(thrown);
        return new UncheckedIOException(exception);
    }

    /** A cut inside the last page raises no fault: reads give zeros, and writes vanish. */
    private void checkLength(String verb) {
        long size = currentSize();
        if (size >= 0 && size < layout.end()) {
            throw new UncheckedIOException(new IOException("Cannot " + verb + " " + path + ": the file has " + size
                    + " bytes; it was truncated while it was mapped, expected bytes " + layout.offset() + " to "
                    + layout.end()));
        }
    }

    /** -1 when another file, or none, is at the path: the mapped one lives on unseen, and cannot be cut by its name. */
    private long currentSize() {
        try {
            BasicFileAttributes now = attributes(path);
            return fileKey == null || fileKey.equals(now.fileKey()) ? now.size() : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    void fail(IOException e) {
        if (failure == null) {
            failure = e;
        }
    }

    /** Writes changed bytes to the disk, as positions in the array; nothing where no change reaches the file. */
    void flush(long from, long to) throws IOException {
        windows();
        if (failure != null) {
            throw new IOException(afterFailure("flush"), failure);
        }
        if (!mode.isShared()) {
            return;
        }
        try {
            guard("flush", () -> {
                force(from, to);
                return null;
            });
        } catch (UncheckedIOException e) {
            fail(e.getCause());
            throw e.getCause();
        }
    }

    private void force(long from, long to) {
        try {
            windows.force(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(
                    "Cannot flush " + path + " bytes " + (layout.offset() + from) + " to " + (layout.offset() + to)
                            + ": " + e.getMessage() + ", expected a disk that takes them",
                    e));
        }
    }

    /** Unmaps, at once. A fault of single elements that is still pending is thrown here at the latest. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Faults.deliver();
        } catch (InternalError e) {
            throw translated("read or write", e);
        } finally {
            windows.close();
        }
    }
}
