package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.layout.Layout;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/** Files of this machine, and of whatever is mounted on it. The only ones that can be mapped. */
final class LocalStorage extends Storage {
    /** The limit of the file systems of Linux and macOS. */
    static final int MAX_NAME_NBYTES = 255;

    static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    @Override
    public StoredFile stat(String path) throws IOException {
        Path local = local(path);
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(local, BasicFileAttributes.class);
        } catch (FileSystemException e) {
            if (!(e instanceof NoSuchFileException) && !isBelowAFile(local) && !hasTooLongAName(local)) {
                throw e;
            }
            if (Files.isSymbolicLink(local)) {
                throw new IOException(
                        "Cannot read " + path + ": it is a symbolic link to " + Files.readSymbolicLink(local)
                                + ", which does not exist, expected a file",
                        e);
            }
            throw missing("Cannot read " + path + ": no such file or directory", e);
        }
        checkNotOther(attributes, path, "a regular file or a directory");
        return new StoredFile(
                "file:" + local, name(local), attributes.isDirectory(), fingerprint(attributes, attributes.size()));
    }

    private static boolean hasTooLongAName(Path local) {
        for (Path name : local) {
            if (name.toString().getBytes(StandardCharsets.UTF_8).length > MAX_NAME_NBYTES) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelowAFile(Path local) {
        for (Path above = local.getParent(); above != null; above = above.getParent()) {
            if (Files.exists(above)) {
                return !Files.isDirectory(above);
            }
        }
        return false;
    }

    /** A name that is too long for the file system cannot exist. */
    @Override
    public boolean exists(String path) throws IOException {
        return nameNbytes(path) <= MAX_NAME_NBYTES && super.exists(path);
    }

    @Override
    public void checkName(String path, String suffix) throws IOException {
        int room = MAX_NAME_NBYTES - suffix.length();
        if (nameNbytes(path) > room) {
            throw new IOException("Cannot write " + path + ": its name has " + nameNbytes(path) + " bytes, "
                    + (suffix.isEmpty() ? "" : "and " + suffix + " beside it needs " + suffix.length() + " more, ")
                    + "expected at most " + room + " bytes");
        }
    }

    static int nameNbytes(String path) {
        return name(path).getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public List<StoredFile> list(String directory) throws IOException {
        return LocalListing.list(local(directory));
    }

    @Override
    List<String> glob(String pattern, Configuration configuration) throws IOException {
        return LocalListing.glob(this, pattern);
    }

    @Override
    String absolute(String path) {
        boolean whole = new org.apache.hadoop.fs.Path(path).isAbsolute();
        return whole ? path : local(path).toString();
    }

    @Override
    public byte[] read(String path, long offset, int nbytes) throws IOException {
        try (LocalFile file = LocalFile.open(local(path))) {
            ByteBuffer buffer = ByteBuffer.allocate(nbytes);
            PositionedInput.fill(file.channel(), buffer, offset);
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }

    /** A file that grows meanwhile has another length afterwards; files of /proc keep theirs. */
    @Override
    void checkEmpty(String path) throws IOException {
        if (read(path, 0, 1).length > 0 && Files.size(local(path)) == 0) {
            throw new IOException("Cannot read " + path + ": its length is 0, but it holds bytes, as files of /proc do,"
                    + " expected the length of what it holds; copy the file and read the copy");
        }
    }

    @Override
    public ArrayInput openRead(ArrayFile file, List<List<ByteRange>> groups, boolean concurrentWrites)
            throws IOException {
        LocalFile local = LocalFile.open(local(file.path()));
        ArrayInput bytes = new PositionedInput(file, local, ByteRange.covering(groups), concurrentWrites);
        return checked(file, local, InflatedInput.of(file, concurrentWrites, bytes));
    }

    @Override
    public boolean mapsFiles() {
        return true;
    }

    @Override
    public ArrayInput openMapped(ArrayFile file, List<List<ByteRange>> groups, boolean concurrentWrites)
            throws IOException {
        List<ByteRange> ranges = groups.stream().flatMap(List::stream).toList();
        LocalFile local = LocalFile.open(local(file.path()));
        return checked(file, local, new MappedInput(file, local, ranges, concurrentWrites));
    }

    @Override
    public ArrayInput open(ArrayFile file, List<List<ByteRange>> groups, boolean concurrentWrites, AccessTrial trial)
            throws IOException {
        if (file.isSequential() || ByteRange.covering(groups).nbytes() <= PositionedInput.MAX_AHEAD_NBYTES) {
            return openRead(file, groups, concurrentWrites);
        }
        List<ByteRange> ranges = groups.stream().flatMap(List::stream).toList();
        LocalFile local = LocalFile.open(local(file.path()));
        return checked(file, local, new AutoInput(file, local, ranges, concurrentWrites, trial));
    }

    static void checkNotOther(BasicFileAttributes attributes, String path, String expected) throws IOException {
        if (attributes.isOther()) {
            throw new IOException("Cannot read " + path + ": it is a FIFO, device or socket, expected " + expected);
        }
    }

    @Override
    InputStream open(String path) throws IOException {
        return Channels.newInputStream(LocalFile.open(local(path)).channel());
    }

    static ArrayInput checked(ArrayFile file, LocalFile local, ArrayInput input) throws IOException {
        try {
            input.checkUnpatched();
            input.checkPlanned(local.found(), null);
            ByteBuffer header = ByteBuffer.allocate(file.header().length());
            PositionedInput.fill(local.channel(), header, file.origin().headerOffset());
            input.checkHeader(header.array());
            return input;
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    @Override
    public FileOutput create(String path, int reservedNbytes) throws IOException {
        return LocalOutput.create(local(path), reservedNbytes);
    }

    @Override
    public FileOutput createScratch(String path) throws IOException {
        return LocalOutput.createScratch(local(path));
    }

    @Override
    public boolean extendsFiles() {
        return true;
    }

    @Override
    public String real(String path) throws IOException {
        Path local = local(path);
        Path real = real(local);
        return real.equals(local) ? path : real.toString();
    }

    static Path real(Path path) throws IOException {
        return Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path;
    }

    @Override
    public void makeStaging(String path) throws IOException {
        Files.createDirectory(local(path), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    @Override
    public void makeDirectory(String path) throws IOException {
        DirectorySync.create(local(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        FileIdentity.keep(local(from), local(to));
        Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void sync(String directory) throws IOException {
        DirectorySync.sync(local(directory));
    }

    /** Follows no link, even if one replaces a directory meanwhile. Refuses a directory that holds what no write stages. */
    @Override
    public void delete(String path) throws IOException {
        Path local = local(path);
        if (nameNbytes(path) > MAX_NAME_NBYTES) {
            return;
        }
        try (LocalDirectory home = LocalDirectory.open(local.getParent())) {
            home.deleteStaged(name(local));
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing is there.
        }
    }

    @Override
    public void deleteEmpty(String path) throws IOException {
        Path local = local(path);
        if (Files.isSymbolicLink(local) || Files.isDirectory(local, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.deleteIfExists(local);
            } catch (DirectoryNotEmptyException e) {
                // Its files are not ours.
            }
        }
    }

    @Override
    public void deleteFile(String path) throws IOException {
        if (nameNbytes(path) <= MAX_NAME_NBYTES) {
            Files.deleteIfExists(local(path));
        }
    }

    @Override
    public void concat(String target, byte[] head, List<Part> sources) throws IOException {
        LocalConcat.concat(local(target), head, LocalConcat.sources(sources));
    }

    @Override
    public void concat(String target, byte[] head, Layout layout, List<Part> sources) throws IOException {
        LocalTranspose.concat(local(target), head, layout, LocalConcat.sources(sources));
    }

    @Override
    public void fill(String target, int headNbytes, long rows, byte[] row) throws IOException {
        LocalFill.fill(local(target), headNbytes, rows, row);
    }

    @Override
    public void patch(String target, List<String> patches, byte[] head) throws IOException {
        LocalChange.patch(
                local(target), patches.stream().map(LocalStorage::local).toList(), head);
    }

    @Override
    void commit(String target, TargetChange change) throws IOException {
        LocalCommit.commit(this, local(target), change);
    }

    static Fingerprint fingerprint(BasicFileAttributes attributes, long nbytes) {
        return new Fingerprint(
                inode(attributes), nbytes, attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    /** Without the device, which every host numbers for itself on a shared mount. */
    static String inode(BasicFileAttributes attributes) {
        String key = Objects.toString(attributes.fileKey(), "");
        int inode = key.indexOf("ino=");
        return inode < 0 ? key : key.substring(inode);
    }

    static String name(Path path) {
        return Objects.toString(path.getFileName(), "");
    }

    /** Hadoop's spelling of a local file, or a bare path, without any decoding: names may hold {@code %} and {@code [}. */
    static Path local(String path) {
        // Most are spelled like this, and a Path of Hadoop is dear where there are many files.
        String bare = isLocal(path) && !path.startsWith("file://")
                ? path.substring("file:".length())
                : new org.apache.hadoop.fs.Path(path).toUri().getPath();
        return LocalPath.of(bare).toAbsolutePath().normalize();
    }
}
