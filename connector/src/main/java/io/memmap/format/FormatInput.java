package io.memmap.format;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

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

    /** The arrays of this file, as {@link ArrayFormat#members}. They may be those of another read of the same state. */
    default List<Member> members(ArrayFormat format, Reading reading) throws IOException {
        return format.members(this, reading);
    }

    /**
     * Another file of the same directory.
     *
     * @param name without any {@code /}
     * @return empty if there is no such file
     * @throws IOException when the name leads to another directory, or the file cannot be looked at
     */
    default Optional<FormatInput> companion(String name) throws IOException {
        return Optional.empty();
    }

    /** Refuses the name of a companion that leads to another directory: a header could name any file of a server. */
    static void checkCompanion(String path, String name) throws IOException {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/") || name.contains("\\")) {
            throw new IOException("Cannot read " + path + ": it names the file " + name
                    + ", expected a plain name of its own directory");
        }
    }

    /** The last part of the path. */
    default String name() {
        return path().substring(path().lastIndexOf('/') + 1);
    }
}
