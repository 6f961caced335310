package io.memmap.format;

import java.io.IOException;

/**
 * One file as a format sees it. {@code storage} implements it for local disks and Hadoop file systems. Belongs to one
 * thread; nothing needs to be closed.
 */
public interface FormatInput {
    /** Enough for every magic: that of NIfTI ends at byte 348, that of a tar archive at 262. */
    int PREFIX_NBYTES = 352;

    /** The full name of the file. */
    String path();

    /** The file as it was listed. */
    Fingerprint fingerprint();

    /** The first {@link #PREFIX_NBYTES} bytes, or all of a shorter file; fetched once. */
    byte[] prefix() throws IOException;

    /** Fetches bytes; fewer than asked for only where the file ends. */
    byte[] read(long offset, int nbytes) throws IOException;
}
