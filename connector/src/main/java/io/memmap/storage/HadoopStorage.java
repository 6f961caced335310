package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.format.Manifest;
import io.memmap.layout.Layout;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;

/** Files of any Hadoop {@code FileSystem}, by positioned reads. */
final class HadoopStorage extends Storage {
    /** The quotes of an ETag, and the sign of a weak one. */
    private static final Pattern QUOTES = Pattern.compile("^W/|\"");

    private final Configuration configuration;

    HadoopStorage(Configuration configuration) {
        this.configuration = configuration;
    }

    private FileSystem fileSystem(String path) throws IOException {
        return new Path(path).getFileSystem(configuration);
    }

    @Override
    public StoredFile stat(String path) throws IOException {
        Path full = new Path(path);
        FileSystem fileSystem;
        try {
            fileSystem = full.getFileSystem(configuration);
        } catch (IOException | RuntimeException e) {
            throw unreachable(path, e);
        }
        try {
            return stored(fileSystem.getFileStatus(full));
        } catch (FileNotFoundException e) {
            throw missing(
                    "Cannot read " + path + ": no such file or directory" + whereItWasLookedFor(fileSystem, full), e);
        } catch (ConnectException | UnknownHostException e) {
            throw unreachable(path, e);
        }
    }

    private static IOException unreachable(String path, Exception cause) {
        String advice = path.startsWith("hdfs:")
                ? "; expected the host and port of its file system, as in hdfs://namenode:8020/data/x.npy, or none, as in"
                        + " hdfs:///data/x.npy, for that of fs.defaultFS"
                : FileSystemAdvice.of(path, cause);
        String found = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new IOException("Cannot read " + path + ": " + found + advice, cause);
    }

    private static String whereItWasLookedFor(FileSystem fileSystem, Path path) {
        String full = fileSystem.makeQualified(path).toString();
        boolean named = path.toUri().getScheme() != null;
        return full.equals(path.toString())
                ? ""
                : "; it was looked for at " + full + (named ? "" : ", and a local file would be file:" + path);
    }

    static StoredFile stored(FileStatus status) {
        Path path = status.getPath();
        return new StoredFile(path.toString(), path.getName(), status.isDirectory(), fingerprint(status));
    }

    /**
     * Returns the state of a file. An object's ETag says all of it: its time has seconds in one answer of a store and
     * milliseconds in another. It is in quotes in some answers and not in others.
     */
    static Fingerprint fingerprint(FileStatus status) {
        String etag = status instanceof EtagSource object ? object.getEtag() : null;
        String key = etag == null ? "" : QUOTES.matcher(etag).replaceAll("");
        return new Fingerprint(key, status.getLen(), key.isEmpty() ? status.getModificationTime() : 0);
    }

    @Override
    public List<StoredFile> list(String directory) throws IOException {
        return HadoopListing.list(new Path(directory), configuration);
    }

    /** See {@link HadoopListing#filesBelow}. */
    Optional<List<StoredFile>> filesBelow(String directory, long most) throws IOException {
        return HadoopListing.filesBelow(new Path(directory), most, configuration);
    }

    @Override
    public byte[] read(String path, long offset, int nbytes) throws IOException {
        try (FSDataInputStream stream = fileSystem(path).open(new Path(path))) {
            byte[] bytes = new byte[nbytes];
            return Arrays.copyOf(bytes, fill(stream, offset, bytes, nbytes));
        } catch (IOException | RuntimeException e) {
            throw named("read", new Path(path), e);
        }
    }

    /** Names the file in a failure of which its file system says no kind and no file. */
    static IOException named(String action, Path file, Exception failure) {
        String said = String.valueOf(failure.getMessage());
        if (failure instanceof IOException known
                && (failure.getClass() != IOException.class || said.contains(file.toString()))) {
            return known;
        }
        return new IOException(
                "Cannot " + action + " " + file + ": " + (failure instanceof IOException ? said : failure), failure);
    }

    @Override
    public String readText(String path, long maxNbytes) throws IOException {
        return mayBeCut(path)
                ? HadoopText.whole(path, file -> super.readText(file, maxNbytes))
                : super.readText(path, maxNbytes);
    }

    /** Reads it as a stream. One that cannot be parsed may be cut, and is read again as a text. */
    @Override
    public Manifest readManifest(String path) throws IOException {
        try {
            return super.readManifest(path);
        } catch (IOException e) {
            if (!mayBeCut(path)) {
                throw e;
            }
            return Manifest.parse(new StringReader(readText(path, Manifest.MAX_NBYTES)), path);
        }
    }

    private boolean mayBeCut(String path) throws IOException {
        return !appearsWhenClosed(path) && !movesDirectories(path);
    }

