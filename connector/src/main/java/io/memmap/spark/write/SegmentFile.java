package io.memmap.spark.write;

import io.memmap.storage.FileOutput;
import java.io.IOException;

/**
 * The file that a task writes a segment to. Executor side, one task thread, which closes the output.
 */
sealed interface SegmentFile permits ShardFile, PieceFile {
    /** That of its rows. */
    String directory();

    FileOutput output();

    /** Completes the file when all of its rows are written. */
    Segment finish(long rows) throws IOException;

    /** Deletes what was written; the output is closed. */
    void remove() throws IOException;
}
