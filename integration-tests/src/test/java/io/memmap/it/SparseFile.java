package io.memmap.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Files of any length that take no room: zeros, but for some bytes. */
final class SparseFile {

    private SparseFile() {}

    /** @param bytes what stands where, by its offset */
    static Path create(Path file, long nbytes, Map<Long, byte[]> bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1]), nbytes - 1);
            for (Map.Entry<Long, byte[]> entry : bytes.entrySet()) {
                channel.write(ByteBuffer.wrap(entry.getValue()), entry.getKey());
            }
        }
        return file;
    }
}
