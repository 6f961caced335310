package io.memmap.storage;

import java.util.List;

/** Bytes {@code [start, end)} of a file. */
public record ByteRange(long start, long end) {

    /** The smallest range that covers all ranges of these groups; empty if there are none. */
    static ByteRange covering(List<List<ByteRange>> groups) {
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (List<ByteRange> group : groups) {
            for (ByteRange range : group) {
                start = Math.min(start, range.start);
                end = Math.max(end, range.end);
            }
        }
        return start > end ? new ByteRange(0, 0) : new ByteRange(start, end);
    }

    long nbytes() {
        return end - start;
    }

    boolean contains(long offset, long nbytes) {
        return start <= offset && offset + nbytes <= end;
    }
}
