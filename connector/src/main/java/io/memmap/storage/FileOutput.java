package io.memmap.storage;

import io.memmap.format.Crc32;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A new file that is filled from front to back after a reserved head, which is written last: a file whose writer died has
 * no header and is no array. Belongs to one thread, which closes it.
 *
 * <p>The first failure is final: what the file then holds is unknown, and the file is given up.
 */
public interface FileOutput extends AutoCloseable {

    /** Appends all of {@code bytes}. */
    void write(ByteBuffer bytes) throws IOException;

    /** Bytes written so far, the head included. */
    long nbytes();

    /** The room for the head. */
    default int reservedNbytes() {
        return 0;
    }

    /** Holds no descriptor until the next write, where a file can be opened again. */
    default void rest() throws IOException {}

    /** Writes the reserved head, brings everything on to the disk, and closes the file. */
    void seal(byte[] head) throws IOException;

    /**
     * Closes a complete file that another process will fsync.
     *
     * @throws IOException when some of it cannot have come there
     */
    default void complete() throws IOException {
        close();
    }

    /** The parts that {@link #seal} or {@link #complete} put straight into an {@link Upload}. */
    default List<UploadedPart> uploaded() {
        return List.of();
    }

    /** The CRC-32 of what was written, if it is counted; else that of nothing. */
    default Crc32 crc() {
        return Crc32.EMPTY;
    }

    /** Closes the file; without {@link #seal} before, a power failure may lose it. */
    @Override
    void close() throws IOException;
}
