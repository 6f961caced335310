package io.memmap.compute;

import java.util.Arrays;

/**
 * The least and the greatest of floats, as many side by side as make the JIT use vectors: it does so for loops that change
 * one array, count one index from zero to a constant, and compare by {@link Math#min(double, double)}.
 */
final class FloatExtremes {
    private static final int LANES = 128;

    private final double[] block = new double[LANES];
    private final double[] least = new double[LANES];
    private final double[] greatest = new double[LANES];

    /** Gives the floats, one by one. */
    @FunctionalInterface
    interface Source {
        /** Copies {@code count} of them, from number {@code from} on, to the start of {@code block}. */
        void copy(int from, int count, double[] block);

        /** Adds their sum; sums side by side may leave the finite numbers where one after the other does not. */
        default void addSum(double sum, int count, Totals totals) {
            if (Double.isFinite(sum)) {
                totals.addSum(sum);
                return;
            }
            double[] numbers = new double[count];
            copy(0, count, numbers);
            double inOrder = 0;
            for (double number : numbers) {
                inOrder += number;
            }
            totals.addSum(inOrder);
        }
    }

    void add(Source source, int count, Totals totals) {
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
        for (int from = 0; from < count; from += LANES) {
            int size = Math.min(LANES, count - from);
            source.copy(from, size, block);
            Arrays.fill(block, size, LANES, block[0]);
            keepLeast();
            keepGreatest();
        }
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < LANES; i++) {
            min = Math.min(min, least[i]);
            max = Math.max(max, greatest[i]);
        }
        if (Double.isNaN(max)) {
            addOneByOne(source, count, totals);
        } else {
            totals.addExtremes(min, max, 0);
        }
    }

    private void keepLeast() {
        for (int i = 0; i < LANES; i++) {
            least[i] = Math.min(least[i], block[i]);
        }
    }

    private void keepGreatest() {
        for (int i = 0; i < LANES; i++) {
            greatest[i] = Math.max(greatest[i], block[i]);
        }
    }

    /** A NaN hides all others from {@link Math#min(double, double)}. */
    static void addOneByOne(Source source, int count, Totals totals) {
        double[] block = new double[LANES];
        for (int from = 0; from < count; from += LANES) {
            int size = Math.min(LANES, count - from);
            source.copy(from, size, block);
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            int nans = 0;
            for (int i = 0; i < size; i++) {
                boolean nan = Double.isNaN(block[i]);
                min = nan ? min : Math.min(min, block[i]);
                max = nan ? max : Math.max(max, block[i]);
                nans += nan ? 1 : 0;
            }
            totals.addExtremes(min, max, nans);
        }
    }
}
