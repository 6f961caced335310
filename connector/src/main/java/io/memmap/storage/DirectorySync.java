package io.memmap.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the names in local directories durable: a name is once the directory that holds it is flushed. */
final class DirectorySync {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorySync.class);
    private static final Path DEVICE = Path.of("/dev/null");
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private DirectorySync() {}

    /** Flushes a directory that this process may read, on file systems that flush directories. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            // Write permission is enough to add names.
            LOG.warn(
                    "{}: cannot be flushed, as it cannot be read; its new names are not known to be durable",
                    directory);
        } catch (IOException e) {
            if (!isUnsupported(e)) {
                throw e;
            }
            if (WARNED.compareAndSet(false, true)) {
                LOG.warn(
                        "{}: its file system flushes no directories; new names are durable when it says so", directory);
            }
        }
    }

    /** Returns true for EINVAL, which Java shows by its text alone, in the language of the system. */
    private static boolean isUnsupported(IOException failure) {
        try (FileChannel device = FileChannel.open(DEVICE, StandardOpenOption.WRITE)) {
            device.force(true);
            return false;
        } catch (IOException e) {
            return e.getMessage() != null && e.getMessage().equals(failure.getMessage());
        }
    }

    /** Creates a directory, and those above it; their names are durable when this returns. */
    static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            create(parent);
        }
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        if (parent != null) {
            sync(parent);
        }
    }
}
