package io.memmap.compute;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The loops over integers. Shapes and species are constants, which the JIT needs to compile them to vectors. */
abstract class IntegerVectors extends ScalarKernels {
    static final VectorShape SHAPE = VectorShape.preferredShape().vectorBitSize() > 512
            ? VectorShape.S_512_BIT
            : VectorShape.preferredShape();
    static final VectorSpecies<Long> LONGS = SHAPE.withLanes(long.class);
    static final VectorSpecies<Integer> INTS = SHAPE.withLanes(int.class);
    static final VectorSpecies<Short> SHORTS = SHAPE.withLanes(short.class);
    static final VectorSpecies<Byte> BYTES = SHAPE.withLanes(byte.class);

    private static final long LOW_HALF = 0xffffffffL;

    private static void addSum(long[] values, long flip, int from, int to, Totals totals) {
        LongVector flips = LongVector.broadcast(LONGS, flip);
        LongVector high = LongVector.zero(LONGS);
        LongVector low = LongVector.zero(LONGS);
        int end = from + LONGS.loopBound(to - from);
        for (int i = from; i < end; i += LONGS.length()) {
            LongVector keys = LongVector.fromArray(LONGS, values, i).lanewise(XOR, flips);
            high = high.add(keys.lanewise(ASHR, Integer.SIZE));
            low = low.add(keys.and(LOW_HALF));
        }
        long highs = high.reduceLanes(ADD);
        long lows = low.reduceLanes(ADD);
        for (int i = end; i < to; i++) {
            long key = values[i] ^ flip;
            highs += key >> Integer.SIZE;
            lows += key & LOW_HALF;
        }
        totals.addSum(highs - (flip >> Integer.SIZE) * (to - from), lows);
    }

    /** The sum over all lanes of a block's int halves, shorts or bytes fits an int. */
    private static long sum(int[] values, int flip, int from, int to) {
        IntVector flips = IntVector.broadcast(INTS, flip);
        IntVector high = IntVector.zero(INTS);
        IntVector low = IntVector.zero(INTS);
        int end = from + INTS.loopBound(to - from);
        for (int i = from; i < end; i += INTS.length()) {
            IntVector keys = IntVector.fromArray(INTS, values, i).lanewise(XOR, flips);
            high = high.add(keys.lanewise(ASHR, Short.SIZE));
            low = low.add(keys.and(0xffff));
        }
        long sum = (long) high.reduceLanes(ADD) * (1 << Short.SIZE) + low.reduceLanes(ADD);
        for (int i = end; i < to; i++) {
            sum += values[i] ^ flip;
        }
        return sum;
    }

    private static long sum(short[] values, short flip, int from, int to) {
        ShortVector flips = ShortVector.broadcast(SHORTS, flip);
        IntVector sums = IntVector.zero(INTS);
        int end = from + SHORTS.loopBound(to - from);
        for (int i = from; i < end; i += SHORTS.length()) {
            IntVector packed = ShortVector.fromArray(SHORTS, values, i)
                    .lanewise(XOR, flips)
                    .reinterpretAsInts();
            sums = sums.add(packed.lanewise(LSHL, 16).lanewise(ASHR, 16));
            sums = sums.add(packed.lanewise(ASHR, 16));
        }
        long sum = sums.reduceLanes(ADD);
        for (int i = end; i < to; i++) {
            sum += (short) (values[i] ^ flip);
        }
        return sum;
    }

    private static long sum(byte[] values, byte flip, int from, int to) {
        ByteVector flips = ByteVector.broadcast(BYTES, flip);
        IntVector sums = IntVector.zero(INTS);
        int end = from + BYTES.loopBound(to - from);
        for (int i = from; i < end; i += BYTES.length()) {
            IntVector packed =
                    ByteVector.fromArray(BYTES, values, i).lanewise(XOR, flips).reinterpretAsInts();
            sums = sums.add(packed.lanewise(LSHL, 24).lanewise(ASHR, 24));
            sums = sums.add(packed.lanewise(LSHL, 16).lanewise(ASHR, 24));
            sums = sums.add(packed.lanewise(LSHL, 8).lanewise(ASHR, 24));
            sums = sums.add(packed.lanewise(ASHR, 24));
        }
        long sum = sums.reduceLanes(ADD);
        for (int i = end; i < to; i++) {
            sum += (byte) (values[i] ^ flip);
        }
        return sum;
    }

    @Override
    public void add(long[] values, long flip, int count, Totals totals) {
        for (int from = 0; from < count; from += BLOCK_SIZE) {
            int to = Math.min(count, from + BLOCK_SIZE);
            if (totals.wantsSum()) {
                addSum(values, flip, from, to, totals);
            }
            if (totals.wantsExtremes()) {
                addExtremes(values, flip, from, to, totals);
            }
        }
    }

