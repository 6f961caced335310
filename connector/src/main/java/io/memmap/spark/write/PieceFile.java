package io.memmap.spark.write;

import io.memmap.storage.FileOutput;
import io.memmap.storage.Part;
import java.io.IOException;

/**
 * A piece of a file, which the driver puts together.
 *
 * @param reservedNbytes room for the head of the file that it becomes the start of
 */
record PieceFile(TaskAttempt attempt, String directory, String path, FileOutput output, int reservedNbytes)
        implements SegmentFile {

    @Override
    public Segment finish(long rows) throws IOException {
        long nbytes = output.nbytes();
        output.complete();
        Part file = new Part(path, nbytes, reservedNbytes, output.uploaded());
        return new Segment(file, rows, null, directory, output.crc());
    }

    @Override
    public void remove() throws IOException {
        attempt.storage().delete(path);
    }
}
