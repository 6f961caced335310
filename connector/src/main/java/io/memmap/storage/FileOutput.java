package io.memmap.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A new file that is filled from front to back behind a reserved head, which is written last: a file whose writer died has
 * no header and is no array. Belongs to one thread, which closes it.
 *
 * <p>The first failure is final: what the file then holds is unknown, and the file is given up.
 */
public interface FileOutput extends AutoCloseable {

    /** Writes all of {@code bytes} behind what was written before. */
    void write(ByteBuffer bytes) throws IOException;

    /** Bytes written so far, the head included. */
    long nbytes();

    /** Writes the reserved head, brings everything on to the disk, and closes the file. */
    void publishable(byte[] head) throws IOException;

    /**
     * Closes a file that is complete and that somebody else will bring on to the disk.
     *
     * @throws IOException when some of it cannot have come there
     */
    default void complete() throws IOException {
        close();
    }

    /** What {@link #publishable} or {@link #complete} put straight into an {@link Upload}. */
    default List<UploadedPart> uploaded() {
        return List.of();
    }

    /** Closes the file; without {@link #publishable} before, nobody promises that it outlives a power failure. */
    @Override
    void close() throws IOException;
}
