package io.memmap.format;

import java.io.Serializable;

/**
 * The CRC-32 of some bytes, which can be joined with that of the bytes after them without reading either again. Immutable;
 * crosses the wire.
 *
 * @param nbytes the number of bytes
 * @see <a href="https://github.com/madler/zlib/blob/v1.2.11/crc32.c">crc32_combine of zlib</a>
 */
public record Crc32(int value, long nbytes) implements Serializable {
    /** The CRC-32 of no bytes. */
    public static final Crc32 EMPTY = new Crc32(0, 0);

    /** The polynomial, reflected. */
    private static final int POLYNOMIAL = 0xEDB88320;

    /** The CRC-32 of all bytes of an array. */
    public static Crc32 of(byte[] bytes) {
        java.util.zip.CRC32 sum = new java.util.zip.CRC32();
        sum.update(bytes);
        return new Crc32((int) sum.getValue(), bytes.length);
    }

    /** The CRC-32 of these bytes and of {@code next} after them. */
    public Crc32 then(Crc32 next) {
        return new Crc32(times(value, zeros(next.nbytes)) ^ next.value, Math.addExact(nbytes, next.nbytes));
    }

    /** The polynomial by which a CRC-32 is multiplied if so many zero bytes follow: x to the power of 8 {@code nbytes}. */
    private static int zeros(long nbytes) {
        int power = 1 << 31;
        int square = 1 << 23;
        for (long left = nbytes; left > 0; left >>= 1) {
            if ((left & 1) != 0) {
                power = times(power, square);
            }
            square = times(square, square);
        }
        return power;
    }

    /** The product of two polynomials modulo that of CRC-32; the highest bit is the coefficient of 1. */
    private static int times(int one, int other) {
        int product = 0;
        int shifted = other;
        for (int bit = 1 << 31; bit != 0; bit >>>= 1) {
            if ((one & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) == 0 ? shifted >>> 1 : shifted >>> 1 ^ POLYNOMIAL;
        }
        return product;
    }
}
