package io.memmap.compute;

import java.nio.DoubleBuffer;

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

    /** Bytes of a mapping that are copied to the heap at a time. Both fit the first-level cache. */
    int PIECE_NBYTES = 8 << 10;

    /** The number of bits that are computed with at a time. */
    int bits();

    void add(double[] values, int count, Totals totals);

    /**
     * Adds one block from a mapping.
     *
     * @param piece room for {@link #PIECE_NBYTES}
     */
    void add(DoubleBuffer block, double[] piece, Totals totals);

    void add(float[] values, int count, Totals totals);

    /** Copies the values of half floats. */
    void widen(short[] halves, int count, float[] to);

    /** Adds extremes of keys; the sum is one of values. */
    void add(long[] values, long flip, int count, Totals totals);

    void add(int[] values, int flip, int count, Totals totals);

    void add(short[] values, short flip, int count, Totals totals);

    void add(byte[] values, byte flip, int count, Totals totals);

    /**
     * Sets {@code mask[i]} to 1 where the key of number {@code i} passes; else to 0.
     *
     * @param bits integers, or the bits of floats
     * @param room for scalar code
     */
    void mask(long[] bits, KeyInterval keys, byte[] mask, int count, IntervalMask room);

    void mask(int[] bits, KeyInterval keys, byte[] mask, int count, IntervalMask room);

    void mask(short[] bits, KeyInterval keys, byte[] mask, int count);

    void mask(byte[] bits, KeyInterval keys, byte[] mask, int count);

    /** Copies {@code count} numbers, from number {@code from} on, with 0 for those whose mask is 0. */
    void keep(double[] values, byte[] mask, int from, int count, double[] to);

    /** The same of doubles that are given as their bits. */
    void keep(long[] bits, byte[] mask, int from, int count, double[] to);

    void keep(float[] values, byte[] mask, int from, int count, float[] to);

    void keep(int[] bits, byte[] mask, int from, int count, float[] to);

    void keep(long[] values, byte[] mask, int from, int count, long[] to);

    void keep(int[] values, byte[] mask, int from, int count, int[] to);

    void keep(short[] values, byte[] mask, int from, int count, short[] to);

    void keep(byte[] values, byte[] mask, int from, int count, byte[] to);
}
