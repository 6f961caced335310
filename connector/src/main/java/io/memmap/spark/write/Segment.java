package io.memmap.spark.write;

import io.memmap.storage.Part;
import java.io.Serializable;

/**
 * Adjacent rows that one task wrote to one file, which may have room for the header of the array that it becomes the start
 * of. Crosses the wire.
 *
 * @param upload the handle of the upload that makes the file, where that is how files are made, else null
 */
record Segment(Part file, long rows, String upload) implements Serializable {

    String path() {
        return file.path();
    }

    long nbytes() {
        return file.nbytes();
    }
}
