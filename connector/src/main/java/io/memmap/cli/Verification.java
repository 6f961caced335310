package io.memmap.cli;

import io.memmap.format.ArrayFile;
import io.memmap.format.Origin.Deflated;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * {@code verify}: headers, lengths, descriptions and the manifest against the files, which describing has compared by then,
 * and the checksums that a container has of what it compressed.
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
            if (file.isSequential() && !isIntact(file)) {
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

    private static boolean isIntact(ArrayFile file) throws IOException {
        Deflated deflated = file.origin().deflated();
        LocalInput input = LocalInput.of(Path.of(file.path()));
        CRC32 crc = new CRC32();
        byte[] inflated = new byte[BLOCK_NBYTES];
        long total = 0;
        Inflater inflater = new Inflater(true);
        try {
            for (long at = deflated.start(); at < deflated.end(); at += BLOCK_NBYTES) {
                inflater.setInput(input.read(at, (int) Math.min(BLOCK_NBYTES, deflated.end() - at)));
                int count = inflater.inflate(inflated);
                while (count > 0) {
                    crc.update(inflated, 0, count);
                    total += count;
                    count = inflater.inflate(inflated);
                }
            }
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
        return total == deflated.inflatedNbytes() && (int) crc.getValue() == deflated.crc();
    }
}
