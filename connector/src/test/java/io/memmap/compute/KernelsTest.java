package io.memmap.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.HalfFloat;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of all {@link Kernels}: they agree with plain loops to the last bit. The build runs it with vectors of 128,
 * 256 and, where the processor has them, 512 bits.
 */
class KernelsTest {
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
        for (double[] values : KernelNumbers.doubles()) {
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
        for (double[] values : KernelNumbers.doubles()) {
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

    /** Integers of every width, signed and unsigned, and the bits of floats, with NaNs of both signs. */
    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutMasks(Kernels kernels) {
        for (int width : KernelNumbers.WIDTHS) {
            for (long[] integers : KernelNumbers.integers(width)) {
                for (long flip : new long[] {0, -1L << (width - 1)}) {
                    KernelNumbers.intervals(width, 0, flip).forEach(keys -> checkMask(kernels, width, integers, keys));
                }
            }
        }
        for (double[] values : KernelNumbers.doubles()) {
            long[] longs = KernelNumbers.bits(values, Long.SIZE);
            KernelNumbers.intervals(Long.SIZE, Long.MAX_VALUE, 0)
                    .forEach(keys -> checkMask(kernels, Long.SIZE, longs, keys));
            long[] ints = KernelNumbers.bits(values, Integer.SIZE);
            KernelNumbers.intervals(Integer.SIZE, Integer.MAX_VALUE, 0)
                    .forEach(keys -> checkMask(kernels, Integer.SIZE, ints, keys));
        }
    }

    private static void checkMask(Kernels kernels, int width, long[] bits, KeyInterval keys) {
        byte[] mask = new byte[bits.length + 9];
        Arrays.fill(mask, (byte) 5);
        byte[] expected = mask.clone();
        for (int i = 0; i < bits.length; i++) {
            long key = bits[i] < 0 ? bits[i] ^ keys.fold() ^ keys.flip() : bits[i] ^ keys.flip();
            expected[i] = (byte) ((keys.lo() <= key && key <= keys.hi()) == keys.outside() ? 0 : 1);
        }
        switch (width) {
            case Byte.SIZE -> kernels.mask(KernelNumbers.bytes(bits), keys, mask, bits.length);
            case Short.SIZE -> kernels.mask(KernelNumbers.shorts(bits), keys, mask, bits.length);
            case Integer.SIZE -> kernels.mask(KernelNumbers.ints(bits), keys, mask, bits.length, new IntervalMask());
            default -> kernels.mask(bits, keys, mask, bits.length, new IntervalMask());
        }
        assertThat(mask).as("%s of %s", keys, Arrays.toString(bits)).isEqualTo(expected);
    }

    /** Numbers of every width, floats as they are and as their bits; what follows the kept ones stays. */
    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutZerosForWhatFails(Kernels kernels) {
        Random random = new Random(5);
        for (int width : KernelNumbers.WIDTHS) {
            for (long[] integers : KernelNumbers.integers(width)) {
                checkKept(kernels, width, integers, random);
            }
        }
        for (double[] values : KernelNumbers.doubles()) {
            checkKept(kernels, Long.SIZE, KernelNumbers.bits(values, Long.SIZE), random);
            checkKept(kernels, Integer.SIZE, KernelNumbers.bits(values, Integer.SIZE), random);
        }
    }

    private static void checkKept(Kernels kernels, int width, long[] bits, Random random) {
        byte[] mask = new byte[bits.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) random.nextInt(2);
        }
        int from = Math.min(3, bits.length);
        int count = bits.length - from;
        long[] expected = new long[count + 1];
        for (int i = 0; i < count; i++) {
            expected[i] = mask[from + i] == 0 ? 0 : bits[from + i];
        }
        expected[count] = 7;
        KernelNumbers.kept(kernels, width, bits, mask, from, count)
                .forEach(
                        kept -> assertThat(kept).as("%s", Arrays.toString(bits)).isEqualTo(expected));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutFloats(Kernels kernels) {
        for (double[] wide : KernelNumbers.doubles()) {
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

    /** All half floats, at every place of a vector. */
    @ParameterizedTest
    @MethodSource("kernels")
    void agreeAboutHalves(Kernels kernels) {
        for (int length : new int[] {0, 1, 7, 9, 31, 33, 63, 1 << 16}) {
            short[] halves = new short[length];
            for (int i = 0; i < length; i++) {
                halves[i] = (short) (i * 2049);
            }
            float[] floats = new float[length + 1];
            kernels.widen(halves, length, floats);
            for (int i = 0; i < length; i++) {
                assertThat(Float.floatToRawIntBits(floats[i]))
                        .isEqualTo(Float.floatToRawIntBits(HalfFloat.toFloat(halves[i])));
            }
            assertThat(floats[length]).isZero();
        }
    }

    private static Totals totals(int count) {
        Totals totals = new Totals(true, true);
        totals.addCount(count);
        return totals;
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
        for (long[] keys : KernelNumbers.integers(Long.SIZE)) {
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
        for (long[] wide : KernelNumbers.integers(Integer.SIZE)) {
            int[] values = KernelNumbers.ints(wide);
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
        for (long[] wide : KernelNumbers.integers(Short.SIZE)) {
            short[] values = KernelNumbers.shorts(wide);
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
        for (long[] wide : KernelNumbers.integers(Byte.SIZE)) {
            byte[] values = KernelNumbers.bytes(wide);
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