    @Override
    InputStream open(String path) throws IOException {
        return fileSystem(path).open(new Path(path));
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

    private static FSDataInputStream open(FileSystem fileSystem, Path path) throws IOException {
        try {
            // Each read is of one range, and asks for no more than that.
            return FutureIO.awaitFuture(fileSystem
                    .openFile(path)
                    .opt("fs.option.openfile.read.policy", "random")
                    .opt("fs.s3a.experimental.input.fadvise", "random")
                    .build());
        } catch (FileNotFoundException e) {
            throw missing(
                    "Cannot read " + path
                            + ": it is not there, expected the file that the query was planned on; it was removed",
                    e);
        }
    }

    /** Stores without hosts of their own call themselves localhost, which is no place to send a task to. */
    List<StoredBlock> blocks(ArrayFile file, ByteRange range) throws IOException {
        Path path = new Path(file.path());
        long nbytes = file.fingerprint().nbytes();
        // Azure's file system refuses a block of 0 bytes.
        FileStatus planned = new FileStatus(
                nbytes, false, 1, Math.max(1, nbytes), file.fingerprint().modified(), path);
        List<StoredBlock> blocks = new ArrayList<>();
        for (BlockLocation block :
                fileSystem(file.path()).getFileBlockLocations(planned, range.start(), range.end() - range.start())) {
            List<String> hosts = Stream.of(block.getHosts())
                    .filter(host -> !host.equals("localhost"))
                    .toList();
            if (!hosts.isEmpty()) {
                blocks.add(new StoredBlock(block.getOffset(), block.getOffset() + block.getLength(), hosts));
            }
        }
        return blocks;
    }

    @Override
    public ArrayInput openRead(ArrayFile file, List<List<ByteRange>> groups, boolean concurrentWrites)
            throws IOException {
        Path path = new Path(file.path());
        FileSystem fileSystem = fileSystem(file.path());
        FSDataInputStream stream = open(fileSystem, path);
        ArrayInput bytes = new RemoteInput(
                file,
                concurrentWrites,
                stream,
                () -> fingerprint(fileSystem.getFileStatus(path)),
                file.isSequential() ? List.of(List.of(new ByteRange(file.start(), file.end()))) : groups);
        ArrayInput input = InflatedInput.of(file, concurrentWrites, bytes);
        try {
            input.checkUnchanged(null);
            byte[] header = new byte[file.header().length()];
            fill(stream, file.origin().headerOffset(), header, header.length);
            input.checkHeader(header);
            return input;
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    @Override
    public FileOutput create(String path, int reservedNbytes) throws IOException {
        return new HadoopOutput(fileSystem(path), new Path(path), reservedNbytes);
    }

    @Override
    public void makeDirectory(String path) throws IOException {
        fileSystem(path).mkdirs(new Path(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        new HadoopRename(configuration, to).from(from);
    }

    @Override
    public boolean restore(String staging, String target) throws IOException {
        return new HadoopRename(configuration, target).restore(staging);
    }

    @Override
    public boolean replacesInOneStep(String path) throws IOException {
        return new HadoopRename(configuration, path).isOneStep();
    }

    @Override
    public boolean movesDirectories(String path) throws IOException {
        return "hdfs".equals(fileSystem(path).getUri().getScheme());
    }

    @Override
    public boolean appearsWhenClosed(String path) throws IOException {
        return appearsWhenClosed(fileSystem(path), new Path(path));
    }

    /** A stream that can be aborted without a trace makes its file appear only when it is closed. */
    static boolean appearsWhenClosed(FileSystem fileSystem, Path path) throws IOException {
        return fileSystem.hasPathCapability(path, CommonPathCapabilities.ABORTABLE_STREAM);
    }

    @Override
    public void writeText(String path, String text) throws IOException {
        if (replacesInOneStep(path)) {
            super.writeText(path, text);
            return;
        }
        new HadoopText(fileSystem(path), new Path(path)).write(text);
    }

    @Override
    public void delete(String path) throws IOException {
        fileSystem(path).delete(new Path(path), true);
    }

    @Override
    public void deleteEmpty(String path) throws IOException {
        if (exists(path) && stat(path).directory() && list(path).isEmpty()) {
            deleteFile(path);
        }
    }

    @Override
    public void deleteFile(String path) throws IOException {
        fileSystem(path).delete(new Path(path), false);
    }

    @Override
    public void concat(String target, byte[] head, List<Part> sources) throws IOException {
        HadoopConcat.concat(fileSystem(target), new Path(target), head, sources);
    }

    @Override
    public void concat(String target, byte[] head, Layout layout, List<Part> sources) throws IOException {
        checkTransposable(target);
    }

    @Override
    public void checkTransposable(String target) throws IOException {
        throw new IOException("Cannot write " + target
                + " in Fortran order: this file system takes a file from front to back only, expected a local path; write "
                + "order=C, and read it with transpose=true if columns are what you want side by side");
    }

    @Override
    public void checkContainer(String target) throws IOException {
        throw new IOException("Cannot write " + target
                + ": its members are put together on a local disk only, expected a local path; write a directory, or write"
                + " the file to a local path and copy it");
    }

    @Override
    public void checkChangeable(String target) throws IOException {
        throw inPlace(target);
    }

    @Override
    public void fill(String target, int headNbytes, long rows, byte[] row) throws IOException {
        throw inPlace(target);
    }

    @Override
    public void patch(String target, List<String> patches, byte[] head) throws IOException {
        throw inPlace(target);
    }

    @Override
    void commit(String target, TargetChange change) throws IOException {
        throw inPlace(target);
    }

    private static IOException inPlace(String target) {
        return new IOException("Cannot change " + target
                + " in place: this file system takes a file from front to back only, expected a local path; overwrite"
                + " it with rows in order and no rowColumn, or append to a directory of shards");
    }

    @Override
    List<String> glob(String pattern, Configuration settings) throws IOException {
        return HadoopListing.glob(pattern, settings);
    }
}
