package io.memmap.it;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files under the scheme {@code hosted}, in blocks of {@link #BLOCK_NBYTES} whose hosts are those of
 * {@link #HOSTS} in turn.
 */
public final class HostedFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "hosted";
    static final int BLOCK_NBYTES = 64 << 10;
    static final List<List<String>> HOSTS =
            List.of(List.of("ada.invalid", "bob.invalid"), List.of("localhost", "cyd.invalid"), List.of("localhost"));

    private static final URI ROOT = URI.create(SCHEME + ":///");

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long nbytes) {
        List<BlockLocation> blocks = new ArrayList<>();
        long end = Math.min(start + nbytes, file.getLen());
        for (long block = start / BLOCK_NBYTES; block * BLOCK_NBYTES < end; block++) {
            String[] hosts = HOSTS.get((int) (block % HOSTS.size())).toArray(String[]::new);
            long at = block * BLOCK_NBYTES;
            blocks.add(new BlockLocation(hosts, hosts, at, Math.min(BLOCK_NBYTES, file.getLen() - at)));
        }
        return blocks.toArray(BlockLocation[]::new);
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
