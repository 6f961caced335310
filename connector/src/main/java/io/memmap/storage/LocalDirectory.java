package io.memmap.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An open directory of this machine. Its entries are looked up by name relative to the open directory, and no link is
 * followed, so that a directory that is exchanged meanwhile is not entered. Belongs to one thread, which closes it.
 */
record LocalDirectory(Path path, SecureDirectoryStream<Path> handle) implements AutoCloseable {
    private static final int DELETIONS = 1000;

    /** Opens a directory; links in the path are followed. */
    @SuppressWarnings("StreamResourceLeak") // closed with this
    static LocalDirectory open(Path path) throws IOException {
        return new LocalDirectory(path, secure(path, Files.newDirectoryStream(path)));
    }

    private static SecureDirectoryStream<Path> secure(Path path, DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IOException("Cannot open " + path
                + " safely: this system has no file operations relative to an open directory (openat), expected a POSIX"
                + " system");
    }

    /**
     * Opens a directory in this one.
     *
     * @throws NoSuchFileException when there is none
     * @throws IOException when it is a link or no directory
     */
    LocalDirectory directory(String name) throws IOException {
        Path child = path.resolve(name);
        if (!attributes(name).isDirectory()) {
            throw new IOException(child + " is no directory, expected one");
        }
        return new LocalDirectory(
                child, secure(child, handle.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS)));
    }

    /** The attributes of an entry, of a link itself where it is one. */
    PosixFileAttributes attributes(String name) throws IOException {
        return handle.getFileAttributeView(Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** The same; empty where there is no such entry, or none any more. */
    Optional<PosixFileAttributes> find(String name) throws IOException {
        try {
            return Optional.of(attributes(name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    boolean contains(String name) throws IOException {
        return find(name).isPresent();
    }

    /**
     * Opens a regular file that is there. The type is checked first: to open a FIFO waits for its other end.
     *
     * @throws NoSuchFileException when there is none
     * @throws IOException when it is no regular file
     */
    FileChannel file(String name, StandardOpenOption... options) throws IOException {
        if (!attributes(name).isRegularFile()) {
            throw new IOException(path.resolve(name) + " is no regular file, expected one");
        }
        Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        try {
            return (FileChannel) handle.newByteChannel(Path.of(name), all);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            // The JDK names no directory.
            String child = path.resolve(name).toString();
            throw e instanceof AccessDeniedException
                    ? new AccessDeniedException(child)
                    : new FileSystemException(child, null, e.getReason());
        }
    }

    /**
     * Opens a regular file that has no other name, for reading: with another name it may be a foreign file.
     *
     * @throws IOException when it is none
     */
    FileChannel onlyName(String name) throws IOException {
        FileChannel file = file(name, StandardOpenOption.READ);
        try {
            Path child = path.resolve(name);
            Object links = Files.getAttribute(child, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
            Object key = Files.getAttribute(child, "fileKey", LinkOption.NOFOLLOW_LINKS);
            if (!links.equals(1) || !key.equals(attributes(name).fileKey())) {
                throw new IOException(child + " has " + links + " names, expected one");
            }
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The text of a regular file of at most 16 MiB; empty where there is none. */
    Optional<String> smallText(String name) throws IOException {
        if (LocalStorage.nameNbytes(name) > LocalStorage.MAX_NAME_NBYTES) {
            return Optional.empty();
        }
        try (FileChannel channel = file(name, StandardOpenOption.READ)) {
            if (channel.size() > ChangeRecord.MAX_NBYTES) {
                throw new IOException(path.resolve(name) + " has " + channel.size() + " bytes, expected at most "
                        + ChangeRecord.MAX_NBYTES);
            }
            ByteBuffer text = ByteBuffer.allocate((int) channel.size());
            PositionedInput.fill(channel, text, 0);
            return Optional.of(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        // The handle itself can be listed only once.
        try (DirectoryStream<Path> again = handle.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
            for (Path child : again) {
                names.add(child.getFileName().toString());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** Looks at a directory before anything in it is deleted. */
    @FunctionalInterface
    interface Check {
        void run(LocalDirectory directory) throws IOException;
    }

    /** Deletes an entry, a directory with all that is in it; nothing there is fine. */
    void delete(String name) throws IOException {
        delete(name, directory -> {});
    }

    /**
     * The same, a directory only if nothing is in it but what a write stages: another one may have got the name. A staging
     * directory gets another name first, so that the tasks of a failed job, which may still run, find it gone.
     */
    void deleteStaged(String name) throws IOException {
        Optional<String> other = HiddenNames.otherStaging(name);
        if (other.isPresent()
                && find(name).map(PosixFileAttributes::isDirectory).orElse(false)) {
            try (LocalDirectory staging = directory(name)) {
                Leftovers.checkStaged(staging);
            }
            handle.move(Path.of(name), handle, Path.of(other.get()));
            deleteRenamed(other.get());
        } else {
            delete(name, Leftovers::checkStaged);
        }
    }

    /** A task that looked the directory up before it was renamed may yet create a file in it. */
    private void deleteRenamed(String staging) throws IOException {
        for (int left = DELETIONS; ; left--) {
            try {
                delete(staging, Leftovers::checkStaged);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    private void delete(String name, Check check) throws IOException {
        try {
            if (attributes(name).isDirectory()) {
                try (LocalDirectory child = directory(name)) {
                    check.run(child);
                    for (String entry : child.names()) {
                        child.delete(entry);
                    }
                }
                handle.deleteDirectory(Path.of(name));
            } else {
                handle.deleteFile(Path.of(name));
            }
        } catch (NoSuchFileException e) {
            // It is gone already.
        } catch (DirectoryNotEmptyException e) {
            throw new DirectoryNotEmptyException(path.resolve(name).toString());
        }
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }
}
