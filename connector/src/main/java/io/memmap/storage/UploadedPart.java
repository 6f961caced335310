package io.memmap.storage;

import java.io.Serializable;

/**
 * A part of an {@link Upload} that the store has. Crosses the wire.
 *
 * @param handle in hexadecimal, names these very bytes: other ones that came under the same number since are an error
 */
public record UploadedPart(int number, long nbytes, String handle) implements Serializable {}
