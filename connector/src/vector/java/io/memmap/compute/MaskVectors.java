package io.memmap.compute;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.B2L;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.L2B;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.NEG;
import static jdk.incubator.vector.VectorOperators.S2B;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Comparison to a mask, and zeros in place of what fails it. A mask is one byte a number: vectors of fewer than eight lanes
 * have no vector of as many bytes, and leave the loop to scalar code.
 *
 * <p>A key is within an interval if its distance from the lower end, without a sign, is at most the interval's length.
 */
abstract class MaskVectors extends IntegerVectors {
    static final VectorSpecies<Double> DOUBLES = SHAPE.withLanes(double.class);
    static final VectorSpecies<Float> FLOATS = SHAPE.withLanes(float.class);
    private static final VectorSpecies<Byte> LONG_MASKS = masks(LONGS);
    private static final VectorSpecies<Byte> INT_MASKS = masks(INTS);
    private static final VectorSpecies<Byte> SHORT_MASKS = masks(SHORTS);

    private static VectorSpecies<Byte> masks(VectorSpecies<?> species) {
        int bits = species.length() * Byte.SIZE;
        return bits < VectorShape.S_64_BIT.vectorBitSize()
                ? null
                : VectorShape.forBitSize(bits).withLanes(byte.class);
    }

    @Override
    public void mask(long[] bits, KeyInterval keys, byte[] mask, int count, IntervalMask room) {
        if (LONG_MASKS == null) {
            super.mask(bits, keys, mask, count, room);
            return;
        }
        LongVector least = LongVector.broadcast(LONGS, keys.lo() ^ Long.MIN_VALUE);
        LongVector span = LongVector.broadcast(LONGS, (keys.hi() - keys.lo()) ^ Long.MIN_VALUE);
        LongVector flip = LongVector.broadcast(LONGS, keys.flip());
        LongVector within = LongVector.broadcast(LONGS, keys.outside() ? 0 : 1);
        LongVector beyond = LongVector.broadcast(LONGS, keys.outside() ? 1 : 0);
        LongVector fold = LongVector.broadcast(LONGS, keys.fold());
        int end = LONGS.loopBound(count);
        for (int i = 0; i < end; i += LONGS.length()) {
            LongVector number = LongVector.fromArray(LONGS, bits, i);
            LongVector key = number.lanewise(XOR, number.lanewise(ASHR, Long.SIZE - 1).and(fold)).lanewise(XOR, flip);
            VectorMask<Long> passes = key.sub(least).compare(LE, span);
            ((ByteVector) beyond.blend(within, passes).convertShape(L2B, LONG_MASKS, 0)).intoArray(mask, i);
        }
        for (int i = end; i < count; i++) {
            mask[i] = keys.mask(bits[i]);
        }
    }

    @Override
    public void mask(int[] bits, KeyInterval keys, byte[] mask, int count, IntervalMask room) {
        if (INT_MASKS == null) {
            super.mask(bits, keys, mask, count, room);
            return;
        }
        IntVector least = IntVector.broadcast(INTS, (int) (keys.lo() ^ Integer.MIN_VALUE));
        IntVector span = IntVector.broadcast(INTS, (int) ((keys.hi() - keys.lo()) ^ Integer.MIN_VALUE));
        IntVector flip = IntVector.broadcast(INTS, (int) keys.flip());
        IntVector within = IntVector.broadcast(INTS, keys.outside() ? 0 : 1);
        IntVector beyond = IntVector.broadcast(INTS, keys.outside() ? 1 : 0);
        IntVector fold = IntVector.broadcast(INTS, (int) keys.fold());
        int end = INTS.loopBound(count);
        for (int i = 0; i < end; i += INTS.length()) {
            IntVector number = IntVector.fromArray(INTS, bits, i);
            IntVector key = number.lanewise(XOR, number.lanewise(ASHR, Integer.SIZE - 1).and(fold)).lanewise(XOR, flip);
            VectorMask<Integer> passes = key.sub(least).compare(LE, span);
            ((ByteVector) beyond.blend(within, passes).convertShape(I2B, INT_MASKS, 0)).intoArray(mask, i);
        }
        for (int i = end; i < count; i++) {
            mask[i] = keys.mask(bits[i]);
        }
    }