    private static void addExtremes(long[] values, long flip, int from, int to, Totals totals) {
        LongVector flips = LongVector.broadcast(LONGS, flip);
        LongVector least = LongVector.broadcast(LONGS, Long.MAX_VALUE);
        LongVector greatest = LongVector.broadcast(LONGS, Long.MIN_VALUE);
        int end = from + LONGS.loopBound(to - from);
        for (int i = from; i < end; i += LONGS.length()) {
            LongVector keys = LongVector.fromArray(LONGS, values, i).lanewise(XOR, flips);
            least = least.min(keys);
            greatest = greatest.max(keys);
        }
        long[] lanes = new long[2 * LONGS.length()];
        least.intoArray(lanes, 0);
        greatest.intoArray(lanes, LONGS.length());
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (int i = 0; i < LONGS.length(); i++) {
            min = Math.min(min, lanes[i]);
            max = Math.max(max, lanes[i + LONGS.length()]);
        }
        for (int i = end; i < to; i++) {
            min = Math.min(min, values[i] ^ flip);
            max = Math.max(max, values[i] ^ flip);
        }
        totals.addExtremes(min, max);
    }

    @Override
    public void add(int[] values, int flip, int count, Totals totals) {
        for (int from = 0; from < count; from += BLOCK_SIZE) {
            int to = Math.min(count, from + BLOCK_SIZE);
            if (totals.wantsSum()) {
                totals.addSum(sum(values, flip, from, to) - (long) flip * (to - from));
            }
            if (totals.wantsExtremes()) {
                addExtremes(values, flip, from, to, totals);
            }
        }
    }

    private static void addExtremes(int[] values, int flip, int from, int to, Totals totals) {
        IntVector flips = IntVector.broadcast(INTS, flip);
        IntVector least = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector greatest = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        int end = from + INTS.loopBound(to - from);
        for (int i = from; i < end; i += INTS.length()) {
            IntVector keys = IntVector.fromArray(INTS, values, i).lanewise(XOR, flips);
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
            min = Math.min(min, values[i] ^ flip);
            max = Math.max(max, values[i] ^ flip);
        }
        totals.addExtremes(min - (long) flip, max - (long) flip);
    }

    @Override
    public void add(short[] values, short flip, int count, Totals totals) {
        for (int from = 0; from < count; from += BLOCK_SIZE) {
            int to = Math.min(count, from + BLOCK_SIZE);
            if (totals.wantsSum()) {
                totals.addSum(sum(values, flip, from, to) - (long) flip * (to - from));
            }
            if (totals.wantsExtremes()) {
                addExtremes(values, flip, from, to, totals);
            }
        }
    }

    private static void addExtremes(short[] values, short flip, int from, int to, Totals totals) {
        ShortVector flips = ShortVector.broadcast(SHORTS, flip);
        ShortVector least = ShortVector.broadcast(SHORTS, Short.MAX_VALUE);
        ShortVector greatest = ShortVector.broadcast(SHORTS, Short.MIN_VALUE);
        int end = from + SHORTS.loopBound(to - from);
        for (int i = from; i < end; i += SHORTS.length()) {
            ShortVector keys = ShortVector.fromArray(SHORTS, values, i).lanewise(XOR, flips);
            least = least.min(keys);
            greatest = greatest.max(keys);
        }
        short[] lanes = new short[2 * SHORTS.length()];
        least.intoArray(lanes, 0);
        greatest.intoArray(lanes, SHORTS.length());
        int min = Short.MAX_VALUE;
        int max = Short.MIN_VALUE;
        for (int i = 0; i < SHORTS.length(); i++) {
            min = Math.min(min, lanes[i]);
            max = Math.max(max, lanes[i + SHORTS.length()]);
        }
        for (int i = end; i < to; i++) {
            min = Math.min(min, (short) (values[i] ^ flip));
            max = Math.max(max, (short) (values[i] ^ flip));
        }
        totals.addExtremes(min - (long) flip, max - (long) flip);
    }

    @Override
    public void add(byte[] values, byte flip, int count, Totals totals) {
        for (int from = 0; from < count; from += BLOCK_SIZE) {
            int to = Math.min(count, from + BLOCK_SIZE);
            if (totals.wantsSum()) {
                totals.addSum(sum(values, flip, from, to) - (long) flip * (to - from));
            }
            if (totals.wantsExtremes() && !totals.reaches(Byte.MIN_VALUE - flip, Byte.MAX_VALUE - flip)) {
                addExtremes(values, flip, from, to, totals);
            }
        }
    }

    private static void addExtremes(byte[] values, byte flip, int from, int to, Totals totals) {
        ByteVector flips = ByteVector.broadcast(BYTES, flip);
        ByteVector least = ByteVector.broadcast(BYTES, Byte.MAX_VALUE);
        ByteVector greatest = ByteVector.broadcast(BYTES, Byte.MIN_VALUE);
        int end = from + BYTES.loopBound(to - from);
        for (int i = from; i < end; i += BYTES.length()) {
            ByteVector keys = ByteVector.fromArray(BYTES, values, i).lanewise(XOR, flips);
            least = least.min(keys);
            greatest = greatest.max(keys);
        }
        byte[] lanes = new byte[2 * BYTES.length()];
        least.intoArray(lanes, 0);
        greatest.intoArray(lanes, BYTES.length());
        int min = Byte.MAX_VALUE;
        int max = Byte.MIN_VALUE;
        for (int i = 0; i < BYTES.length(); i++) {
            min = Math.min(min, lanes[i]);
            max = Math.max(max, lanes[i + BYTES.length()]);
        }
        for (int i = end; i < to; i++) {
            min = Math.min(min, (byte) (values[i] ^ flip));
            max = Math.max(max, (byte) (values[i] ^ flip));
        }
        totals.addExtremes(min - (long) flip, max - (long) flip);
    }
}
