package io.memmap.array;

/** Loops that turn one kind of Java numbers into another, without losing any silently. */
final class Conversions {
    private Conversions() {}

    /** Booleans, of which any byte but 0 is true. */
    static void truths(byte[] values, int count) {
        for (int i = 0; i < count; i++) {
            // A branch for each of random values takes ten times as long.
            values[i] = (byte) ((values[i] | -values[i]) >>> 31);
        }
    }

    static void toDoubles(long[] from, int count, boolean unsigned, double[] to, int at) {
        for (int i = 0; i < count; i++) {
            to[at + i] = unsigned ? unsignedToDouble(from[i]) : (double) from[i];
        }
    }

    static void toFloats(long[] from, int count, boolean unsigned, float[] to, int at) {
        for (int i = 0; i < count; i++) {
            to[at + i] = unsigned ? unsignedToFloat(from[i]) : (float) from[i];
        }
    }

    /** @throws ArithmeticException for a finite value that would become infinite */
    static void toFloats(double[] from, int count, float[] to, int at) {
        for (int i = 0; i < count; i++) {
            to[at + i] = toFloat(from[i]);
        }
    }

    /** @throws ArithmeticException for a value that is not whole, or leaves a long */
    static void toLongs(double[] from, int count, long[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = toLong(from[i]);
        }
    }

    /** @throws ArithmeticException for a value beyond the type of {@code to} */
    static void narrow(long[] from, int count, boolean unsigned, Object to, int at) {
        if (to instanceof byte[] bytes) {
            for (int i = 0; i < count; i++) {
                bytes[at + i] = (byte) within(from[i], Byte.MIN_VALUE, Byte.MAX_VALUE, unsigned, "byte");
            }
        } else if (to instanceof short[] shorts) {
            for (int i = 0; i < count; i++) {
                shorts[at + i] = (short) within(from[i], Short.MIN_VALUE, Short.MAX_VALUE, unsigned, "short");
            }
        } else if (to instanceof int[] ints) {
            for (int i = 0; i < count; i++) {
                ints[at + i] = (int) within(from[i], Integer.MIN_VALUE, Integer.MAX_VALUE, unsigned, "int");
            }
        } else {
            long[] longs = (long[]) to;
            for (int i = 0; i < count; i++) {
                longs[at + i] = within(from[i], Long.MIN_VALUE, Long.MAX_VALUE, unsigned, "long");
            }
        }
    }

    static long within(long value, long min, long max, boolean unsigned, String type) {
        if (value < min || value > max || (unsigned && value < 0)) {
            throw overflow(unsigned ? Long.toUnsignedString(value) : Long.toString(value), type);
        }
        return value;
    }

    static float toFloat(double value) {
        float narrow = (float) value;
        if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
            throw overflow(value, "float");
        }
        return narrow;
    }

    static long toLong(double value) {
        long whole = (long) value;
        if (whole != value || value >= 0x1p63) {
            throw overflow(value, "long");
        }
        return whole;
    }

    static double unsignedToDouble(long bits) {
        return bits >= 0 ? (double) bits : (double) half(bits) * 2;
    }

    /** By way of a double it would be rounded twice. */
    static float unsignedToFloat(long bits) {
        return bits >= 0 ? (float) bits : (float) half(bits) * 2;
    }

    /** The lowest bit stays as a sticky one, so that halving before a conversion cannot change the rounding. */
    private static long half(long bits) {
        return (bits >>> 1) | (bits & 1);
    }

    private static ArithmeticException overflow(Object value, String type) {
        return new ArithmeticException(
                "Cannot read " + value + " as a " + type + ": expected a value that it can hold");
    }
}
