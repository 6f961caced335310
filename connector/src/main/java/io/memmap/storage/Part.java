package io.memmap.storage;

import java.io.Serializable;
import java.util.List;

/**
 * A file to concatenate. Crosses the wire.
 *
 * @param nbytes how long it must be
 * @param reservedNbytes how much of that is room for a head, in the first one where storage {@link Storage#extendsFiles}
 * @param uploaded all of it as parts of an {@link Upload}, of which the first is in the file too; else nothing
 */
public record Part(String path, long nbytes, int reservedNbytes, List<UploadedPart> uploaded) implements Serializable {
    public Part(String path, long nbytes) {
        this(path, nbytes, 0, List.of());
    }
}
