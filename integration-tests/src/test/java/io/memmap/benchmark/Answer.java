package io.memmap.benchmark;

import java.util.Arrays;
import java.util.concurrent.Callable;

/** The numbers that a query came to, in the order of its rows, and how long it took. */
record Answer(double seconds, double[] values) {

    static Answer timed(Callable<double[]> query) throws Exception {
        long start = System.nanoTime();
        double[] values = query.call();
        return new Answer((System.nanoTime() - start) / 1e9, values);
    }

    /**
     * Compares two answers.
     *
     * @throws IllegalStateException if one number differs by more than this part of itself
     */
    void check(Answer expected, double tolerance, String who) {
        boolean same = values.length == expected.values.length;
        for (int i = 0; same && i < values.length; i++) {
            double difference = Math.abs(values[i] - expected.values[i]);
            same = difference <= tolerance * Math.abs(expected.values[i]);
        }
        if (!same) {
            throw new IllegalStateException(
                    "Cannot compare " + who + ": it answers " + text() + ", expected " + expected.text());
        }
    }

    private String text() {
        int shown = Math.min(values.length, 10);
        return Arrays.toString(Arrays.copyOf(values, shown)) + (shown < values.length ? " and more" : "");
    }
}
