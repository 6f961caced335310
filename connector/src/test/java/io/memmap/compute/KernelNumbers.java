package io.memmap.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The numbers over which all {@link Kernels} have to agree: lengths about those of vectors and blocks, special values. */
final class KernelNumbers {
    static final int[] WIDTHS = {Byte.SIZE, Short.SIZE, Integer.SIZE, Long.SIZE};

    private static final int[] LENGTHS = {
        0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 2047, 2049,
        4095, 4096, 4097, 8193
    };
    private static final double[] SPECIAL = {
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Float.MIN_VALUE,
        0x1p63,
        -0x1p63,
        Double.NaN
    };

    private KernelNumbers() {}

    /** Arrays of all lengths: ordinary numbers, then more and more special ones, NaN only among the last. */
    static List<double[]> doubles() {
        Random random = new Random(42);
        List<double[]> arrays = new ArrayList<>();
        for (int length : LENGTHS) {
            for (int round = 0; round < 8; round++) {
                double[] values = random.doubles(length, -1e6, 1e6).toArray();
                for (int i = 0; i < length && round > 3; i++) {
                    if (random.nextInt(10) < round) {
                        values[i] = SPECIAL[random.nextInt(round < 6 ? SPECIAL.length - 1 : SPECIAL.length)];
                    }
                }
                arrays.add(values);
            }
            arrays.add(random.doubles(length)
                    .map(value -> value < 0.01 ? -0.0 : 0.0)
                    .toArray());
            arrays.add(random.doubles(length)
                    .map(value -> value < 0.01 ? -0.0 : value < 0.1 ? Double.NaN : 0.0)
                    .toArray());
        }
        return arrays;
    }

    /** Arrays of all lengths, of random numbers, of the least and the greatest, and of one number only. */
    static List<long[]> integers(int bits) {
        Random random = new Random(bits);
        List<long[]> arrays = new ArrayList<>();
        long least = -1L << (bits - 1);
        for (int length : LENGTHS) {
            arrays.add(random.longs(length)
                    .map(value -> value >> (Long.SIZE - bits))
                    .toArray());
            arrays.add(random.longs(length)
                    .map(value -> value < 0 ? least : ~least)
                    .toArray());
            for (long same : new long[] {least, ~least, 0, -1}) {
                arrays.add(LongStream.generate(() -> same).limit(length).toArray());
            }
        }
        return arrays;
    }

    /** The bits of floats of a width, those of every seventh NaN with a sign. */
    static long[] bits(double[] values, int width) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            long sign = Double.isNaN(values[i]) && i % 7 == 0 ? -1L << (width - 1) : 0;
            bits[i] = sign
                    | (width == Long.SIZE
                            ? Double.doubleToRawLongBits(values[i])
                            : Float.floatToRawIntBits((float) values[i]));
        }
        return bits;
    }

    /** Within and beyond: all keys, the least, the greatest, both zeros, the finite ones and what is no number. */
    static List<KeyInterval> intervals(int width, long fold, long flip) {
        long least = -1L << (width - 1);
        long infinity = width == Long.SIZE
                ? Double.doubleToRawLongBits(Double.POSITIVE_INFINITY)
                : Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
        long large = fold == 0 ? ~least / 3 : infinity;
        List<KeyInterval> intervals = new ArrayList<>();
        for (boolean outside : new boolean[] {false, true}) {
            intervals.add(new KeyInterval(fold, flip, least, ~least, outside));
            intervals.add(new KeyInterval(fold, flip, least, least, outside));
            intervals.add(new KeyInterval(fold, flip, ~least, ~least, outside));
            intervals.add(new KeyInterval(fold, flip, -1, 0, outside));
            intervals.add(new KeyInterval(fold, flip, ~large, large, outside));
            intervals.add(new KeyInterval(fold, flip, large + 1, ~least, outside));
        }
        return intervals;
    }

    static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
    }

    static short[] shorts(long[] values) {
        short[] shorts = new short[values.length];
        for (int i = 0; i < shorts.length; i++) {
            shorts[i] = (short) values[i];
        }
        return shorts;
    }

    static byte[] bytes(long[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static float[] floats(long[] bits) {
        float[] floats = new float[bits.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.intBitsToFloat((int) bits[i]);
        }
        return floats;
    }

    private static long[] longs(IntToLongFunction bits, int count) {
        return IntStream.range(0, count).mapToLong(bits).toArray();
    }

    /** The bits that each loop over numbers of a width keeps, and after them the next number, which was 7. */
    static List<long[]> kept(Kernels kernels, int width, long[] bits, byte[] mask, int from, int count) {
        long[] sevens = longs(i -> 7, count + 1);
        switch (width) {
            case Byte.SIZE -> {
                byte[] to = bytes(sevens);
                kernels.keep(bytes(bits), mask, from, count, to);
                return List.of(longs(i -> to[i], to.length));
            }
            case Short.SIZE -> {
                short[] to = shorts(sevens);
                kernels.keep(shorts(bits), mask, from, count, to);
                return List.of(longs(i -> to[i], to.length));
            }
            case Integer.SIZE -> {
                int[] to = ints(sevens);
                kernels.keep(ints(bits), mask, from, count, to);
                float[] floats = floats(sevens);
                kernels.keep(floats(bits), mask, from, count, floats);
                float[] ofBits = floats(sevens);
                kernels.keep(ints(bits), mask, from, count, ofBits);
                return List.of(
                        longs(i -> to[i], to.length),
                        longs(i -> Float.floatToRawIntBits(floats[i]), to.length),
                        longs(i -> Float.floatToRawIntBits(ofBits[i]), to.length));
            }
            default -> {
                long[] to = sevens.clone();
                kernels.keep(bits, mask, from, count, to);
                double[] doubles = Arrays.stream(sevens)
                        .mapToDouble(Double::longBitsToDouble)
                        .toArray();
                double[] ofBits = doubles.clone();
                kernels.keep(
                        Arrays.stream(bits)
                                .mapToDouble(Double::longBitsToDouble)
                                .toArray(),
                        mask,
                        from,
                        count,
                        doubles);
                kernels.keep(bits, mask, from, count, ofBits);
                return List.of(
                        to,
                        longs(i -> Double.doubleToRawLongBits(doubles[i]), to.length),
                        longs(i -> Double.doubleToRawLongBits(ofBits[i]), to.length));
            }
        }
    }
}
