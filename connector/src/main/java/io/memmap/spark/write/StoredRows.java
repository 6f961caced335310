package io.memmap.spark.write;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The rows of a table as they are stored, decoded: what an update compares with. Crosses the wire; the read side has the
 * decoders, and neither side imports the other.
 */
@FunctionalInterface
public interface StoredRows extends Serializable {

    /** Opens the file, for one task thread. */
    Reader open() throws IOException;

    /** Reads rows one by one, best in ascending order. */
    interface Reader extends Closeable {

        /**
         * One row of the table; valid until the next call.
         *
         * @throws IOException naming the file, when it is no longer the planned one
         */
        InternalRow row(long tableRow) throws IOException;
    }
}
