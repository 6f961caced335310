package io.memmap.storage;

import io.memmap.format.Fingerprint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A local file that is open for reading, and its state as its path shows it. Belongs to one thread, which closes it.
 *
 * @param real the path with links resolved if it is a link itself: the records of changes lie beside it
 * @param found the file at the path just before it was opened
 */
record LocalFile(Path path, Path real, Fingerprint found, FileChannel channel) implements Closeable {

    /**
     * Opens a file after one stat, which is also the first check of the file: opening a FIFO would wait for a writer.
     *
     * @throws FileNotFoundException if the file is missing
     */
    static LocalFile open(Path path) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Path real = path;
            if (attributes.isSymbolicLink()) {
                real = path.toRealPath();
                attributes = Files.readAttributes(path, BasicFileAttributes.class);
            }
            LocalStorage.checkNotOther(attributes, "file:" + path, "a regular file");
            Fingerprint found = LocalStorage.fingerprint(attributes, attributes.size());
            return new LocalFile(path, real, found, FileChannel.open(path, StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw Storage.missing(
                    "Cannot read file:" + path
                            + ": it is not there on this host, expected the file that the query was planned on; it was"
                            + " removed, or is not visible from here",
                    e);
        }
    }

    /** Returns the length of the open file, with the key and time of modification of the file at the path now. */
    Fingerprint fingerprint() throws IOException {
        try {
            return LocalStorage.fingerprint(Files.readAttributes(path, BasicFileAttributes.class), channel.size());
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "Cannot read file:" + path + ": it was removed while it was read, expected the planned file", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
