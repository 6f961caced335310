package io.memmap.compute;

import java.nio.DoubleBuffer;

/** The loops as plain Java, which the JIT unrolls. */
class ScalarKernels implements Kernels {
    private static final long LOW_HALF = 0xffffffffL;

    @Override
    public int bits() {
        return Long.SIZE;
    }

    @Override
    public void add(double[] values, int count, Totals totals) {
        for (int from = 0; from < count && totals.wantsSum(); from += BLOCK_SIZE) {
            int to = Math.min(count, from + BLOCK_SIZE);
            source(values, from).addSum(sum(values, from, to), to - from, totals);
        }
        if (totals.wantsExtremes()) {
            new FloatExtremes().add(source(values, 0), count, totals);
        }
    }

    @Override
    public void add(DoubleBuffer block, double[] piece, Totals totals) {
        double[] values = new double[block.capacity()];
        block.get(0, values);
        add(values, values.length, totals);
    }

    static FloatExtremes.Source source(double[] values, int from) {
        return (at, size, block) -> System.arraycopy(values, from + at, block, 0, size);
    }

    /** Eight sums side by side of numbers {@code from} to {@code to - 1}. */
    private static double sum(double[] values, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
            e += values[i + 4];
            f += values[i + 5];
            g += values[i + 6];
            h += values[i + 7];
        }
        for (; i < to; i++) {
            a += values[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    @Override
    public void add(float[] values, int count, Totals totals) {
        for (int from = 0; from < count && totals.wantsSum(); from += BLOCK_SIZE) {
            int to = Math.min(count, from + BLOCK_SIZE);
            source(values, from).addSum(sum(values, from, to), to - from, totals);
        }
        if (totals.wantsExtremes()) {
            new FloatExtremes().add(source(values, 0), count, totals);
        }
    }

    static FloatExtremes.Source source(float[] values, int from) {
        return (at, size, block) -> widen(values, from + at, size, block);
    }

    private static void widen(float[] values, int from, int count, double[] block) {
        for (int i = 0; i < count; i++) {
            block[i] = values[from + i];
        }
    }

    /** Eight sums side by side of numbers {@code from} to {@code to - 1}. */
    private static double sum(float[] values, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
            e += values[i + 4];
            f += values[i + 5];
            g += values[i + 6];
            h += values[i + 7];
        }
        for (; i < to; i++) {
            a += values[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    @Override
    public void widen(short[] halves, int count, float[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = HalfNumbers.toFloat(halves[i]);
        }
    }

    @Override
    public void add(long[] values, long flip, int count, Totals totals) {
        if (totals.wantsSum()) {
            long high = 0;
            long low = 0;
            for (int i = 0; i < count; i++) {
                long key = values[i] ^ flip;
                high += key >> 32;
                low += key & LOW_HALF;
            }
            totals.addSum(high - (flip >> 32) * count, low);
        }
        if (totals.wantsExtremes() && count > 0) {
            long least = Long.MAX_VALUE;
            long greatest = Long.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                long key = values[i] ^ flip;
                least = Math.min(least, key);
                greatest = Math.max(greatest, key);
            }
            totals.addExtremes(least, greatest);
        }
    }

    @Override
    public void add(int[] values, int flip, int count, Totals totals) {
        if (totals.wantsSum()) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sum += values[i] ^ flip;
            }
            totals.addSum(sum - (long) flip * count);
        }
        if (totals.wantsExtremes() && count > 0) {
            int least = Integer.MAX_VALUE;
            int greatest = Integer.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                int key = values[i] ^ flip;
                least = Math.min(least, key);
                greatest = Math.max(greatest, key);
            }
            totals.addExtremes(least - (long) flip, greatest - (long) flip);
        }
    }

    @Override
    public void add(short[] values, short flip, int count, Totals totals) {
        if (totals.wantsSum()) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sum += (short) (values[i] ^ flip);
            }
            totals.addSum(sum - (long) flip * count);
        }
        if (totals.wantsExtremes() && count > 0) {
            int least = Integer.MAX_VALUE;
            int greatest = Integer.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                int key = (short) (values[i] ^ flip);
                least = Math.min(least, key);
                greatest = Math.max(greatest, key);
            }
            totals.addExtremes(least - (long) flip, greatest - (long) flip);
        }
    }

    @Override
    public void add(byte[] values, byte flip, int count, Totals totals) {
        if (totals.wantsSum()) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sum += (byte) (values[i] ^ flip);
            }
            totals.addSum(sum - (long) flip * count);
        }
        if (totals.wantsExtremes() && count > 0) {
            int least = Integer.MAX_VALUE;
            int greatest = Integer.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                int key = (byte) (values[i] ^ flip);
                least = Math.min(least, key);
                greatest = Math.max(greatest, key);
            }
            totals.addExtremes(least - (long) flip, greatest - (long) flip);
        }
    }

    @Override
    public void mask(long[] bits, KeyInterval keys, byte[] mask, int count, IntervalMask room) {
        room.mask(bits, keys, mask, count);
    }

    @Override
    public void mask(int[] bits, KeyInterval keys, byte[] mask, int count, IntervalMask room) {
        room.mask(bits, keys, mask, count);
    }

    @Override
    public void mask(short[] bits, KeyInterval keys, byte[] mask, int count) {
        int flip = (int) keys.flip();
        int lo = (int) keys.lo();
        int hi = (int) keys.hi();
        int not = keys.outside() ? 0 : 1;
        for (int i = 0; i < count; i++) {
            int key = bits[i] ^ flip;
            // One of the differences is negative where the key is beyond.
            mask[i] = (byte) ((((key - lo) | (hi - key)) >>> 31) ^ not);
        }
    }

    @Override
    public void mask(byte[] bits, KeyInterval keys, byte[] mask, int count) {
        int flip = (int) keys.flip();
        int lo = (int) keys.lo();
        int hi = (int) keys.hi();
        int not = keys.outside() ? 0 : 1;
        for (int i = 0; i < count; i++) {
            int key = bits[i] ^ flip;
            // One of the differences is negative where the key is beyond.
            mask[i] = (byte) ((((key - lo) | (hi - key)) >>> 31) ^ not);
        }
    }

    @Override
    public void keep(double[] values, byte[] mask, int from, int count, double[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(values[from + i]) & -(long) mask[from + i]);
        }
    }

    @Override
    public void keep(long[] bits, byte[] mask, int from, int count, double[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = Double.longBitsToDouble(bits[from + i] & -(long) mask[from + i]);
        }
    }

    @Override
    public void keep(float[] values, byte[] mask, int from, int count, float[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[from + i]) & -mask[from + i]);
        }
    }

    @Override
    public void keep(int[] bits, byte[] mask, int from, int count, float[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = Float.intBitsToFloat(bits[from + i] & -mask[from + i]);
        }
    }

    @Override
    public void keep(long[] values, byte[] mask, int from, int count, long[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = values[from + i] & -(long) mask[from + i];
        }
    }

    @Override
    public void keep(int[] values, byte[] mask, int from, int count, int[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = values[from + i] & -mask[from + i];
        }
    }

    @Override
    public void keep(short[] values, byte[] mask, int from, int count, short[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = (short) (values[from + i] & -mask[from + i]);
        }
    }

    @Override
    public void keep(byte[] values, byte[] mask, int from, int count, byte[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = (byte) (values[from + i] & -mask[from + i]);
        }
    }
}