    @Override
    public void mask(short[] bits, KeyInterval keys, byte[] mask, int count) {
        if (SHORT_MASKS == null) {
            super.mask(bits, keys, mask, count);
            return;
        }
        ShortVector least = ShortVector.broadcast(SHORTS, (short) (keys.lo() ^ Short.MIN_VALUE));
        ShortVector span = ShortVector.broadcast(SHORTS, (short) ((keys.hi() - keys.lo()) ^ Short.MIN_VALUE));
        ShortVector flip = ShortVector.broadcast(SHORTS, (short) keys.flip());
        ShortVector within = ShortVector.broadcast(SHORTS, keys.outside() ? 0 : 1);
        ShortVector beyond = ShortVector.broadcast(SHORTS, keys.outside() ? 1 : 0);
        int end = SHORTS.loopBound(count);
        for (int i = 0; i < end; i += SHORTS.length()) {
            ShortVector number = ShortVector.fromArray(SHORTS, bits, i);
            ShortVector key = number.lanewise(XOR, flip);
            VectorMask<Short> passes = key.sub(least).compare(LE, span);
            ((ByteVector) beyond.blend(within, passes).convertShape(S2B, SHORT_MASKS, 0)).intoArray(mask, i);
        }
        for (int i = end; i < count; i++) {
            mask[i] = keys.mask(bits[i]);
        }
    }

    @Override
    public void mask(byte[] bits, KeyInterval keys, byte[] mask, int count) {
        ByteVector least = ByteVector.broadcast(BYTES, (byte) (keys.lo() ^ Byte.MIN_VALUE));
        ByteVector span = ByteVector.broadcast(BYTES, (byte) ((keys.hi() - keys.lo()) ^ Byte.MIN_VALUE));
        ByteVector flip = ByteVector.broadcast(BYTES, (byte) keys.flip());
        ByteVector within = ByteVector.broadcast(BYTES, keys.outside() ? 0 : 1);
        ByteVector beyond = ByteVector.broadcast(BYTES, keys.outside() ? 1 : 0);
        int end = BYTES.loopBound(count);
        for (int i = 0; i < end; i += BYTES.length()) {
            ByteVector number = ByteVector.fromArray(BYTES, bits, i);
            ByteVector key = number.lanewise(XOR, flip);
            VectorMask<Byte> passes = key.sub(least).compare(LE, span);
            beyond.blend(within, passes).intoArray(mask, i);
        }
        for (int i = end; i < count; i++) {
            mask[i] = keys.mask(bits[i]);
        }
    }

    @Override
    public void keep(double[] values, byte[] mask, int from, int count, double[] to) {
        if (LONG_MASKS == null) {
            super.keep(values, mask, from, count, to);
            return;
        }
        int end = LONGS.loopBound(count);
        for (int i = 0; i < end; i += LONGS.length()) {
            kept(DoubleVector.fromArray(DOUBLES, values, from + i).reinterpretAsLongs(), mask, from + i).reinterpretAsDoubles().intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = mask[from + i] == 0 ? 0 : values[from + i];
        }
    }

    @Override
    public void keep(long[] bits, byte[] mask, int from, int count, double[] to) {
        if (LONG_MASKS == null) {
            super.keep(bits, mask, from, count, to);
            return;
        }
        int end = LONGS.loopBound(count);
        for (int i = 0; i < end; i += LONGS.length()) {
            kept(LongVector.fromArray(LONGS, bits, from + i), mask, from + i).reinterpretAsDoubles().intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = mask[from + i] == 0 ? 0 : Double.longBitsToDouble(bits[from + i]);
        }
    }

