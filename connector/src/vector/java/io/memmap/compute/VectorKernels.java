package io.memmap.compute;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops with vectors, in the API that {@code jdk.incubator.vector} has on Java 17. Compiled apart, as not every JVM has
 * that module; {@link KernelChoice} loads this class by name.
 */
final class VectorKernels extends MaskVectors {
    /** The species with as many floats as a vector of doubles has lanes. */
    private static final VectorSpecies<Float> NARROW_FLOATS =
            VectorShape.forBitSize(SHAPE.vectorBitSize() / 2).withLanes(float.class);
    /** The species with as many shorts as a vector of ints has lanes. */
    private static final VectorSpecies<Short> NARROW_SHORTS =
            VectorShape.forBitSize(SHAPE.vectorBitSize() / 2).withLanes(short.class);

    /** Sums side by side, whatever the shape. */
    private static final int SUMS = 8;

    @Override
    public int bits() {
        return SHAPE.vectorBitSize();
    }

    @Override
    public void add(double[] values, int count, Totals totals) {
        for (int from = 0; from < count; from += BLOCK_SIZE) {
            int to = Math.min(count, from + BLOCK_SIZE);
            double[] sums = new double[SUMS];
            long[] extremes = noExtremes();
            add(values, from, to, sums, extremes, totals);
            end(source(values, from), to - from, sums, extremes, totals);
        }
    }

    @Override
    public void add(DoubleBuffer block, double[] piece, Totals totals) {
        int count = block.capacity();
        double[] sums = new double[SUMS];
        long[] extremes = noExtremes();
        for (int from = 0; from < count; from += PIECE_NBYTES / Double.BYTES) {
            int size = Math.min(PIECE_NBYTES / Double.BYTES, count - from);
            block.get(from, piece, 0, size);
            add(piece, 0, size, sums, extremes, totals);
        }
        end((at, size, to) -> block.get(at, to, 0, size), count, sums, extremes, totals);
    }

    private static void add(double[] values, int from, int to, double[] sums, long[] extremes, Totals totals) {
        if (totals.wantsSum()) {
            addSum(values, from, to, sums);
        }
        if (totals.wantsExtremes()) {
            addExtremes(values, from, to, extremes);
        }
    }

    /** Adds a block's sums and extremes. */
    private static void end(FloatExtremes.Source block, int count, double[] sums, long[] extremes, Totals totals) {
        if (totals.wantsSum()) {
            double sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
            block.addSum(sum, count, totals);
        }
        if (totals.wantsExtremes()) {
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            for (int i = 0; i < LONGS.length(); i++) {
                min = Math.min(min, extremes[i]);
                max = Math.max(max, extremes[i + LONGS.length()]);
            }
            if (min < IntervalMask.key(Double.NEGATIVE_INFINITY) || max > IntervalMask.key(Double.POSITIVE_INFINITY)) {
                FloatExtremes.addOneByOne(block, count, totals);
            } else {
                totals.addExtremes(IntervalMask.toDouble(min), IntervalMask.toDouble(max), 0);
            }
        }
    }

    /** Room for the least keys, lane by lane, and after them for the greatest. */
    private static long[] noExtremes() {
        long[] lanes = new long[2 * LONGS.length()];
        Arrays.fill(lanes, 0, LONGS.length(), Long.MAX_VALUE);
        Arrays.fill(lanes, LONGS.length(), lanes.length, Long.MIN_VALUE);
        return lanes;
    }

    /** By keys, as a minimum of floats that knows of NaN and zeros is several instructions. */
    private static void addExtremes(double[] values, int from, int to, long[] lanes) {
        LongVector least = LongVector.fromArray(LONGS, lanes, 0);
        LongVector greatest = LongVector.fromArray(LONGS, lanes, LONGS.length());
        int end = from + LONGS.loopBound(to - from);
        for (int i = from; i < end; i += LONGS.length()) {
            LongVector bits = DoubleVector.fromArray(DOUBLES, values, i).reinterpretAsLongs();
            LongVector keys =
                    bits.lanewise(XOR, bits.lanewise(ASHR, Long.SIZE - 1).lanewise(LSHR, 1));
            least = least.min(keys);
            greatest = greatest.max(keys);
        }
        least.intoArray(lanes, 0);
        greatest.intoArray(lanes, LONGS.length());
        for (int i = end; i < to; i++) {
            long key = IntervalMask.key(values[i]);
            lanes[0] = Math.min(lanes[0], key);
            lanes[LONGS.length()] = Math.max(lanes[LONGS.length()], key);
        }
    }

    /** Adds to the sums of a block; all pieces of one but the last are of a multiple of eight numbers. */
    private static void addSum(double[] values, int from, int to, double[] sums) {
        int lanes = DOUBLES.length();
        int end = from + (to - from) / SUMS * SUMS;
        if (lanes == SUMS) {
            DoubleVector a = loaded(sums, 0);
            for (int i = from; i < end; i += SUMS) {
                a = a.add(loaded(values, i));
            }
            a.intoArray(sums, 0);
        } else if (lanes * 2 == SUMS) {
            DoubleVector a = loaded(sums, 0);
            DoubleVector b = loaded(sums, lanes);
            for (int i = from; i < end; i += SUMS) {
                a = a.add(loaded(values, i));
                b = b.add(loaded(values, i + lanes));
            }
            a.intoArray(sums, 0);
            b.intoArray(sums, lanes);
        } else {
            DoubleVector a = loaded(sums, 0);
            DoubleVector b = loaded(sums, lanes);
            DoubleVector c = loaded(sums, 2 * lanes);
            DoubleVector d = loaded(sums, 3 * lanes);
            for (int i = from; i < end; i += SUMS) {
                a = a.add(loaded(values, i));
                b = b.add(loaded(values, i + lanes));
                c = c.add(loaded(values, i + 2 * lanes));
                d = d.add(loaded(values, i + 3 * lanes));
            }
            a.intoArray(sums, 0);
            b.intoArray(sums, lanes);
            c.intoArray(sums, 2 * lanes);
            d.intoArray(sums, 3 * lanes);
        }
        for (int i = end; i < to; i++) {
            sums[0] += values[i];
        }
    }

