package io.memmap.cli;

import io.memmap.array.LocalInput;
import io.memmap.array.MemmapArray;
import io.memmap.array.Mode;
import io.memmap.format.ArrayFile;
import io.memmap.format.Origin.Deflated;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** An array that is compressed in its file, and so can only be read from front to back. */
record DeflatedMember(ArrayFile file) {
    private static final int BLOCK_NBYTES = 1 << 20;

    /** Maps the array in a temporary file, which has no name any more; the caller closes it. */
    MemmapArray open() throws IOException {
        Path inflated = Files.createTempFile("memmap-", null);
        try {
            boolean intact;
            try (OutputStream out = Files.newOutputStream(inflated)) {
                intact = copyTo(out);
            }
            if (!intact) {
                throw new IOException("Cannot read " + file.shownName()
                        + ": its bytes do not have the length and checksum that the archive says; the file is damaged");
            }
            return MemmapArray.open(inflated, Mode.READ_ONLY, file.layout());
        } finally {
            Files.delete(inflated);
        }
    }

    /**
     * Writes the inflated bytes, at most as many as the archive says; returns true if they have the length and the checksum
     * that it says.
     */
    boolean copyTo(OutputStream out) throws IOException {
        Deflated deflated = file.origin().deflated();
        LocalInput input = LocalInput.of(Path.of(file.path()));
        CheckedOutputStream checked = new CheckedOutputStream(out, new CRC32());
        byte[] block = new byte[BLOCK_NBYTES];
        Inflater inflater = new Inflater(true);
        try {
            for (long at = deflated.start(); at < deflated.end(); at += BLOCK_NBYTES) {
                inflater.setInput(input.read(at, (int) Math.min(BLOCK_NBYTES, deflated.end() - at)));
                for (int count = inflater.inflate(block); count > 0; count = inflater.inflate(block)) {
                    if (inflater.getBytesWritten() > deflated.inflatedNbytes()) {
                        return false;
                    }
                    checked.write(block, 0, count);
                }
            }
            return inflater.getBytesWritten() == deflated.inflatedNbytes()
                    && (int) checked.getChecksum().getValue() == deflated.crc();
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }
}
