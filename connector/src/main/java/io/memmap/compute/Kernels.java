package io.memmap.compute;

/**
 * Loops that add the first {@code count} numbers of a heap array to {@link Totals}: sum and extremes, as far as those are
 * wanted, but not their count. Stateless and thread-safe. Every implementation gives the same results to the last bit, so
 * that tasks on different machines agree.
 *
 * <p>Floats are added block by block, {@value #BLOCK_SIZE} each: number {@code i} of a block to sum {@code i % 8} of eight,
 * those after the last multiple of eight to the first sum, which are then added in pairs. So what a plain sum rounds off is
 * negligible.
 *
 * <p>Integers are added as their keys: {@code flip}, which is xor-ed with each of them, is the top bit of an unsigned
 * integer and else 0.
 */
interface Kernels {
    /** A block is small enough for the first-level cache. */
    int BLOCK_SIZE = 4096;

    /** The number of bits that are computed with at a time. */
    int bits();

    void add(double[] values, int count, Totals totals);

    void add(float[] values, int count, Totals totals);

    /** Adds extremes of keys; the sum is one of values. */
    void add(long[] values, long flip, int count, Totals totals);

    void add(int[] values, int flip, int count, Totals totals);

    void add(short[] values, short flip, int count, Totals totals);

    void add(byte[] values, byte flip, int count, Totals totals);
}
