package io.memmap.spark.write;

import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.write.WriteKind.Pieces;
import io.memmap.storage.FileOutput;
import io.memmap.storage.Part;
import java.io.IOException;

/** A piece of a file, which the driver puts together. */
record PieceFile(TaskAttempt attempt, WrittenArray array, String directory, String path, Pieces kind)
        implements SegmentFile {

    @Override
    public FileOutput open() throws IOException {
        return kind.piece(attempt, array, path);
    }

    @Override
    public Segment finish(FileOutput output, long rows) throws IOException {
        long nbytes = output.nbytes();
        output.complete();
        Part file = new Part(path, nbytes, output.reservedNbytes(), output.uploaded());
        return new Segment(file, rows, null, directory, output.crc());
    }

    @Override
    public void remove() throws IOException {
        attempt.storage().delete(path);
    }
}
