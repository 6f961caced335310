package io.memmap.spark.write;

import io.memmap.storage.Storage;
import java.io.Serializable;

/**
 * Adjacent rows that one task wrote to one file, which may have room for the header of the array that it becomes the start
 * of. Crosses the wire.
 */
record Segment(Storage.Part file, long rows) implements Serializable {

    String path() {
        return file.path();
    }

    long nbytes() {
        return file.nbytes();
    }
}
