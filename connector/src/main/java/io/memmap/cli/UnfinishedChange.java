package io.memmap.cli;

import io.memmap.format.HiddenName;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/** Changes in place that were begun and are not finished, as the records beside the files say. */
final class UnfinishedChange {
    /** The problem of such a file. */
    static final String PROBLEM = "a change of it is not finished, its rows may be old, new or both";

    private UnfinishedChange() {}

    /** Returns true if there is one. A record of a user who cannot write to the file says nothing of it. */
    static boolean isOf(Path path) throws IOException {
        Path real = path.toRealPath();
        Path record = real.resolveSibling(HiddenName.of(real.getFileName().toString()) + HiddenName.RECORD);
        try {
            return LocalInput.isThere(record)
                    && LocalPath.mayWrite(
                            Files.getOwner(record, LinkOption.NOFOLLOW_LINKS),
                            record,
                            Files.readAttributes(real, PosixFileAttributes.class));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** @throws IOException naming a file that has one */
    static void refuse(LocalTable table) throws IOException {
        for (LocalArray array : table.columns().values()) {
            for (Path path : array.paths()) {
                if (isOf(path)) {
                    throw new IOException("Cannot read " + path + ": " + PROBLEM
                            + ", expected a whole array; wait for its writer, or, if that is gone, finish or undo the"
                            + " change with MemmapRecovery in Spark");
                }
            }
        }
    }
}
