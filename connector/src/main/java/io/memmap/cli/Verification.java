package io.memmap.cli;

import io.memmap.array.LocalInput;
import io.memmap.format.ArrayFile;
import io.memmap.format.Origin.Checksum;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * {@code verify}: headers, lengths, descriptions and the manifest against the files, which describing has compared by then,
 * and the checksums that a container has.
 */
final class Verification {
    private static final int BLOCK_NBYTES = 1 << 20;

    private Verification() {}

    /** Prints a line per file, or what is wrong with a column; returns true if nothing is. */
    static boolean of(LocalTable table, PrintStream out) throws IOException {
        boolean intact = true;
        for (LocalArray array : table.columns().values()) {
            intact &= of(array, out);
        }
        return intact;
    }

    private static boolean of(LocalArray array, PrintStream out) throws IOException {
        List<String> problems = new ArrayList<>(array.problems());
        for (ArrayFile file : array.files()) {
            if (!isIntact(file)) {
                problems.add(file.shownName() + ": its bytes do not have the checksum that the archive says");
            }
        }
        if (!problems.isEmpty()) {
            problems.forEach(out::println);
            return false;
        }
        for (ArrayFile file : array.files()) {
            out.println("ok " + file.shownName() + " " + file.layout().shape() + " of "
                    + file.layout().dtype());
        }
        return true;
    }

    /** Returns true if the bytes have their checksum, or there is none. */
    private static boolean isIntact(ArrayFile file) throws IOException {
        if (file.isSequential()) {
            return new DeflatedMember(file).copyTo(OutputStream.nullOutputStream());
        }
        Checksum expected = file.origin().checksum();
        if (expected == null) {
            return true;
        }
        LocalInput input = LocalInput.of(Path.of(file.path()));
        CRC32 crc = new CRC32();
        for (long at = expected.start(); at < expected.end(); at += BLOCK_NBYTES) {
            crc.update(input.read(at, (int) Math.min(BLOCK_NBYTES, expected.end() - at)));
        }
        return (int) crc.getValue() == expected.crc();
    }
}