    private static DoubleVector loaded(double[] values, int i) {
        return DoubleVector.fromArray(DOUBLES, values, i);
    }

    @Override
    public void add(float[] values, int count, Totals totals) {
        for (int from = 0; from < count; from += BLOCK_SIZE) {
            int to = Math.min(count, from + BLOCK_SIZE);
            if (totals.wantsSum()) {
                source(values, from).addSum(sum(values, from, to), to - from, totals);
            }
            if (totals.wantsExtremes()) {
                addExtremes(values, from, to, totals);
            }
        }
    }

    private static void addExtremes(float[] values, int from, int to, Totals totals) {
        IntVector least = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector greatest = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        int end = from + INTS.loopBound(to - from);
        for (int i = from; i < end; i += INTS.length()) {
            IntVector bits = FloatVector.fromArray(FLOATS, values, i).reinterpretAsInts();
            IntVector keys =
                    bits.lanewise(XOR, bits.lanewise(ASHR, Integer.SIZE - 1).lanewise(LSHR, 1));
            least = least.min(keys);
            greatest = greatest.max(keys);
        }
        int[] lanes = new int[2 * INTS.length()];
        least.intoArray(lanes, 0);
        greatest.intoArray(lanes, INTS.length());
        int min = Integer.MAX_VALUE;
        int max = Integer.MIN_VALUE;
        for (int i = 0; i < INTS.length(); i++) {
            min = Math.min(min, lanes[i]);
            max = Math.max(max, lanes[i + INTS.length()]);
        }
        for (int i = end; i < to; i++) {
            int key = IntervalMask.key(values[i]);
            min = Math.min(min, key);
            max = Math.max(max, key);
        }
        if (min < IntervalMask.key(Float.NEGATIVE_INFINITY) || max > IntervalMask.key(Float.POSITIVE_INFINITY)) {
            FloatExtremes.addOneByOne(source(values, from), to - from, totals);
        } else {
            totals.addExtremes(IntervalMask.toFloat(min), IntervalMask.toFloat(max), 0);
        }
    }

    /** The bits of a half, moved up, with the bias of a float's exponent; the least and the greatest exponent are special. */
    @Override
    public void widen(short[] halves, int count, float[] to) {
        int bias = (127 - 15) << 23;
        float leastNormal = 0x1p-14f;
        int end = INTS.loopBound(count);
        for (int i = 0; i < end; i += INTS.length()) {
            IntVector half = (IntVector)
                    ShortVector.fromArray(NARROW_SHORTS, halves, i).convertShape(S2I, INTS, 0);
            IntVector exponent = half.and(0x7c00);
            IntVector bits = half.and(0x7fff).lanewise(LSHL, 13).add(bias);
            IntVector subnormal = bits.add(1 << 23)
                    .reinterpretAsFloats()
                    .sub(leastNormal)
                    .reinterpretAsInts();
            bits.blend(bits.add(bias), exponent.compare(EQ, 0x7c00))
                    .blend(subnormal, exponent.compare(EQ, 0))
                    .lanewise(OR, half.and(0x8000).lanewise(LSHL, 16))
                    .reinterpretAsFloats()
                    .intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = HalfNumbers.toFloat(halves[i]);
        }
    }

    private static double sum(float[] values, int from, int to) {
        int lanes = DOUBLES.length();
        double[] sums = new double[SUMS];
        int end = from + (to - from) / SUMS * SUMS;
        if (lanes == SUMS) {
            DoubleVector a = DoubleVector.zero(DOUBLES);
            for (int i = from; i < end; i += SUMS) {
                a = a.add(loaded(values, i));
            }
            a.intoArray(sums, 0);
        } else if (lanes * 2 == SUMS) {
            DoubleVector a = DoubleVector.zero(DOUBLES);
            DoubleVector b = DoubleVector.zero(DOUBLES);
            for (int i = from; i < end; i += SUMS) {
                a = a.add(loaded(values, i));
                b = b.add(loaded(values, i + lanes));
            }
            a.intoArray(sums, 0);
            b.intoArray(sums, lanes);
        } else {
            DoubleVector a = DoubleVector.zero(DOUBLES);
            DoubleVector b = DoubleVector.zero(DOUBLES);
            DoubleVector c = DoubleVector.zero(DOUBLES);
            DoubleVector d = DoubleVector.zero(DOUBLES);
            for (int i = from; i < end; i += SUMS) {
                a = a.add(loaded(values, i));
                b = b.add(loaded(values, i + lanes));
                c = c.add(loaded(values, i + 2 * lanes));
                d = d.add(loaded(values, i + 3 * lanes));
            }
            a.intoArray(sums, 0);
            b.intoArray(sums, lanes);
            c.intoArray(sums, 2 * lanes);
            d.intoArray(sums, 3 * lanes);
        }
        for (int i = end; i < to; i++) {
            sums[0] += values[i];
        }
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }

    private static DoubleVector loaded(float[] values, int i) {
        return (DoubleVector) FloatVector.fromArray(NARROW_FLOATS, values, i).convertShape(F2D, DOUBLES, 0);
    }
}
