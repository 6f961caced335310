package io.memmap.storage;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.hadoop.util.functional.RemoteIterators;

/**
 * Local files under the scheme {@code store}: each is one block with a host, and appears when its stream is closed. It has
 * the capabilities that {@link #settings} were given.
 */
public final class StoreFileSystem extends RawLocalFileSystem {
    public static final String HOST = "ada.invalid";
    /** A file of this name cannot be opened. */
    static final String BROKEN = "broken";
    /** The stream of a file of this name cannot be aborted. */
    static final String STUBBORN = "stubborn.npy";

    private static final URI ROOT = URI.create("store:///");
    private static final String CAPABILITIES = "test.store.capabilities";
    private static final List<String> LOG = Collections.synchronizedList(new ArrayList<>());

    /** Settings under which paths of {@code store:} have these capabilities. */
    public static HadoopSettings settings(String... capabilities) {
        Configuration base = new Configuration(false);
        base.set("fs.store.impl", StoreFileSystem.class.getName());
        base.setBoolean("fs.store.impl.disable.cache", true);
        base.setStrings(CAPABILITIES, capabilities);
        return new HadoopSettings(base, Map.of());
    }

    /** Requests for blocks, closed and aborted files; emptied by this. */
    public static List<String> takeLog() {
        List<String> log = List.copyOf(LOG);
        LOG.clear();
        return log;
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public String getScheme() {
        return ROOT.getScheme();
    }

    @Override
    public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability) {
        return getConf().getStringCollection(CAPABILITIES).contains(capability);
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long nbytes) {
        LOG.add("blocks of " + file.getPath().getName());
        String[] hosts = {HOST};
        return new BlockLocation[] {new BlockLocation(hosts, hosts, 0, file.getLen())};
    }

    /** The status of a local file would look for its permissions under its path, which is none of {@code file:} here. */
    @Override
    public RemoteIterator<LocatedFileStatus> listLocatedStatus(org.apache.hadoop.fs.Path path) throws IOException {
        return RemoteIterators.mappingRemoteIterator(
                RemoteIterators.remoteIteratorFromArray(listStatus(path)), StoreFileSystem::located);
    }

    private static LocatedFileStatus located(FileStatus file) {
        FileStatus plain =
                new FileStatus(file.getLen(), file.isDirectory(), 1, 0, file.getModificationTime(), file.getPath());
        return new LocatedFileStatus(plain, null);
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferNbytes) throws IOException {
        if (path.getName().equals(BROKEN)) {
            throw new FileNotFoundException("no bytes of " + BROKEN);
        }
        return super.open(path, bufferNbytes);
    }

    @Override
    public FSDataOutputStream createNonRecursive(
            org.apache.hadoop.fs.Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferNbytes,
            short replication,
            long blockNbytes,
            Progressable progress)
            throws IOException {
        return new FSDataOutputStream(new AppearingFile(pathToFile(path).toPath()), null);
    }

    private static final class AppearingFile extends ByteArrayOutputStream implements Abortable {
        private final Path file;
        private boolean ended;

        AppearingFile(Path file) {
            this.file = file;
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                ended = true;
                LOG.add("closed " + file.getFileName());
                Files.write(file, toByteArray());
            }
        }

        @Override
        public AbortableResult abort() {
            ended = true;
            if (file.endsWith(STUBBORN)) {
                throw new IllegalStateException("no end of " + STUBBORN);
            }
            LOG.add("aborted " + file.getFileName());
            return null;
        }
    }
}
