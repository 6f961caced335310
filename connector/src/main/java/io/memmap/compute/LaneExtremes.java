package io.memmap.compute;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The least and the greatest of adjacent unsigned integers of 8 or 16 bits, as many side by side as make the JIT use
 * vectors: it does so for loops that change one array and count one index from zero to a constant. Java 17 has no vectors
 * for {@link Math#min(int, int)}; of two such integers the difference tells, as it fits an int.
 */
final class LaneExtremes {
    private static final int LANES = 256;

    private final int[] words = new int[LANES];
    private final int[] least = new int[LANES];
    private final int[] greatest = new int[LANES];
    private final int bits;
    private final int flip;
    private final int mask;

    /** @param flip xor-ed with four bytes makes the integers in them unsigned */
    LaneExtremes(int bits, int flip) {
        this.bits = bits;
        this.flip = flip;
        this.mask = (1 << bits) - 1;
    }

    /** Keeps those of {@code count} four bytes, at least one, and of nothing else. */
    void keep(ByteBuffer source, int position, int count) {
        Arrays.fill(least, mask);
        Arrays.fill(greatest, 0);
        var ints = source.slice(position, count * Integer.BYTES)
                .order(source.order())
                .asIntBuffer();
        for (int from = 0; from < count; from += LANES) {
            int size = Math.min(LANES, count - from);
            ints.get(from, words, 0, size);
            Arrays.fill(words, size, LANES, words[0]);
            for (int shift = 0; shift < Integer.SIZE; shift += bits) {
                keepLeast(shift);
                keepGreatest(shift);
            }
        }
    }

    private void keepLeast(int shift) {
        for (int i = 0; i < LANES; i++) {
            int difference = (((words[i] ^ flip) >>> shift) & mask) - least[i];
            least[i] += difference & (difference >> 31);
        }
    }

    private void keepGreatest(int shift) {
        for (int i = 0; i < LANES; i++) {
            int difference = (((words[i] ^ flip) >>> shift) & mask) - greatest[i];
            greatest[i] += difference & ~(difference >> 31);
        }
    }

    int least() {
        int min = least[0];
        for (int value : least) {
            min = Math.min(min, value);
        }
        return min;
    }

    int greatest() {
        int max = greatest[0];
        for (int value : greatest) {
            max = Math.max(max, value);
        }
        return max;
    }
}
