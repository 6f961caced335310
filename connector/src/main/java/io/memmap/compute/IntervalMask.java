package io.memmap.compute;

/**
 * Marks the numbers within an interval, without branches: no processor can predict them on real data. Each is compared
 * by the borrow of an unsigned subtraction, lane by lane into an array of its own width, which the JIT turns into
 * vector instructions; then the answers are narrowed to a mask. Belongs to one task thread.
 *
 * <p>Floats are compared by their keys: bits that order as integers do, from the negative NaNs to the positive ones.
 */
final class IntervalMask {
    private long[] longs = new long[0];
    private int[] ints = new int[0];

    static long key(double value) {
        return key(Double.doubleToRawLongBits(value));
    }

    static int key(float value) {
        return key(Float.floatToRawIntBits(value));
    }

    static double toDouble(long key) {
        return Double.longBitsToDouble(key(key));
    }

    static float toFloat(int key) {
        return Float.intBitsToFloat(key(key));
    }

    /** Its own inverse. */
    private static long key(long bits) {
        return bits ^ ((bits >> 63) >>> 1);
    }

    private static int key(int bits) {
        return bits ^ ((bits >> 31) >>> 1);
    }

    /** Sets {@code mask[i]} to 1 where the key of number {@code i} passes; else to 0. */
    void mask(long[] bits, KeyInterval keys, byte[] mask, int count) {
        long[] beyond = longs(count);
        if (keys.fold() == 0) {
            compareIntegers(bits, keys.flip(), keys.lo(), keys.hi(), keys.outside() ? 0 : 1, beyond, count);
        } else {
            compareFloats(bits, keys.lo(), keys.hi(), keys.outside() ? 0 : 1, beyond, count);
        }
        narrow(beyond, mask, count);
    }

    void mask(int[] bits, KeyInterval keys, byte[] mask, int count) {
        int[] beyond = ints(count);
        int lo = (int) keys.lo();
        int hi = (int) keys.hi();
        if (keys.fold() == 0) {
            compareIntegers(bits, (int) keys.flip(), lo, hi, keys.outside() ? 0 : 1, beyond, count);
        } else {
            compareFloats(bits, lo, hi, keys.outside() ? 0 : 1, beyond, count);
        }
        narrow(beyond, mask, count);
    }

    private static void compareIntegers(
            long[] values, long flip, long lo, long hi, long not, long[] beyond, int count) {
        long span = hi - lo;
        for (int i = 0; i < count; i++) {
            long distance = (values[i] ^ flip) - lo;
            beyond[i] = (((~span & distance) | (~(span ^ distance) & (span - distance))) >>> 63) ^ not;
        }
    }

    private static void compareFloats(long[] bits, long lo, long hi, long not, long[] beyond, int count) {
        long span = hi - lo;
        for (int i = 0; i < count; i++) {
            long distance = (bits[i] ^ ((bits[i] >> 63) >>> 1)) - lo;
            beyond[i] = (((~span & distance) | (~(span ^ distance) & (span - distance))) >>> 63) ^ not;
        }
    }

    private static void compareIntegers(int[] values, int flip, int lo, int hi, int not, int[] beyond, int count) {
        int span = hi - lo;
        for (int i = 0; i < count; i++) {
            int distance = (values[i] ^ flip) - lo;
            beyond[i] = (((~span & distance) | (~(span ^ distance) & (span - distance))) >>> 31) ^ not;
        }
    }

    private static void compareFloats(int[] bits, int lo, int hi, int not, int[] beyond, int count) {
        int span = hi - lo;
        for (int i = 0; i < count; i++) {
            int distance = (bits[i] ^ ((bits[i] >> 31) >>> 1)) - lo;
            beyond[i] = (((~span & distance) | (~(span ^ distance) & (span - distance))) >>> 31) ^ not;
        }
    }

    private long[] longs(int count) {
        if (longs.length < count) {
            longs = new long[count];
        }
        return longs;
    }

    private int[] ints(int count) {
        if (ints.length < count) {
            ints = new int[count];
        }
        return ints;
    }

    private static void narrow(long[] beyond, byte[] mask, int count) {
        for (int i = 0; i < count; i++) {
            mask[i] = (byte) beyond[i];
        }
    }

    private static void narrow(int[] beyond, byte[] mask, int count) {
        for (int i = 0; i < count; i++) {
            mask[i] = (byte) beyond[i];
        }
    }
}
