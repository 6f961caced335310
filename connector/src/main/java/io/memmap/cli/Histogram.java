package io.memmap.cli;

/** Counts of the finite numbers of one column, in bins of equal width between its least and its greatest one. */
final class Histogram {
    private static final int MOST_BINS = 50;

    private final double min;
    private final double halfWidth;
    private final boolean integers;
    private final long[] bins;

    Histogram(ColumnStatistics column, boolean integers) {
        this.min = column.finiteMin();
        this.integers = integers;
        double span = column.finiteMax() - min + (integers ? 1 : 0);
        int numBins = span < 0 ? 0 : span == 0 ? 1 : integers ? (int) Math.min(span, MOST_BINS) : MOST_BINS;
        this.bins = new long[numBins];
        // Halves, as the distance of two doubles may be none.
        this.halfWidth = (column.finiteMax() / 2 - min / 2 + (integers ? 0.5 : 0)) / Math.max(1, numBins);
    }

    /** Adds the numbers of a block of a {@link NumberArray} that belong to column {@code from} of {@code step} columns. */
    void add(Object numbers, int from, int step) {
        NumberColumns.forEach(numbers, from, step, this::add);
    }

    private void add(double x) {
        if (Double.isFinite(x)) {
            bins[(int) Math.min((x / 2 - min / 2) / halfWidth, bins.length - 1)]++;
        }
    }

    long[] bins() {
        return bins;
    }

    /** The least number of a bin. */
    double start(int bin) {
        double start = 2 * (min / 2 + bin * halfWidth);
        return integers ? Math.ceil(start) : start;
    }
}
