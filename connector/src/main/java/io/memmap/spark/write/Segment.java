package io.memmap.spark.write;

import io.memmap.format.Crc32;
import io.memmap.storage.Part;
import io.memmap.storage.Storage;
import java.io.Serializable;

/**
 * Adjacent rows that one task wrote to one file, which may have room for the header of the array that it becomes the start
 * of. Crosses the wire.
 *
 * @param upload the handle of the upload that makes the file, where that is how files are made, else null
 * @param crc of its bytes, if the file is for a container; else that of nothing
 * @param directory the path of its shard's directory from that of the array, with a slash after it; empty if it is the same
 */
record Segment(Part file, long rows, String upload, String directory, Crc32 crc) implements Serializable {

    String path() {
        return file.path();
    }

    long nbytes() {
        return file.nbytes();
    }

    /** The name of the shard that it becomes, as the manifest lists it. */
    String shard(ShardNames names, int index) {
        return directory + (upload == null ? names.name(index) : Storage.name(path()));
    }
}
