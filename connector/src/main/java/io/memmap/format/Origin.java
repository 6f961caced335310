package io.memmap.format;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The place of an array in its container. Crosses the wire.
 *
 * @param format the name of the container's {@link ArrayFormat}
 * @param member the name of the array; empty where the container holds one array only
 * @param headerOffset bytes from the start of the file to the header of the array
 * @param growing whether rows may be appended to the file while it is read; otherwise any other length is a change
 * @param deflated the compressed bytes of the array; null where they are stored as they are
 * @param companions the other files that say what it holds
 * @param repeatsHeader whether each row begins with the header, which is a little-endian i4; tasks check it
 * @param checksum of the bytes as they are stored; null where the container has none, or one of the inflated bytes only
 */
public record Origin(
        String format,
        String member,
        long headerOffset,
        boolean growing,
        Deflated deflated,
        List<Companion> companions,
        boolean repeatsHeader,
        Checksum checksum)
        implements Serializable {
    static final Origin NPY = new Origin("npy", "", 0, true, null);
    static final Origin RAW = new Origin("raw", "", 0, true, null);

    public Origin {
        Objects.requireNonNull(format);
        Objects.requireNonNull(member);
        companions = List.copyOf(companions);
    }

    /** The origin of an array whose file alone says what it holds. */
    public Origin(String format, String member, long headerOffset, boolean growing, Deflated deflated) {
        this(format, member, headerOffset, growing, deflated, List.of(), false, null);
    }

    /**
     * The compressed bytes of a member, which can only be read from front to back. The layout of the array counts its offset
     * from the first byte that they inflate to.
     *
     * @param start bytes from the start of the file
     * @param nbytes the length in the file
     * @param inflatedNbytes the length that they inflate to
     * @param crc the CRC-32 of the inflated bytes
     */
    public record Deflated(long start, long nbytes, long inflatedNbytes, int crc) implements Serializable {
        public long end() {
            return start + nbytes;
        }
    }

    /**
     * The CRC-32 of a range of the file.
     *
     * @param start bytes from the start of the file
     */
    public record Checksum(long start, long nbytes, int crc) implements Serializable {
        public long end() {
            return start + nbytes;
        }
    }

    /** The same array, whose bytes have this checksum. */
    Origin withChecksum(Checksum of) {
        return new Origin(format, member, headerOffset, growing, deflated, companions, repeatsHeader, of);
    }

    /** The origin of a stored array of a file that does not grow. */
    public static Origin stored(ArrayFormat format, String member, long headerOffset) {
        return new Origin(format.name(), member, headerOffset, false, null);
    }

    /** The same array, described by other files too. */
    public Origin withCompanions(List<Companion> files) {
        return new Origin(format, member, headerOffset, growing, deflated, files, repeatsHeader, checksum);
    }

    /** The origin of an array whose rows all begin with its header. */
    Origin repeatingHeader() {
        return new Origin(format, member, headerOffset, growing, deflated, companions, true, checksum);
    }
}
