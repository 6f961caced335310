package io.memmap.compute;

import java.nio.ByteBuffer;

/**
 * Adjacent small integers. For a sum every second lane of eight bytes is added to a lane of twice the width, which holds 128
 * of such additions without a carry; for extremes see {@link LaneExtremes}. Belongs to one task thread.
 */
final class Lanes {
    private static final int MAX_ADDITIONS = 128;

    private final int bits;
    private final long flip;
    private LaneExtremes extremes;

    /**
     * Lanes of one integer each.
     *
     * @param flip xor-ed with each integer to make it unsigned
     */
    private Lanes(int bits, long flip) {
        this.bits = bits;
        this.flip = flip;
    }

    /** @param flip what makes keys of the bytes */
    static Lanes ofBytes(byte flip) {
        return new Lanes(Byte.SIZE, ((flip & 0xffL) ^ 0x80) * 0x0101010101010101L);
    }

    static Lanes ofShorts(short flip) {
        return new Lanes(Short.SIZE, ((flip & 0xffffL) ^ 0x8000) * 0x0001000100010001L);
    }

    /** The sum of the keys of {@code count} adjacent integers. */
    long sum(ByteBuffer source, int position, int count) {
        int perLong = Long.SIZE / bits;
        int longs = count / perLong;
        long everySecond = bits == Byte.SIZE ? 0x00ff00ff00ff00ffL : 0x0000ffff0000ffffL;
        long total = 0;
        for (int i = 0; i < longs; ) {
            int end = Math.min(longs, i + MAX_ADDITIONS);
            long lanes = 0;
            for (; i < end; i++) {
                long packed = source.getLong(position + i * Long.BYTES) ^ flip;
                lanes += (packed & everySecond) + ((packed >>> bits) & everySecond);
            }
            for (int shift = 0; shift < Long.SIZE; shift += 2 * bits) {
                total += (lanes >>> shift) & ((1L << (2 * bits)) - 1);
            }
        }
        for (int i = longs * perLong; i < count; i++) {
            total += at(source, position + i * bits / Byte.SIZE);
        }
        // Made unsigned, each was half its range more than its key.
        return total - count * (1L << (bits - 1));
    }

    /** Adds the least and the greatest key of {@code count} adjacent integers, at least one, {@code bias} more than it is. */
    void addExtremes(ByteBuffer source, int position, int count, Totals totals, long bias) {
        int perWord = Integer.SIZE / bits;
        int words = count / perWord;
        long least = at(source, position);
        long greatest = least;
        if (words > 0) {
            extremes = extremes == null ? new LaneExtremes(bits, (int) flip) : extremes;
            extremes.keep(source, position, words);
            least = extremes.least();
            greatest = extremes.greatest();
        }
        for (int i = words * perWord; i < count; i++) {
            long value = at(source, position + i * bits / Byte.SIZE);
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        long half = 1L << (bits - 1);
        totals.addExtremes(least - half + bias, greatest - half + bias);
    }

    private long at(ByteBuffer source, int position) {
        long value = bits == Byte.SIZE ? source.get(position) : source.getShort(position);
        return (value ^ flip) & ((1L << bits) - 1);
    }
}
