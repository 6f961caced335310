package io.memmap.format;

import java.io.IOException;
import java.util.List;

/**
 * A container of arrays, such as .npy: recognizes its files and lists the arrays in them. {@link ArrayFormats} knows all of
 * them; nothing else names a container, a suffix or a magic. Stateless, so threads may share one; runs on the driver.
 */
public interface ArrayFormat {
    /** The value of the option {@code container} that names this format, in lower case. */
    String name();

    /** Returns true if the file itself states dtype and shape, false if options, a sidecar or a manifest must. */
    boolean describesItself();

    /** Returns true if the arrays of a file have names, so that the file is a namespace of SQL. */
    default boolean namesMembers() {
        return false;
    }

    /** Returns true if a file of this name is of this format, so that a directory is searched for such names. */
    boolean hasName(String fileName);

    /**
     * Returns true if a file that starts with these bytes is of this format.
     *
     * @param prefix the first {@link FormatInput#PREFIX_NBYTES} bytes of the file, or all of a shorter one
     */
    boolean hasMagic(byte[] prefix, long fileNbytes);

    /** The suffixes that choose this format for a new file, in lower case with their dot; shards get the first one. Empty for
     * a format that is only read. */
    List<String> writtenSuffixes();

    /**
     * Lists the arrays of a file in its own order, as far as its directory tells of them: {@link Member#describe} reads on.
     *
     * @return at least one; a file without any is refused
     * @throws IOException naming the file, when it is not of this format, or is truncated
     */
    List<Member> members(FormatInput input, Reading reading) throws IOException;
}
