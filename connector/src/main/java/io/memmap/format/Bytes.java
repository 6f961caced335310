package io.memmap.format;

import java.io.IOException;

/** Fetches some bytes of a file; fewer than asked for only where the file ends. */
@FunctionalInterface
public interface Bytes {
    byte[] read(long offset, int nbytes) throws IOException;
}
