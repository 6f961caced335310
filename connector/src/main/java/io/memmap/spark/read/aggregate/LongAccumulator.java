package io.memmap.spark.read.aggregate;

import io.memmap.compute.IntegerNumbers;
import io.memmap.compute.Numbers;
import io.memmap.spark.read.aggregate.Aggregate.Function;
import io.memmap.spark.read.formula.Block;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Accumulates integers. Sums are exact: the overflow of 64 bits is carried. */
final class LongAccumulator extends Accumulator {
    private final long[] values = new long[Block.MAX_ROWS];
    private long[] sums = {};
    /** The overflow of each sum, in units of 2^64. */
    private long[] carries = {};

    private long[] least = {};
    private long[] greatest = {};

    LongAccumulator(boolean wantsSum, boolean wantsExtremes) {
        super(wantsSum, wantsExtremes);
    }

    @Override
    int groupNbytes() {
        return (wantsSum ? 16 : 0) + (wantsExtremes ? 16 : 0);
    }

    @Override
    void grow(int groups) {
        if (wantsSum) {
            sums = Arrays.copyOf(sums, groups);
            carries = Arrays.copyOf(carries, groups);
        }
        if (wantsExtremes) {
            least = Arrays.copyOf(least, groups);
            greatest = Arrays.copyOf(greatest, groups);
        }
    }

    @Override
    void clear(int from, int to) {
        if (wantsSum) {
            Arrays.fill(sums, from, to, 0);
            Arrays.fill(carries, from, to, 0);
        }
        if (wantsExtremes) {
            Arrays.fill(least, from, to, Long.MAX_VALUE);
            Arrays.fill(greatest, from, to, Long.MIN_VALUE);
        }
    }

    @Override
    void add(Numbers numbers, int from, int count, int[] groups) {
        ((IntegerNumbers) numbers).copy(from, count, values);
        if (wantsSum) {
            addSums(count, groups);
        }
        if (wantsExtremes) {
            for (int i = 0; i < count; i++) {
                int group = groups[i];
                least[group] = Math.min(least[group], values[i]);
                greatest[group] = Math.max(greatest[group], values[i]);
            }
        }
    }

    private void addSums(int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            long value = values[i];
            long before = sums[group];
            long sum = before + value;
            if (((before ^ sum) & (value ^ sum)) < 0) {
                carries[group] += value < 0 ? -1 : 1;
            }
            sums[group] = sum;
        }
    }

    @Override
    ColumnVector vector(Function function, DataType type, int groups) {
        return switch (function) {
            case SUM -> {
                for (int group = 0; group < groups; group++) {
                    if (carries[group] != 0) {
                        throw Aggregate.leaves(
                                BigInteger.valueOf(carries[group])
                                        .shiftLeft(Long.SIZE)
                                        .add(BigInteger.valueOf(sums[group])),
                                type);
                    }
                }
                yield integers(type, sums, groups);
            }
            case MIN -> integers(type, least, groups);
            case MAX -> integers(type, greatest, groups);
            default -> throw new IllegalArgumentException("Cannot count with an accumulator");
        };
    }
}
