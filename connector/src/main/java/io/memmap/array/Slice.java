package io.memmap.array;

import java.util.List;

/**
 * The positions that a view keeps of one axis, or {@code ...} for all axes that no other slice names: NumPy's basic
 * slicing.
 *
 * <p>Negative positions count from the end. As in Python the bounds of a range are clipped to the axis, while the
 * position of {@link #at} must lie on it.
 */
public sealed interface Slice {

    /** One position; its axis is dropped. */
    record At(long index) implements Slice {
        @Override
        public String toString() {
            return Long.toString(index);
        }
    }

    /**
     * Every {@code step}-th position from {@code start} up to, but not including, {@code stop}.
     *
     * @param start null for the first position in the direction of the step
     * @param stop null to go on to the end of the axis
     * @param step not zero; negative to walk backwards
     */
    record Range(Long start, Long stop, long step) implements Slice {
        public Range {
            if (step == 0) {
                throw new IllegalArgumentException("Cannot slice: step 0, expected any other");
            }
        }

        /** The first position on an axis of {@code length}; where the range is empty, some position from -1 to length. */
        long first(long length) {
            if (start == null) {
                return step > 0 ? 0 : length - 1;
            }
            return clip(start, length);
        }

        /** The number of positions that the range keeps of an axis of {@code length}. */
        long count(long length) {
            long first = first(length);
            long end = stop != null ? clip(stop, length) : step > 0 ? length : -1;
            long span = step > 0 ? end - first : first - end;
            // Long.MIN_VALUE has no negative, but then only the first position is kept.
            long stride = step == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(step);
            return span <= 0 ? 0 : (span - 1) / stride + 1;
        }

        private long clip(long position, long length) {
            long fromStart = position < 0 ? position + length : position;
            return step > 0 ? Math.min(Math.max(fromStart, 0), length) : Math.min(Math.max(fromStart, -1), length - 1);
        }

        @Override
        public String toString() {
            return (start == null ? "" : start) + ":" + (stop == null ? "" : stop) + (step == 1 ? "" : ":" + step);
        }
    }

    /** All of the axes that no other slice names, {@code ...}. */
    record Ellipsis() implements Slice {
        @Override
        public String toString() {
            return "...";
        }
    }

    /** {@code index}: one position. */
    static Slice at(long index) {
        return new At(index);
    }

    /** {@code start:stop}. */
    static Slice of(long start, long stop) {
        return new Range(start, stop, 1);
    }

    /**
     * {@code start:stop:step}.
     *
     * @throws IllegalArgumentException when step is zero
     */
    static Slice of(long start, long stop, long step) {
        return new Range(start, stop, step);
    }

    /** {@code start:}, {@code -5:} for the last five. */
    static Slice from(long start) {
        return new Range(start, null, 1);
    }

    /** {@code :stop}. */
    static Slice upTo(long stop) {
        return new Range(null, stop, 1);
    }

    /**
     * {@code ::step}; -1 turns the axis around.
     *
     * @throws IllegalArgumentException when step is zero
     */
    static Slice every(long step) {
        return new Range(null, null, step);
    }

    /** {@code :}. */
    static Slice all() {
        return new Range(null, null, 1);
    }

    /** {@code ...}. */
    static Slice ellipsis() {
        return new Ellipsis();
    }

    /**
     * Reads the text between NumPy's brackets: {@code 10:15, ::-1}, {@code -1}, {@code ..., 0}.
     *
     * @throws IllegalArgumentException when the text is no list of integers, ranges and at most one {@code ...}
     */
    static List<Slice> parse(String text) {
        return SliceParser.parse(text);
    }
}
