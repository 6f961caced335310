package io.memmap.spark.read.aggregate;

import io.memmap.compute.Numbers;
import io.memmap.spark.read.aggregate.Aggregate.Function;
import io.memmap.spark.read.vector.PrimitiveVector;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;

/** The totals of one column, none of whose numbers is null, in each group. Belongs to one task thread. */
abstract sealed class Accumulator permits LongAccumulator, DoubleAccumulator {
    final boolean wantsSum;
    final boolean wantsExtremes;
    private int capacity;

    Accumulator(boolean wantsSum, boolean wantsExtremes) {
        this.wantsSum = wantsSum;
        this.wantsExtremes = wantsExtremes;
    }

    /** Heap that a group takes. */
    abstract int groupNbytes();

    /** Makes room for this many groups in all, more than there was. */
    final void reserve(int groups) {
        int from = capacity;
        capacity = groups;
        grow(groups);
        clear(from, groups);
    }

    /** Makes the arrays this long. */
    abstract void grow(int groups);

    /** Adds {@code count} numbers, from number {@code from} on, each to its group. */
    abstract void add(Numbers numbers, int from, int count, int[] groups);

    /**
     * The result of each group.
     *
     * @throws ArithmeticException when a sum leaves its type; the message has no subject
     */
    abstract ColumnVector vector(Function function, DataType type, int groups);

    /** Forgets the groups from {@code from} to {@code to - 1}. */
    abstract void clear(int from, int to);

    static ColumnVector vector(DataType type, Object values) {
        PrimitiveVector vector = PrimitiveVector.of(type);
        vector.reset(values);
        return vector;
    }

    /** A column of this type of integers, each of which it can hold. */
    static ColumnVector integers(DataType type, long[] values, int count) {
        if (type.equals(DataTypes.ByteType)) {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++) {
                bytes[i] = (byte) values[i];
            }
            return vector(type, bytes);
        } else if (type.equals(DataTypes.ShortType)) {
            short[] shorts = new short[count];
            for (int i = 0; i < count; i++) {
                shorts[i] = (short) values[i];
            }
            return vector(type, shorts);
        } else if (type.equals(DataTypes.IntegerType)) {
            int[] ints = new int[count];
            for (int i = 0; i < count; i++) {
                ints[i] = (int) values[i];
            }
            return vector(type, ints);
        }
        return vector(type, Arrays.copyOf(values, count));
    }

    /** A column of this type of floats, each of which it can hold. */
    static ColumnVector floats(DataType type, double[] values, int count) {
        if (type.equals(DataTypes.FloatType)) {
            float[] floats = new float[count];
            for (int i = 0; i < count; i++) {
                floats[i] = (float) values[i];
            }
            return vector(type, floats);
        }
        return vector(type, Arrays.copyOf(values, count));
    }
}
