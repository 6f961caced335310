package io.memmap.cli;

import io.memmap.array.LocalInput;
import io.memmap.dtype.Literal;
import io.memmap.format.HiddenName;
import io.memmap.memory.LocalPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Map;

/** Changes in place that were begun and are not finished, as the records beside the files say. */
final class UnfinishedChange {
    /** The problem of a file whose rows cannot be told. */
    static final String PROBLEM = "a change of it is not finished, its rows may be old, new or both";

    private static final Long VERSION = 2L;

    private UnfinishedChange() {}

    /**
     * Returns true if a change may have left some rows of a file old and some new. A record of a user who cannot write to
     * the file says nothing of it, and rows that are being appended are not seen.
     */
    static boolean isOf(Path path) throws IOException {
        Path real = path.toRealPath();
        Path record = real.resolveSibling(HiddenName.of(real.getFileName().toString()) + HiddenName.RECORD);
        try {
            return LocalInput.isThere(record)
                    && LocalPath.mayWrite(
                            Files.getOwner(record, LinkOption.NOFOLLOW_LINKS),
                            record,
                            Files.readAttributes(real, PosixFileAttributes.class))
                    && !leavesWhole(record, LocalInput.of(real));
        } catch (NoSuchFileException | FileNotFoundException e) {
            return false;
        }
    }

    /** Returns true for an append to a file whose header, or without one whose length, is that of before or after it. */
    private static boolean leavesWhole(Path record, LocalInput file) throws FileNotFoundException {
        try {
            if (Literal.parseJson(LocalInput.text(record)) instanceof Map<?, ?> fields
                    && "APPEND".equals(fields.get("kind"))
                    && VERSION.equals(fields.get("version"))
                    && fields.get("head") instanceof String head
                    && fields.get("before") instanceof List<?> before) {
                String now = new String(file.read(0, head.length()), StandardCharsets.ISO_8859_1);
                return head.isEmpty()
                        ? before.get(1).equals(file.fingerprint().nbytes())
                        : now.equals(head) || now.equals(fields.get("headBefore"));
            }
            return false;
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
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
