package io.memmap.it;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under the scheme {@code counted}, which counts calls by the names of files. */
public final class CountedFileSystem extends RawLocalFileSystem {
    static final String OPTION = "fs.counted.impl";
    static final URI ROOT = URI.create("counted:///");
    private static final Map<String, Integer> OPENED = new ConcurrentHashMap<>();
    private static final Map<String, Integer> LOCATED = new ConcurrentHashMap<>();
    private static final Map<String, Integer> LISTED = new ConcurrentHashMap<>();

    static void reset() {
        OPENED.clear();
        LOCATED.clear();
        LISTED.clear();
    }

    /** The number of opens of each file. */
    static Map<String, Integer> opened() {
        return Map.copyOf(OPENED);
    }

    /** The number of look-ups of the blocks of each file. */
    static Map<String, Integer> located() {
        return Map.copyOf(LOCATED);
    }

    /** The number of listings of each directory. */
    static Map<String, Integer> listed() {
        return Map.copyOf(LISTED);
    }

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        setConf(configuration);
        super.initialize(uri, configuration);
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    protected void checkPath(Path path) {}

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        OPENED.merge(path.getName(), 1, Integer::sum);
        return super.open(path, bufferSize);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        LISTED.merge(path.getName(), 1, Integer::sum);
        return super.listStatus(path);
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long len) throws IOException {
        LOCATED.merge(file.getPath().getName(), 1, Integer::sum);
        return super.getFileBlockLocations(file, start, len);
    }
}
