package io.memmap.it;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files under the scheme {@code wrapped}, which is there only where the driver's Hadoop settings are, and opens
 * only with {@code fs.wrapped.key}. In the JVM of a test it refuses what it is told to.
 */
public final class WrappedFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "wrapped";
    static final String KEY = "fs.wrapped.key";
    static final URI ROOT = URI.create(SCHEME + ":///");
    private static final Map<Path, Call> REFUSALS = new ConcurrentHashMap<>();

    /** What may be refused. */
    enum Call {
        DELETE,
        RENAME
    }

    /** Has the next deletion of a file, or the next renaming to it, fail. */
    static void refuseOnce(Call call, java.nio.file.Path file) {
        REFUSALS.put(new Path(file.toString()), call);
    }

    private static void checkRefused(Call call, Path path) throws IOException {
        Path bare = new Path(path.toUri().getPath());
        if (REFUSALS.remove(bare, call)) {
            throw new IOException("refused to " + call + " " + bare);
        }
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
