package io.memmap.spark.read.number;

import java.nio.ByteBuffer;

/**
 * Adjacent small integers, eight bytes at a time. For a sum every second lane of a long is added to a lane of twice the
 * width, which holds 128 of such additions without a carry; for extremes all lanes are compared at once with the least and
 * the greatest so far, which seldom change.
 *
 * @param bits of one integer
 * @param flip xor-ed with each to make it unsigned
 */
record Lanes(int bits, long flip) {
    private static final int MAX_ADDITIONS = 128;

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

    /** Adds the least and the greatest key of {@code count} adjacent integers, at least one. */
    void addExtremes(ByteBuffer source, int position, int count, Totals totals, long bias) {
        long every = bits == Byte.SIZE ? 0x0101010101010101L : 0x0001000100010001L;
        long top = every << (bits - 1);
        int perLong = Long.SIZE / bits;
        long least = at(source, position);
        long greatest = least;
        for (int i = 0; i < count / perLong; i++) {
            long packed = source.getLong(position + i * Long.BYTES) ^ flip;
            // The top bit of a lane is set where the left one is at least the right one.
            if ((atLeast(greatest * every, packed, top) & atLeast(packed, least * every, top)) != top) {
                for (int shift = 0; shift < Long.SIZE; shift += bits) {
                    long value = (packed >>> shift) & ((1L << bits) - 1);
                    least = Math.min(least, value);
                    greatest = Math.max(greatest, value);
                }
            }
        }
        for (int i = count / perLong * perLong; i < count; i++) {
            long value = at(source, position + i * bits / Byte.SIZE);
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        long half = 1L << (bits - 1);
        totals.addExtremes(least - half + bias, greatest - half + bias);
    }

    private static long atLeast(long left, long right, long top) {
        long difference = (left | top) - (right & ~top);
        return ((left & ~right) | (~(left ^ right) & difference)) & top;
    }

    private long at(ByteBuffer source, int position) {
        long value = bits == Byte.SIZE ? source.get(position) : source.getShort(position);
        return (value ^ flip) & ((1L << bits) - 1);
    }
}
