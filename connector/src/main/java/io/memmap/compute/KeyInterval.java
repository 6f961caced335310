package io.memmap.compute;

/**
 * An interval of keys, and what makes keys, which order as integers do, of the bits of numbers.
 *
 * @param fold xor-ed with negative bits: all but the top bit for floats, 0 for integers
 * @param flip xor-ed with all bits: the top bit for unsigned integers, else 0
 * @param lo at most {@code hi}
 * @param outside true if the keys beyond the interval pass
 */
record KeyInterval(long fold, long flip, long lo, long hi, boolean outside) {

    /** Returns 1 if the key of these bits, with the sign of their width, passes; else 0. */
    byte mask(long bits) {
        long key = bits ^ ((bits >> (Long.SIZE - 1)) & fold) ^ flip;
        return (byte) ((lo <= key && key <= hi) == outside ? 0 : 1);
    }
}
