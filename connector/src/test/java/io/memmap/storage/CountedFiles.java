package io.memmap.storage;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The default file system, with a log of each stat ("lstat" where links are not followed), listing and opened file. */
final class CountedFiles extends FileSystemProvider {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final FileSystem fileSystem = new Counted();

    List<String> log() {
        return log;
    }

    /** The same path on the counted file system. */
    Path of(Path path) {
        return (Path) Proxy.newProxyInstance(
                Path.class.getClassLoader(), new Class<?>[] {Path.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getFileSystem")) {
                        return fileSystem;
                    }
                    try {
                        Object result = method.invoke(path, plain(arguments));
                        return result instanceof Path other ? of(other) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Object[] plain(Object[] arguments) {
        return arguments == null
                ? null
                : Arrays.stream(arguments)
                        .map(argument -> argument instanceof Path path ? plain(path) : argument)
                        .toArray();
    }

    private static Path plain(Path path) {
        return Path.of(path.toString());
    }

    private static FileSystemProvider real(Path path) {
        return plain(path).getFileSystem().provider();
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        log.add((options.length == 0 ? "stat " : "lstat ") + path.getFileName());
        return real(path).readAttributes(plain(path), type, options);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        log.add("open " + path.getFileName());
        return real(path).newFileChannel(plain(path), options, attributes);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        log.add("access " + path.getFileName());
        real(path).checkAccess(plain(path), modes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        log.add("list " + directory.getFileName());
        DirectoryStream<Path> children = real(directory).newDirectoryStream(plain(directory), filter);
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                Iterator<Path> next = children.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return next.hasNext();
                    }

                    @Override
                    public Path next() {
                        return of(next.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                children.close();
            }
        };
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("not used by readers");
    }

    @Override
    public String getScheme() {
        return "counted";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw unused();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        throw unused();
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
        throw unused();
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) {
        throw unused();
    }

    @Override
    public void delete(Path path) {
        throw unused();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw unused();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw unused();
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        throw unused();
    }

    @Override
    public boolean isHidden(Path path) {
        throw unused();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw unused();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        throw unused();
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw unused();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw unused();
    }

    private final class Counted extends FileSystem {
        @Override
        public FileSystemProvider provider() {
            return CountedFiles.this;
        }

        @Override
        public void close() {
            throw unused();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return true;
        }

        @Override
        public String getSeparator() {
            return "/";
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            throw unused();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            throw unused();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return Set.of("basic");
        }

        @Override
        public Path getPath(String first, String... more) {
            return of(Path.of(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            throw unused();
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            throw unused();
        }

        @Override
        public WatchService newWatchService() {
            throw unused();
        }
    }
}
