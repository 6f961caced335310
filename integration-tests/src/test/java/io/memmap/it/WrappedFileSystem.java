package io.memmap.it;

import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under the scheme {@code wrapped}, which is there only where the driver's Hadoop settings are, and opens
 * only with {@code fs.wrapped.key}. In the JVM of a test it refuses what it is told to.
 */
public final class WrappedFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "wrapped";
    static final String KEY = "fs.wrapped.key";
    static final URI ROOT = URI.create(SCHEME + ":///");
    private static final Map<Path, Call> REFUSALS = new ConcurrentHashMap<>();
    private static final Map<Call, Defect> DEFECTS = new ConcurrentHashMap<>();

    /** What one call throws for paths of a pattern, once. */
    private record Defect(Pattern path, Throwable thrown) {}

    /** What may be refused. */
    enum Call {
        /** A file of which nothing is written, in place of an old one. */
        CREATE,
        DELETE,
        RENAME,
        MAKE_DIRECTORY,
        STAT
    }

    /** Has the next call of this kind for a path that matches throw an error or a runtime exception. */
    static void throwOnce(Call call, String regex, Throwable thrown) {
        DEFECTS.put(call, new Defect(Pattern.compile(regex), thrown));
    }

    /** Returns true if nothing is left that a call is to throw. */
    static boolean hasThrown() {
        return DEFECTS.isEmpty();
    }

    /** Has the next deletion of a file, or the next renaming to it, fail. */
    static void refuseOnce(Call call, java.nio.file.Path file) {
        REFUSALS.put(new Path(file.toString()), call);
    }

    private static void checkRefused(Call call, Path path) throws IOException {
        Path bare = new Path(path.toUri().getPath());
        Defect defect = DEFECTS.get(call);
        if (defect != null && defect.path.matcher(bare.toString()).matches() && DEFECTS.remove(call, defect)) {
            if (defect.thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) defect.thrown;
        }
        if (REFUSALS.remove(bare, call)) {
            throw new IOException("refused to " + call + " " + bare);
        }
    }

    @Override
    public FSDataOutputStream createNonRecursive(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        FSDataOutputStream created =
                super.createNonRecursive(path, permission, flags, bufferSize, replication, blockSize, progress);
        try {
            checkRefused(Call.CREATE, path);
        } catch (IOException e) {
            created.close();
            throw e;
        }
        return created;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        checkRefused(Call.RENAME, to);
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        checkRefused(Call.DELETE, path);
        return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        checkRefused(Call.MAKE_DIRECTORY, path);
        return super.mkdirs(path);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        checkRefused(Call.STAT, path);
        return super.getFileStatus(path);
    }

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        if (!"open".equals(configuration.get(KEY))) {
            throw new IOException("no " + KEY + " for " + uri);
        }
        super.initialize(uri, configuration);
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }
}
