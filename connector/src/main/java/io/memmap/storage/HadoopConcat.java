package io.memmap.storage;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a Hadoop file system made into one: where it can concatenate, by handing their blocks over, else by copying them
 * through this process.
 */
final class HadoopConcat {
    private static final int CHUNK_NBYTES = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(HadoopConcat.class);

    private final FileSystem fileSystem;
    private final Path target;
    private final byte[] head;
    /** Those with any bytes: HDFS takes no empty file along. */
    private final List<Part> sources;

    private HadoopConcat(FileSystem fileSystem, Path target, byte[] head, List<Part> sources) {
        this.fileSystem = fileSystem;
        this.target = target;
        this.head = head;
        this.sources = sources;
    }

    /**
     * Makes one file. The sources are used up, or stay as they are.
     *
     * @throws IOException when a source has another length than was said; when the target is there already, unless a file
     *     appears here when it is closed
     */
    static void concat(FileSystem fileSystem, Path target, byte[] head, List<Part> sources) throws IOException {
        HadoopConcat concat = new HadoopConcat(
                fileSystem,
                target,
                head,
                sources.stream().filter(part -> part.nbytes() > 0).toList());
        concat.checkLengths();
        if (!concat.hasConcat() || !concat.handOver()) {
            concat.copy();
        }
        concat.check(fileSystem.getFileStatus(target).getLen());
    }

    /** Others claim it too; Hadoop's raw local one then overwrites the target that it should append the sources to. */
    private boolean hasConcat() throws IOException {
        return fileSystem.getUri().getScheme().equals("hdfs")
                && fileSystem.hasPathCapability(target, CommonPathCapabilities.FS_CONCAT);
    }

    private void checkLengths() throws IOException {
        for (Part source : sources) {
            long found = fileSystem.getFileStatus(new Path(source.path())).getLen();
            if (found != source.nbytes()) {
                throw new IOException("Cannot read " + source.path() + ": it has " + found + " bytes, expected the "
                        + source.nbytes() + " that its task wrote");
            }
        }
    }

    /**
     * Lets the file system append the sources' blocks to a file with the head. Returns false if it refuses: it does so
     * files in encryption zones, for one.
     */
    private boolean handOver() throws IOException {
        Path[] parts = sources.stream().map(part -> new Path(part.path())).toArray(Path[]::new);
        try (FSDataOutputStream output = HadoopOutput.create(fileSystem, target, false)) {
            output.write(head);
        }
        if (parts.length == 0) {
            return true;
        }
        try {
            fileSystem.concat(target, parts);
            return true;
        } catch (IOException e) {
            LOG.warn("{}: cannot be concatenated by its file system, is copied", target, GivenSecrets.hidden(e));
            fileSystem.delete(target, false);
            return false;
        }
    }

    /** Writes the target itself: no move is needed if a file appears when its stream is closed. */
    private void copy() throws IOException {
        boolean inPlace = HadoopStorage.appearsWhenClosed(fileSystem, target);
        FSDataOutputStream output = HadoopOutput.create(fileSystem, target, inPlace);
        try {
            output.write(head);
            for (Part source : sources) {
                try (FSDataInputStream input = fileSystem.open(new Path(source.path()))) {
                    IOUtils.copyBytes(input, output, CHUNK_NBYTES, false);
                }
            }
            check(output.getPos());
        } catch (IOException | RuntimeException e) {
            HadoopOutput.discard(fileSystem, target, output, e);
            throw e;
        }
        output.close();
    }

    private void check(long found) throws IOException {
        long expected = head.length + sources.stream().mapToLong(Part::nbytes).sum();
        if (found != expected) {
            throw new IOException("Cannot assemble " + target + ": it has " + found + " bytes, expected " + expected);
        }
    }
}
