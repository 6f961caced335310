package io.memmap.spark.write;

import io.memmap.storage.FileOutput;
import java.io.IOException;

/** The file that a task writes a segment to. Executor side, one task thread. */
sealed interface SegmentFile permits ShardFile, PieceFile {
    /** That of its rows. */
    String directory();

    /** Creates the file. The caller closes it. */
    FileOutput open() throws IOException;

    /** Completes the file, of which all rows are written. */
    Segment finish(FileOutput output, long rows) throws IOException;

    /** Deletes what was written; the file is closed. */
    void remove() throws IOException;
}
