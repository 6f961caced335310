package io.memmap.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.datanode.DataNode;

/** A name node and two data nodes in this JVM, on the hosts of {@link RunningCluster}; small blocks. */
final class RunningHdfs implements AutoCloseable {
    static final int BLOCK_NBYTES = 256 << 10;

    private static final List<String> HOSTS = RunningCluster.HOSTS;
    private static final int BUFFER_NBYTES = 4096;

    private final MiniDFSCluster cluster;

    private RunningHdfs(MiniDFSCluster cluster) {
        this.cluster = cluster;
    }

    static RunningHdfs start(Path directory) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
        configuration.setLong("dfs.namenode.fs-limits.min-block-size", 1024);
        configuration.setBoolean("dfs.namenode.acls.enabled", false);
        MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration)
                .numDataNodes(HOSTS.size())
                .hosts(HOSTS.toArray(String[]::new))
                .skipFsyncForTesting(true)
                .build();
        cluster.waitActive();
        return new RunningHdfs(cluster);
    }

    /** {@code hdfs://host:port}. */
    String uri() {
        return cluster.getURI().toString();
    }

    DistributedFileSystem fileSystem() throws IOException {
        return cluster.getFileSystem();
    }

    /** Writes a file whose blocks are on the data nodes in turn, one copy of each. */
    void writeInTurn(String path, byte[] bytes) throws IOException {
        List<org.apache.hadoop.fs.Path> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += BLOCK_NBYTES) {
            org.apache.hadoop.fs.Path piece = new org.apache.hadoop.fs.Path(path + "." + pieces.size());
            DataNode node = cluster.getDataNodes().get(pieces.size() % HOSTS.size());
            InetSocketAddress[] favored = {node.getXferAddress()};
            try (OutputStream output = fileSystem()
                    .create(
                            piece,
                            FsPermission.getFileDefault(),
                            false,
                            BUFFER_NBYTES,
                            (short) 1,
                            BLOCK_NBYTES,
                            null,
                            favored)) {
                output.write(bytes, at, Math.min(BLOCK_NBYTES, bytes.length - at));
            }
            pieces.add(piece);
        }
        fileSystem().concat(pieces.get(0), pieces.subList(1, pieces.size()).toArray(org.apache.hadoop.fs.Path[]::new));
        fileSystem().rename(pieces.get(0), new org.apache.hadoop.fs.Path(path));
    }

    /** Writes a file with two copies of each block. */
    void writeTwice(String path, byte[] bytes) throws IOException {
        try (OutputStream output = fileSystem()
                .create(new org.apache.hadoop.fs.Path(path), false, BUFFER_NBYTES, (short) 2, BLOCK_NBYTES)) {
            output.write(bytes);
        }
    }

    List<BlockLocation> blocks(String path) throws IOException {
        return Arrays.asList(
                fileSystem().getFileBlockLocations(new org.apache.hadoop.fs.Path(path), 0, Long.MAX_VALUE));
    }

    /** Ends the data node with a block's first copy. */
    void stopDataNodeOf(BlockLocation block) throws IOException {
        cluster.stopDataNode(block.getNames()[0]);
    }

    @Override
    public void close() {
        cluster.shutdown();
    }
}
