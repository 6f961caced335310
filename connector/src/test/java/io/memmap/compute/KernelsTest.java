package io.memmap.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of all {@link Kernels}: they agree with plain loops to the last bit. The build runs it with vectors of 128,
 * 256 and, where the processor has them, 512 bits.
 */
class KernelsTest {
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

    static Stream<Kernels> kernels() throws ReflectiveOperationException {
        assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector"))
                .as("the build starts its tests as Spark 4's launcher starts a JVM")
                .isPresent();
        Kernels vectors = (Kernels) Class.forName("io.memmap.compute.VectorKernels")
                .getDeclaredConstructor()
                .newInstance();
        Integer expectedBits = Integer.getInteger("memmap.test.bits");
        if (expectedBits != null) {
            assertThat(vectors.bits()).isEqualTo(expectedBits);
        }
        return Stream.of(new ScalarKernels(), vectors);
    }

    /** Arrays of all lengths: ordinary numbers, then more and more special ones, NaN only among the last. */
    private static List<double[]> doubles() {
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

    private static List<Object> expected(double[] values) {
        CompensatedSum sum = new CompensatedSum();
        for (int from = 0; from < values.length; from += Kernels.BLOCK_SIZE) {
            sum.add(blockSum(Arrays.copyOfRange(values, from, Math.min(values.length, from + Kernels.BLOCK_SIZE))));
        }
        double[] numbers =
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
        boolean nan = numbers.length < values.length;
        double min = Arrays.stream(numbers).reduce(Double.POSITIVE_INFINITY, Math::min);
        double max = Arrays.stream(numbers).reduce(Double.NEGATIVE_INFINITY, Math::max);
        return List.of(
                sum.total(), numbers.length == 0 ? Double.NaN : min, nan || numbers.length == 0 ? Double.NaN : max);
    }

    private static double blockSum(double[] block) {
        double[] sums = new double[8];
        double inOrder = 0;
        for (int i = 0; i < block.length; i++) {
            sums[i < block.length / 8 * 8 ? i % 8 : 0] += block[i];
            inOrder += block[i];
        }
        double sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
        return Double.isFinite(sum) ? sum : inOrder;
    }

    private static List<Object> floats(Totals totals) {
        return List.of(
                totals.floatSum(), totals.leastFloat(), totals.count() == 0 ? Double.NaN : totals.greatestFloat());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutDoubles(Kernels kernels) {
        for (double[] values : doubles()) {
            Totals totals = totals(values.length);
            kernels.add(values, values.length, totals);
            assertThat(floats(totals)).as("%s", Arrays.toString(values)).isEqualTo(expected(values));
        }
    }

    /** In pieces, of which the last one may fill no vector. */
    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutMappedDoubles(Kernels kernels) {
        double[] piece = new double[Kernels.PIECE_NBYTES / Double.BYTES];
        for (double[] values : doubles()) {
            Totals totals = totals(values.length);
            for (int from = 0; from < values.length; from += Kernels.BLOCK_SIZE) {
                int count = Math.min(Kernels.BLOCK_SIZE, values.length - from);
                ByteBuffer bytes =
                        ByteBuffer.allocateDirect(count * Double.BYTES).order(ByteOrder.nativeOrder());
                kernels.add(bytes.asDoubleBuffer().put(0, values, from, count), piece, totals);
            }
            assertThat(floats(totals)).as("%s", Arrays.toString(values)).isEqualTo(expected(values));
        }
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    /** Intervals of one key, of all, of none but NaN, and with either zero at an end. */
    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutMasks(Kernels kernels) {
        long infinity = IntervalMask.key(Double.POSITIVE_INFINITY);
        long[][] intervals = {
            {IntervalMask.key(Double.NEGATIVE_INFINITY), infinity},
            {IntervalMask.key(Double.NEGATIVE_INFINITY), IntervalMask.key(-0.0)},
            {IntervalMask.key(0.0), IntervalMask.key(1e5)},
            {IntervalMask.key(Double.MIN_VALUE), IntervalMask.key(Double.MIN_VALUE)},
            {infinity + 1, Long.MAX_VALUE},
            {Long.MIN_VALUE, Long.MAX_VALUE},
            {Long.MAX_VALUE, Long.MAX_VALUE}
        };
        for (double[] values : doubles()) {
            long[] bits = bits(values);
            for (int i = 0; i < bits.length; i += 7) {
                bits[i] = Double.isNaN(values[i]) ? bits[i] | Long.MIN_VALUE : bits[i];
            }
            for (long[] interval : intervals) {
                for (boolean outside : new boolean[] {false, true}) {
                    byte[] mask = new byte[bits.length + 9];
                    Arrays.fill(mask, (byte) 5);
                    byte[] expected = mask.clone();
                    for (int i = 0; i < bits.length; i++) {
                        long key = IntervalMask.key(Double.longBitsToDouble(bits[i]));
                        expected[i] = (byte) ((interval[0] <= key && key <= interval[1]) == outside ? 0 : 1);
                    }
                    kernels.mask(bits, interval[0], interval[1], outside, mask, bits.length, new IntervalMask());
                    assertThat(mask).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutWhatIsKept(Kernels kernels) {
        Random random = new Random(5);
        for (double[] values : doubles()) {
            byte[] mask = new byte[values.length];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) random.nextInt(2);
            }
            for (int from : new int[] {0, Math.min(3, values.length)}) {
                int count = values.length - from;
                double[] expected = new double[count];
                for (int i = 0; i < count; i++) {
                    expected[i] = mask[from + i] == 0 ? 0 : values[from + i];
                }
                double[] kept = new double[count];
                kernels.keep(values, mask, from, count, kept);
                assertThat(bits(kept)).isEqualTo(bits(expected));
                Arrays.fill(kept, 7);
                kernels.keep(bits(values), mask, from, count, kept);
                assertThat(bits(kept)).isEqualTo(bits(expected));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutFloats(Kernels kernels) {
        for (double[] wide : doubles()) {
            float[] values = new float[wide.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) wide[i];
                wide[i] = values[i];
            }
            Totals totals = totals(values.length);
            kernels.add(values, values.length, totals);
            assertThat(floats(totals)).as("%s", Arrays.toString(values)).isEqualTo(expected(wide));
        }
    }

    private static Totals totals(int count) {
        Totals totals = new Totals(true, true);
        totals.addCount(count);
        return totals;
    }

    /** Arrays of all lengths, of random numbers, of the least and the greatest, and of one number only. */
    private static List<long[]> integers(int bits) {
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

    private static void assertIntegers(Totals totals, long[] values, boolean unsignedLongs) {
        BigInteger sum = BigInteger.ZERO;
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (long value : values) {
            sum = sum.add(BigInteger.valueOf(value));
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        BigInteger biases = unsignedLongs ? BigInteger.ONE.shiftLeft(63) : BigInteger.ZERO;
        assertThat(totals.integerSum()).isEqualTo(sum.add(biases.multiply(BigInteger.valueOf(values.length))));
        assertThat(totals.least()).isEqualTo(least);
        assertThat(totals.greatest()).isEqualTo(greatest);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutLongs(Kernels kernels) {
        for (long[] keys : integers(Long.SIZE)) {
            for (long flip : new long[] {0, Long.MIN_VALUE}) {
                Totals totals = totals(keys.length);
                kernels.add(Arrays.stream(keys).map(key -> key ^ flip).toArray(), flip, keys.length, totals);
                assertIntegers(totals, keys, flip != 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutInts(Kernels kernels) {
        for (long[] wide : integers(Integer.SIZE)) {
            int[] values = Arrays.stream(wide).mapToInt(value -> (int) value).toArray();
            for (int flip : new int[] {0, Integer.MIN_VALUE}) {
                Totals totals = totals(values.length);
                kernels.add(values, flip, values.length, totals);
                assertIntegers(totals, unsignedIf(flip, 0xffffffffL, wide), false);
            }
        }
    }

    private static long[] unsignedIf(long flip, long mask, long[] values) {
        return Arrays.stream(values)
                .map(value -> flip == 0 ? value : value & mask)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutShorts(Kernels kernels) {
        for (long[] wide : integers(Short.SIZE)) {
            short[] values = new short[wide.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (short) wide[i];
            }
            for (short flip : new short[] {0, Short.MIN_VALUE}) {
                Totals totals = totals(values.length);
                kernels.add(values, flip, values.length, totals);
                assertIntegers(totals, unsignedIf(flip, 0xffff, wide), false);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutBytes(Kernels kernels) {
        for (long[] wide : integers(Byte.SIZE)) {
            byte[] values = new byte[wide.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (byte) wide[i];
            }
            for (byte flip : new byte[] {0, Byte.MIN_VALUE}) {
                Totals totals = totals(values.length);
                kernels.add(values, flip, values.length, totals);
                assertIntegers(totals, unsignedIf(flip, 0xff, wide), false);
            }
        }
    }

    /** Compiled code sums another way than the interpreter. */
    @ParameterizedTest
    @MethodSource("kernels")
    void agreeOnceTheyAreCompiled(Kernels kernels) {
        double[] values = new Random(7).doubles(Kernels.BLOCK_SIZE, -1, 1).toArray();
        float[] floats = new float[values.length];
        int[] ints = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
            ints[i] = (int) (values[i] * Integer.MAX_VALUE);
        }
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> floats[i]);
        long[] longs = Arrays.stream(ints).asLongStream().toArray();
        for (int round = 0; round < 2_000; round++) {
            Totals doubleTotals = totals(values.length);
            kernels.add(values, values.length, doubleTotals);
            Totals floatTotals = totals(values.length);
            kernels.add(floats, values.length, floatTotals);
            Totals intTotals = totals(values.length);
            kernels.add(ints, 0, values.length, intTotals);
            if (round % 200 == 199) {
                assertThat(floats(doubleTotals)).isEqualTo(expected(values));
                assertThat(floats(floatTotals)).isEqualTo(expected(wide));
                assertIntegers(intTotals, longs, false);
            }
        }
    }
}
