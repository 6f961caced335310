package io.memmap.compute;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Integers, signed or unsigned. With its top bit turned over an unsigned integer compares as a signed one: its
 * <em>key</em>, which is {@link #bias} less than its value. Unsigned integers of 64 bits are known by their keys alone.
 */
public abstract sealed class IntegerNumbers extends Numbers permits ByteNumbers, ShortNumbers, IntNumbers, LongNumbers {
    private final boolean unsigned;
    private final int bits;
    /** On the way from integers to floats. */
    private long[] longs = {};

    IntegerNumbers(boolean unsigned, int bits) {
        this.unsigned = unsigned;
        this.bits = bits;
    }

    @Override
    public final int itemsize() {
        return bits / Byte.SIZE;
    }

    final boolean unsigned() {
        return unsigned;
    }

    /** The mask that is xor-ed with the bits to get a key. */
    final long flip() {
        return unsigned ? -1L << (bits - 1) : 0;
    }

    /** Values less keys. */
    final long bias() {
        return unsigned && bits < Long.SIZE ? 1L << (bits - 1) : 0;
    }

    /**
     * Sets {@code mask[i]} to 1 where number {@code i} is within {@code [lo, hi]}, or where it is not; to 0 elsewhere and
     * for nulls.
     *
     * @param lo a value, or the key of an unsigned integer of 64 bits
     */
    public final void mask(long lo, long hi, boolean outside, byte[] mask, int count) {
        long least = (-1L << (bits - 1)) + bias();
        long greatest = least + (bits < Long.SIZE ? (1L << bits) - 1 : -1);
        if (lo > hi || lo > greatest || hi < least) {
            Arrays.fill(mask, 0, count, (byte) (outside ? 1 : 0));
        } else {
            maskKeys(Math.max(lo, least) - bias(), Math.min(hi, greatest) - bias(), outside, mask, count);
        }
        clearNulls(mask, count);
    }

    @Override
    final KeyInterval keys(long lo, long hi, boolean outside) {
        return new KeyInterval(0, flip(), lo, hi, outside);
    }

    /** Copies {@code count} values, or keys of unsigned integers of 64 bits, from number {@code from} on. */
    public abstract void copy(int from, int count, long[] to);

    @Override
    public final void copy(int from, int count, double[] to) {
        longs = longs.length < count ? new long[count] : longs;
        copy(from, count, longs);
        for (int i = 0; i < count; i++) {
            to[i] = longs[i];
        }
    }

    @Override
    final void addPieces(Kernels kernels, ByteBuffer source, int position, int count, Totals totals) {
        int size = Kernels.PIECE_NBYTES / itemsize();
        for (int from = 0; from < count; from += size) {
            int piece = Math.min(size, count - from);
            loaded(source, position + from * itemsize(), piece).add(kernels, piece, totals);
        }
    }

    /** Adds a block whose keys, all of them counted, have this sum and these extremes. */
    final void addBlock(Totals totals, int count, long keySum) {
        totals.addSum(keySum + count * bias());
    }

    final void addKeyExtremes(Totals totals, long least, long greatest) {
        totals.addExtremes(least + bias(), greatest + bias());
    }
}
