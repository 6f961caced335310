package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Manifest;
import io.memmap.format.Sidecar;
import io.memmap.layout.Layout;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * One file system, as far as arrays need it: {@link LocalStorage} for {@code file:} paths and {@link HadoopStorage} for
 * all others. Thread-safe.
 */
public abstract sealed class Storage permits LocalStorage, HadoopStorage {
    /** The storage that a path is on. */
    public static Storage of(String path, HadoopSettings settings) throws IOException {
        if (isLocal(path)) {
            return new LocalStorage();
        }
        Path given = new Path(path);
        String scheme = given.toUri().getScheme();
        if (scheme == null) {
            scheme = given.getFileSystem(settings.configuration()).getUri().getScheme();
        }
        return scheme.equals("file") ? new LocalStorage() : new HadoopStorage(settings.configuration());
    }

    /** The error about a file that is not there. */
    static FileNotFoundException missing(String message, Exception cause) {
        FileNotFoundException missing = new FileNotFoundException(message);
        missing.initCause(cause);
        return missing;
    }

    /** Returns true if a path is spelled as that of a local file. */
    static boolean isLocal(String path) {
        return path.startsWith("file:/");
    }

    /**
     * Looks at one file or directory.
     *
     * @throws FileNotFoundException when there is none
     * @throws IOException when it is neither: a FIFO, a device, a socket, a broken link
     */
    public abstract StoredFile stat(String path) throws IOException;

    /** Lists a directory, in no order. */
    public abstract List<StoredFile> list(String directory) throws IOException;

    /** The bytes from {@code offset} on, fewer than {@code nbytes} only where the file ends. */
    public abstract byte[] read(String path, long offset, int nbytes) throws IOException;

    /**
     * Checks that a file of length 0 is empty.
     *
     * @throws IOException if it holds bytes
     */
    void checkEmpty(String path) throws IOException {}

    /** A stream of a file from its start; the file is known to be a regular one. */
    abstract InputStream open(String path) throws IOException;

    /**
     * Opens a regular file of bounded length. The caller closes it.
     *
     * @throws IOException when it is no regular file, or has more than {@code maxNbytes}; at the latest when these are read
     */
    public InputStream open(String path, long maxNbytes) throws IOException {
        StoredFile file = stat(path);
        if (file.directory()) {
            throw new IOException("Cannot read " + path + ": it is a directory, expected a regular file");
        }
        long nbytes = file.fingerprint().nbytes();
        if (nbytes > maxNbytes) {
            throw LimitedInput.tooLong(path, Long.toString(nbytes), maxNbytes);
        }
        return new LimitedInput(open(path), path, maxNbytes);
    }

    /** Reads a regular file of at most {@link Sidecar#MAX_NBYTES}, as {@link #open(String, long)}. */
    public String readText(String path) throws IOException {
        return readText(path, Sidecar.MAX_NBYTES);
    }

