package io.memmap.compute;

import java.math.BigInteger;

/**
 * Count, sum, minimum and maximum of the numbers of one column so far. Sums of integers are exact, those of floats keep
 * the rounding error of each block's addition. Belongs to one task thread.
 */
public final class Totals {
    private final boolean wantsSum;
    private final boolean wantsExtremes;

    private long count;
    private final ExactSum integers = new ExactSum();
    private final CompensatedSum floats = new CompensatedSum();
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;
    private double leastFloat = Double.POSITIVE_INFINITY;
    private double greatestFloat = Double.NEGATIVE_INFINITY;
    private long nans;

    public Totals(boolean wantsSum, boolean wantsExtremes) {
        this.wantsSum = wantsSum;
        this.wantsExtremes = wantsExtremes;
    }

    boolean wantsSum() {
        return wantsSum;
    }

    boolean wantsExtremes() {
        return wantsExtremes;
    }

    /** Returns false if numbers are counted only. */
    boolean wantsNumbers() {
        return wantsSum || wantsExtremes;
    }

    /** Counts numbers that are not looked at. */
    public void addCount(long numbers) {
        count += numbers;
    }

    void addSum(long sum) {
        integers.add(sum);
    }

    void addSum(long highHalves, long lowHalves) {
        integers.addHalves(highHalves, lowHalves);
    }

    void addSum(double sum) {
        floats.add(sum);
    }

    void addExtremes(long min, long max) {
        least = Math.min(least, min);
        greatest = Math.max(greatest, max);
    }

    /** Returns true if both of these were seen, so that no integer between them changes the extremes. */
    boolean reaches(long min, long max) {
        return least <= min && greatest >= max;
    }

    /** @param blockNans how many of a block were NaN; the extremes are those of the others */
    void addExtremes(double min, double max, long blockNans) {
        leastFloat = Math.min(leastFloat, min);
        greatestFloat = Math.max(greatestFloat, max);
        nans += blockNans;
    }

    /** Adds those of other numbers of the column. */
    public void add(Totals other) {
        count += other.count;
        integers.add(other.integers);
        floats.add(other.floats);
        addExtremes(other.least, other.greatest);
        addExtremes(other.leastFloat, other.greatestFloat, other.nans);
    }

    public long count() {
        return count;
    }

    /** The exact sum of integers. */
    public BigInteger integerSum() {
        return integers.total();
    }

    public double floatSum() {
        return floats.total();
    }

    /** The least integer; of unsigned 64 bits with the top bit turned over. */
    public long least() {
        return least;
    }

    public long greatest() {
        return greatest;
    }

    /** The least float; NaN, which is greater than all others to Spark, only where there is nothing else. */
    public double leastFloat() {
        return nans == count ? Double.NaN : leastFloat;
    }

    public double greatestFloat() {
        return nans > 0 ? Double.NaN : greatestFloat;
    }
}
