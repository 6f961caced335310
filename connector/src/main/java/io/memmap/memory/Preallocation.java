package io.memmap.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Files of zeros whose blocks are really there.
 *
 * <p>Setting a file's length reserves nothing: on a full disk the store through a mapping faults long after. Written
 * zeros fail here, with an {@link IOException}.
 */
public final class Preallocation {
    private Preallocation() {}

    /**
     * Creates a file, or empties one, and fills it: {@code head}, then zeros up to {@code nbytes}. A new file that does
     * not fit is deleted again, one that was there before is left empty.
     *
     * @throws IOException when the file cannot be written, or the disk has too little room; a lack that the system can
     *     foretell leaves an existing file as it was
     */
    public static void create(Path path, byte[] head, long nbytes) throws IOException {
        boolean existed = Files.exists(path);
        checkRoom(path, existed ? Files.size(path) : 0, nbytes);
        boolean written = false;
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            try {
                BlockWrites.write(channel, ByteBuffer.wrap(head), 0);
                zeros(channel, head.length, nbytes);
                written = true;
            } finally {
                if (!written && existed && channel.isOpen()) {
                    channel.truncate(0);
                }
            }
        } catch (IOException e) {
            if (!existed) {
                Files.deleteIfExists(path);
            }
            throw new IOException(
                    "Cannot create " + path + ": " + e.getMessage() + ", expected room for " + nbytes + " bytes", e);
        }
    }

    /**
     * Asks the file store for room; it can be gone a moment later.
     *
     * @param replacedNbytes of the file that becomes free
     * @throws IOException naming both numbers, when the disk has less room than {@code nbytes}
     */
    public static void checkRoom(Path path, long replacedNbytes, long nbytes) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return;
        }
        long usable = Files.getFileStore(parent).getUsableSpace();
        if (usable > 0 && nbytes - replacedNbytes > usable) {
            throw new IOException("Cannot create " + path + ": the disk has " + usable
                    + " bytes left, expected room for " + nbytes + " bytes");
        }
    }

    private static void zeros(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(BlockWrites.BLOCK_NBYTES);
        for (long at = from; at < to; at += zeros.limit()) {
            int left = BlockWrites.BLOCK_NBYTES - (int) (at % BlockWrites.BLOCK_NBYTES);
            zeros.clear().limit((int) Math.min(left, to - at));
            BlockWrites.write(channel, zeros, at);
        }
    }
}