    /** Reads a regular file of bounded length, as {@link #open(String, long)}. */
    public String readText(String path, long maxNbytes) throws IOException {
        try (InputStream input = open(path, maxNbytes)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Reads a manifest as a stream, as {@link #open(String, long)}. */
    public Manifest readManifest(String path) throws IOException {
        try (InputStream bytes = open(path, Manifest.MAX_NBYTES)) {
            return Manifest.parse(new InputStreamReader(bytes, StandardCharsets.UTF_8), path);
        }
    }

    /** Returns true if files can be mapped here; otherwise {@link #openMapped} reads them. */
    public boolean mapsFiles() {
        return false;
    }

    /**
     * Opens an array for positioned reads. The caller closes it.
     *
     * @param groups the parts of the file that will be asked for, each from front to back; those of a group side by side,
     *     and of equal length. What is in none can be asked for too
     */
    public abstract ArrayInput openRead(ArrayFile file, List<List<ByteRange>> groups, boolean concurrentWrites)
            throws IOException;

    /** Maps an array, or opens it for positioned reads where files cannot be mapped. The caller closes it. */
    public ArrayInput openMapped(ArrayFile file, List<List<ByteRange>> groups, boolean concurrentWrites)
            throws IOException {
        return openRead(file, groups, concurrentWrites);
    }

    /** Maps an array or opens it for positioned reads, or for both by the trial of the task. The caller closes it. */
    public ArrayInput open(ArrayFile file, List<List<ByteRange>> groups, boolean concurrentWrites, AccessTrial trial)
            throws IOException {
        return openMapped(file, groups, concurrentWrites);
    }

    /**
     * Creates a file.
     *
     * @param reservedNbytes room for a head that is written last
     * @throws IOException when there is one already
     */
    public abstract FileOutput create(String path, int reservedNbytes) throws IOException;

    /** The same for a file that is read once and deleted: its {@link FileOutput#seal} is never called. */
    public FileOutput createScratch(String path) throws IOException {
        return create(path, 0);
    }

    /** Throws an exception that names the target, if no container can be written here. */
    public void checkContainer(String target) throws IOException {}

    /** Returns true if the first source of {@link #concat} may reserve room for the head, and become the target itself. */
    public boolean extendsFiles() {
        return false;
    }

    /** Creates a directory, and those above it; their names are durable when this returns. */
    public abstract void makeDirectory(String path) throws IOException;

    /** Creates the staging directory of a write, for its user alone where users can be told apart. */
    public void makeStaging(String path) throws IOException {
        makeDirectory(path);
    }

    /** Gives a file or directory another name, in place of a file that has it; see {@link #replacesInOneStep}. */
    public abstract void rename(String from, String to) throws IOException;

    /** Makes the names in a directory durable. */
    public void sync(String directory) throws IOException {}

    /** The same as {@link #rename}, durable when this returns. */
    public final void move(String from, String to) throws IOException {
        rename(from, to);
        sync(parent(to));
    }

    /**
     * Returns true if {@link #rename} replaces a file in one step. Elsewhere readers find none in between, so small files are
     * written under their own names.
     */
    public boolean replacesInOneStep(String path) throws IOException {
        return true;
    }

    /** Gives a target its file back, if a rename from a staging directory ended half done. Returns true if one did. */
    boolean restore(String staging, String target) throws IOException {
        return false;
    }

    /**
     * Returns true if a file appears only when it is closed, whole and in place of an old one, as in object stores. There a
     * move is a copy.
     */
    public boolean appearsWhenClosed(String path) throws IOException {
        return false;
    }

    /** Returns true if a directory moves in one step here; otherwise its files appear one by one. */
    public boolean movesDirectories(String path) throws IOException {
        return true;
    }

    /** Deletes a file, or a directory with all that is in it; nothing there is fine. */
    public abstract void delete(String path) throws IOException;

    /** Deletes an empty directory, or a link; everything else stays. */
    public abstract void deleteEmpty(String path) throws IOException;

    /** Deletes a file, or an empty directory; nothing there is fine, and a directory that holds anything is an error. */
    public abstract void deleteFile(String path) throws IOException;

    /**
     * Makes one file of a head and the bodies of others, in this order, on the disk when this returns. The sources may be
     * used up.
     *
     * @throws IOException when a source has another length than was said; when the target is there already, unless it
     *     {@linkplain #appearsWhenClosed appears when closed}
     */
    public abstract void concat(String target, byte[] head, List<Part> sources) throws IOException;

    /**
     * The same for sources that hold rows in C order, made into an array in Fortran order.
     *
     * @param layout of the target, after the head
     */
    public abstract void concat(String target, byte[] head, Layout layout, List<Part> sources) throws IOException;

    /**
     * Creates a file of equal rows after a head that is yet to be written.
     *
     * @throws IOException when there is no room for all of it
     */
    public abstract void fill(String target, int headNbytes, long rows, byte[] row) throws IOException;

    /** Throws an exception that names the target, if {@link #fill} and {@link #patch} are not supported here. */
    public void checkChangeable(String target) throws IOException {}

    /**
     * Says whether a name of this file with a suffix fits here.
     *
     * @throws IOException naming the file and the limit, when it does not
     */
    public void checkName(String path, String suffix) throws IOException {}

    /** Throws an exception that names the target, if no array in Fortran order can be written here. */
    public void checkTransposable(String target) throws IOException {}

    /** Patches a new file without readers, writes its head and fsyncs it. */
    public abstract void patch(String target, List<String> patches, byte[] head) throws IOException;

    /** Makes a change in place, see {@link TargetChange#commit}. */
    abstract void commit(String target, TargetChange change) throws IOException;

    /** Writes a small file; see {@link #replacesInOneStep}. A failure leaves the old one, or none where there was none. */
    public void writeText(String path, String text) throws IOException {
        String stage = stageText(path, text);
        try {
            move(stage, path);
        } catch (Throwable e) {
            deleteAfter(stage, e);
            throw e;
        }
    }

    /** Writes what shall become a small file, durable when this returns. Returns its path. */
    final String stageText(String path, String text) throws IOException {
        String stage = HiddenNames.inProgress(path);
        try (FileOutput output = create(stage, 0)) {
            output.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            output.seal(new byte[0]);
        } catch (Throwable e) {
            deleteAfter(stage, e);
            throw e;
        }
        return stage;
    }

    final void deleteAfter(String path, Throwable cause) {
        try {
            delete(path);
        } catch (Throwable e) {
            cause.addSuppressed(e);
        }
    }

    /** The last part of a path. */
    public static String name(String path) {
        return new Path(path).getName();
    }

    /** Returns true for the directory that is in no other, such as {@code s3a://bucket/}. */
    public static boolean isRoot(String path) {
        return new Path(path).isRoot();
    }

    /** The directory that a path is in; a root has none. */
    public static String parent(String path) {
        return new Path(path).getParent().toString();
    }

    /** The path with a slash after it, which that of a root has already: what the paths of all below begin with. */
    public static String withSlash(String directory) {
        return directory.endsWith("/") ? directory : directory + "/";
    }

    /** The path with its scheme and directory where it has none, and with the host where its scheme has one. */
    public static String absolute(String path, HadoopSettings settings) throws IOException {
        Path given = new Path(path);
        boolean whole = given.toUri().getScheme() == null || given.toUri().getAuthority() != null;
        if (given.isAbsolute() && whole) {
            return path;
        }
        Path full = given.getFileSystem(settings.configuration()).makeQualified(given);
        return given.isAbsolute() && full.toUri().getAuthority() == null ? path : full.toString();
    }

    /** The path to read, from the current folder where it names none: Hadoop's own file systems know that folder. */
    String absolute(String path) {
        return path;
    }

    /** The file itself where the path is a link to it: who writes to either writes to the same. */
    public String real(String path) throws IOException {
        return path;
    }

    /** A hidden name beside a path: {@code /d/.x.npy.suffix} for {@code /d/x.npy}. */
    static String sibling(String path, String suffix) {
        String parent = parent(path);
        // Put together as text: a name may hold a colon, which Path takes for the end of a scheme.
        return parent + (parent.endsWith("/") ? "" : "/") + HiddenNames.of(name(path)) + suffix;
    }

    /** The path of the record of a change to a target. */
    static String record(String target) {
        return sibling(target, HiddenNames.RECORD);
    }

    /** Returns true if this path exists. */
    public boolean exists(String path) throws IOException {
        try {
            stat(path);
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /** The paths that a pattern with {@code *}, {@code ?}, {@code [ ]} or <code>{ }</code> matches, in no order. */
    abstract List<String> glob(String pattern, Configuration configuration) throws IOException;
}
