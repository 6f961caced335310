package io.memmap.spark.read.aggregate;

import io.memmap.compute.Numbers;
import io.memmap.spark.read.aggregate.Aggregate.Function;
import io.memmap.spark.read.formula.Block;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Accumulates floats. Plain sums in the order of the rows, as Spark's; NaN is greater than all others. */
final class DoubleAccumulator extends Accumulator {
    private final double[] values = new double[Block.MAX_ROWS];
    private double[] sums = {};
    private double[] least = {};
    private double[] greatest = {};

    DoubleAccumulator(boolean wantsSum, boolean wantsExtremes) {
        super(wantsSum, wantsExtremes);
    }

    @Override
    int groupNbytes() {
        return (wantsSum ? 8 : 0) + (wantsExtremes ? 16 : 0);
    }

    @Override
    void grow(int groups) {
        if (wantsSum) {
            sums = Arrays.copyOf(sums, groups);
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
        }
        if (wantsExtremes) {
            Arrays.fill(least, from, to, Double.NaN);
            Arrays.fill(greatest, from, to, Double.NEGATIVE_INFINITY);
        }
    }

    @Override
    void add(Numbers numbers, int from, int count, int[] groups) {
        numbers.copy(from, count, values);
        if (wantsSum) {
            for (int i = 0; i < count; i++) {
                sums[groups[i]] += values[i];
            }
        }
        if (wantsExtremes) {
            addExtremes(count, groups);
        }
    }

    private void addExtremes(int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            double value = values[i];
            if (value < least[group] || Double.isNaN(least[group])) {
                least[group] = value;
            }
            if (value > greatest[group] || Double.isNaN(value)) {
                greatest[group] = value;
            }
        }
    }

    @Override
    ColumnVector vector(Function function, DataType type, int groups) {
        return switch (function) {
            case SUM -> floats(type, sums, groups);
            case MIN -> floats(type, least, groups);
            case MAX -> floats(type, greatest, groups);
            default -> throw new IllegalArgumentException("Cannot count with an accumulator");
        };
    }
}