    @Override
    public void keep(long[] values, byte[] mask, int from, int count, long[] to) {
        if (LONG_MASKS == null) {
            super.keep(values, mask, from, count, to);
            return;
        }
        int end = LONGS.loopBound(count);
        for (int i = 0; i < end; i += LONGS.length()) {
            kept(LongVector.fromArray(LONGS, values, from + i), mask, from + i).intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = mask[from + i] == 0 ? 0 : values[from + i];
        }
    }

    private static LongVector kept(LongVector bits, byte[] mask, int at) {
        LongVector ones = (LongVector) ByteVector.fromArray(LONG_MASKS, mask, at).convertShape(B2L, LONGS, 0);
        return bits.and(ones.lanewise(NEG));
    }

    @Override
    public void keep(float[] values, byte[] mask, int from, int count, float[] to) {
        if (INT_MASKS == null) {
            super.keep(values, mask, from, count, to);
            return;
        }
        int end = INTS.loopBound(count);
        for (int i = 0; i < end; i += INTS.length()) {
            kept(FloatVector.fromArray(FLOATS, values, from + i).reinterpretAsInts(), mask, from + i).reinterpretAsFloats().intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = mask[from + i] == 0 ? 0 : values[from + i];
        }
    }

    @Override
    public void keep(int[] bits, byte[] mask, int from, int count, float[] to) {
        if (INT_MASKS == null) {
            super.keep(bits, mask, from, count, to);
            return;
        }
        int end = INTS.loopBound(count);
        for (int i = 0; i < end; i += INTS.length()) {
            kept(IntVector.fromArray(INTS, bits, from + i), mask, from + i).reinterpretAsFloats().intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = mask[from + i] == 0 ? 0 : Float.intBitsToFloat(bits[from + i]);
        }
    }

    @Override
    public void keep(int[] values, byte[] mask, int from, int count, int[] to) {
        if (INT_MASKS == null) {
            super.keep(values, mask, from, count, to);
            return;
        }
        int end = INTS.loopBound(count);
        for (int i = 0; i < end; i += INTS.length()) {
            kept(IntVector.fromArray(INTS, values, from + i), mask, from + i).intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = mask[from + i] == 0 ? 0 : values[from + i];
        }
    }

    private static IntVector kept(IntVector bits, byte[] mask, int at) {
        IntVector ones = (IntVector) ByteVector.fromArray(INT_MASKS, mask, at).convertShape(B2I, INTS, 0);
        return bits.and(ones.lanewise(NEG));
    }

    @Override
    public void keep(short[] values, byte[] mask, int from, int count, short[] to) {
        if (SHORT_MASKS == null) {
            super.keep(values, mask, from, count, to);
            return;
        }
        int end = SHORTS.loopBound(count);
        for (int i = 0; i < end; i += SHORTS.length()) {
            kept(ShortVector.fromArray(SHORTS, values, from + i), mask, from + i).intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = mask[from + i] == 0 ? 0 : values[from + i];
        }
    }

    private static ShortVector kept(ShortVector bits, byte[] mask, int at) {
        ShortVector ones = (ShortVector) ByteVector.fromArray(SHORT_MASKS, mask, at).convertShape(B2S, SHORTS, 0);
        return bits.and(ones.lanewise(NEG));
    }

    @Override
    public void keep(byte[] values, byte[] mask, int from, int count, byte[] to) {
        int end = BYTES.loopBound(count);
        for (int i = 0; i < end; i += BYTES.length()) {
            kept(ByteVector.fromArray(BYTES, values, from + i), mask, from + i).intoArray(to, i);
        }
        for (int i = end; i < count; i++) {
            to[i] = mask[from + i] == 0 ? 0 : values[from + i];
        }
    }

    private static ByteVector kept(ByteVector bits, byte[] mask, int at) {
        return bits.and(ByteVector.fromArray(BYTES, mask, at).lanewise(NEG));
    }
}
