package io.memmap.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rename of a staged file to a target that may be there. HDFS replaces the target in one step. On all others it is gone in
 * between, so it keeps its bytes in the staging directory until the new file has its name. Driver side.
 */
final class HadoopRename {
    private static final String HDFS = "hdfs";
    private static final Logger LOG = LoggerFactory.getLogger(HadoopRename.class);

    private final Configuration configuration;
    private final FileSystem fileSystem;
    private final Path target;

    HadoopRename(Configuration configuration, String target) throws IOException {
        this.configuration = configuration;
        this.target = new Path(target);
        this.fileSystem = this.target.getFileSystem(configuration);
    }

    boolean isOneStep() throws IOException {
        String scheme = fileSystem.getUri().getScheme();
        return scheme.equals(HDFS) || (scheme.equals("viewfs") && HDFS.equals(mountedScheme()));
    }

    private String mountedScheme() throws IOException {
        return fileSystem.resolvePath(target.getParent()).toUri().getScheme();
    }

    /** Renames a staged file. */
    void from(String staged) throws IOException {
        Path source = new Path(staged);
        if (isOneStep()) {
            FileContext.getFileContext(target.toUri(), configuration).rename(source, target, Options.Rename.OVERWRITE);
            return;
        }
        Path before = new Path(source.getParent(), HiddenNames.BEFORE);
        boolean replaces = fileSystem.exists(target);
        if (replaces) {
            move(target, before);
        }
        move(source, target);
        if (replaces) {
            delete(before);
        }
    }

    private void move(Path from, Path to) throws IOException {
        if (!fileSystem.rename(from, to)) {
            if (!fileSystem.exists(from)) {
                throw new FileNotFoundException("Cannot rename " + from + ": it is not there, expected a file");
            }
            throw new IOException("Cannot rename " + from + " to " + to
                    + ": its file system refused that, expected a name that is free");
        }
    }

    private void delete(Path before) {
        try {
            fileSystem.delete(before, false);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "{}: was replaced, and is still there; it goes with its directory", before, GivenSecrets.hidden(e));
        }
    }

    /** Gives the target its file back, if a rename from this directory ended half done. Returns true if one did. */
    boolean restore(String staging) throws IOException {
        Path before = new Path(staging, HiddenNames.BEFORE);
        boolean renames = !isOneStep() && !HadoopStorage.appearsWhenClosed(fileSystem, target);
        if (!renames
                || !fileSystem.exists(before)
                || !fileSystem.exists(new Path(staging, HiddenNames.ASSEMBLED))
                || fileSystem.exists(target)) {
            return false;
        }
        move(before, target);
        LOG.warn("{}: is the old file again, as the new one did not get its name", target);
        return true;
    }
}
