package io.memmap.cli;

import io.memmap.compute.CompensatedSum;

/** Count, NaN, zeros, extremes and mean of one column of numbers, which are added a block at a time. */
final class ColumnStatistics {
    private final String name;
    private long count;
    private long nans;
    private long infinities;
    private long zeros;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double finiteMin = Double.POSITIVE_INFINITY;
    private double finiteMax = Double.NEGATIVE_INFINITY;
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;
    private final CompensatedSum sum = new CompensatedSum();

    ColumnStatistics(String name) {
        this.name = name;
    }

    /** Adds the numbers of a block of a {@link NumberArray} that belong to column {@code from} of {@code step} columns. */
    void add(Object numbers, int from, int step) {
        if (numbers instanceof long[] longs) {
            add(longs, from, step);
        } else {
            add((double[]) numbers, from, step);
        }
    }

    private void add(double[] numbers, int from, int step) {
        for (int i = from; i < numbers.length; i += step) {
            double x = numbers[i];
            if (Double.isNaN(x)) {
                nans++;
                continue;
            }
            min = Math.min(min, x);
            max = Math.max(max, x);
            if (Double.isInfinite(x)) {
                infinities++;
            } else {
                finiteMin = Math.min(finiteMin, x);
                finiteMax = Math.max(finiteMax, x);
            }
            zeros += x == 0 ? 1 : 0;
            sum.add(x);
        }
        count += (numbers.length - from + step - 1) / step;
    }

    private void add(long[] numbers, int from, int step) {
        for (int i = from; i < numbers.length; i += step) {
            least = Math.min(least, numbers[i]);
            greatest = Math.max(greatest, numbers[i]);
            zeros += numbers[i] == 0 ? 1 : 0;
            sum.add((double) numbers[i]);
        }
        count += (numbers.length - from + step - 1) / step;
        if (least <= greatest) {
            finiteMin = least;
            finiteMax = greatest;
        }
    }

    String name() {
        return name;
    }

    long count() {
        return count;
    }

    long nans() {
        return nans;
    }

    long infinities() {
        return infinities;
    }

    long zeros() {
        return zeros;
    }

    /** The least finite number; greater than {@link #finiteMax} if there is none. */
    double finiteMin() {
        return finiteMin;
    }

    double finiteMax() {
        return finiteMax;
    }

    /** The least number, as a {@code Long} or a {@code Double}; {@code -} if there is none. */
    Object min() {
        return count == nans ? "-" : least <= greatest ? (Object) least : (Object) min;
    }

    Object max() {
        return count == nans ? "-" : least <= greatest ? (Object) greatest : (Object) max;
    }

    Object mean() {
        return count == nans ? "-" : (Object) (sum.total() / (count - nans));
    }
}
