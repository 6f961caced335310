package io.memmap.format;

/**
 * The bytes in which a .npy header and its array must end: a file, or a member of an archive.
 *
 * @param name for messages
 * @param noun {@code file} or {@code member}
 * @param advice to end a message about too few bytes; empty where the caller adds its own
 */
record NpyExtent(String name, long nbytes, String noun, String advice) {

    static NpyExtent ofFile(String file, long nbytes) {
        return new NpyExtent(file, nbytes, "file", "; it is truncated or still being written");
    }

    /** @param name with that of the archive */
    static NpyExtent ofMember(String name, long nbytes) {
        return new NpyExtent(name, nbytes, "member", "");
    }

    /** An error about a part of the header, which would end after these bytes. */
    NpyFormatException endsInside(String part, long end) {
        return refusal(
                "the " + noun + " ends after " + nbytes + " bytes, expected " + part + " up to byte " + end + advice);
    }

    /** An error about an array that would end after these bytes. */
    NpyFormatException endsBefore(String array) {
        return refusal(array + ", but the " + noun + " ends after " + nbytes + advice);
    }

    NpyFormatException refusal(String problem) {
        return new NpyFormatException(name, problem);
    }
}
