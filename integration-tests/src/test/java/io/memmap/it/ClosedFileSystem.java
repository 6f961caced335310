package io.memmap.it;

import java.io.IOException;
import java.util.EnumSet;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Local files as those of a store where files appear when they are closed. */
abstract class ClosedFileSystem extends RawLocalFileSystem {

    /** A step before a file is created, which may fail. */
    abstract void beforeCreation(Path path) throws IOException;

    /** The stream of a new file. */
    FSDataOutputStream created(Path path, FSDataOutputStream stream) throws IOException {
        return stream;
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM) || super.hasPathCapability(path, capability);
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
        beforeCreation(path);
        return created(
                path, super.createNonRecursive(path, permission, flags, bufferSize, replication, blockSize, progress));
    }
}
