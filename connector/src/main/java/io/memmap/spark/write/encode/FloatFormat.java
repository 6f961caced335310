package io.memmap.spark.write.encode;

import io.memmap.dtype.HalfFloat;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;

/** The floats that NumPy has, as raw bits. Narrowing rounds once, to nearest, ties to even. */
enum FloatFormat {
    HALF(11, 65504) {
        @Override
        long bits(double value) {
            return HalfFloat.ofDouble(value);
        }

        @Override
        double value(long bits) {
            return HalfFloat.toFloat((short) bits);
        }
    },
    BFLOAT16(8, 0x1.fep127) {
        @Override
        long bits(double value) {
            return HalfFloat.bfloatOf(toOdd(value));
        }

        @Override
        double value(long bits) {
            return HalfFloat.bfloatToFloat((short) bits);
        }
    },
    FLOAT(24, Float.MAX_VALUE) {
        @Override
        long bits(double value) {
            return Float.floatToRawIntBits((float) value);
        }

        @Override
        double value(long bits) {
            return Float.intBitsToFloat((int) bits);
        }
    },
    DOUBLE(53, Double.MAX_VALUE) {
        @Override
        long bits(double value) {
            return Double.doubleToRawLongBits(value);
        }

        @Override
        double value(long bits) {
            return Double.longBitsToDouble(bits);
        }
    };

    private final int precision;
    private final double max;

    FloatFormat(int precision, double max) {
        this.precision = precision;
        this.max = max;
    }

    static FloatFormat of(ScalarDType dtype) {
        if (dtype.kind() == Kind.BFLOAT16) {
            return BFLOAT16;
        }
        return switch (dtype.itemsize()) {
            case 2 -> HALF;
            case 4 -> FLOAT;
            default -> DOUBLE;
        };
    }

    abstract long bits(double value);

    abstract double value(long bits);

    /** Bits of the significand: integers of so many bits are exact. */
    int precision() {
        return precision;
    }

    /** The largest finite value. */
    double max() {
        return max;
    }

    /**
     * Rounds to a float in such a way that rounding that to fewer bits is the same as rounding the double: towards zero,
     * with the last bit set where something was lost.
     */
    private static float toOdd(double value) {
        float rounded = (float) value;
        if (rounded == value || Double.isNaN(value)) {
            return rounded;
        }
        int bits = Float.floatToRawIntBits(rounded);
        boolean away = Math.abs((double) rounded) > Math.abs(value);
        return Float.intBitsToFloat((away ? bits - 1 : bits) | 1);
    }
}
