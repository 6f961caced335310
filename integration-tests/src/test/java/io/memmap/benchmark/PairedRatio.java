package io.memmap.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How many times as long as the base another contender took: the median over the rounds that both ran, and the interval
 * within which 95 % of the medians lie if pairs are drawn again from these.
 */
public record PairedRatio(String title, String base, double median, double low, double high, int pairs) {
    private static final int DRAWS = 2000;
    private static final double TAIL = 0.025;

    /** Compares the times of two contenders, round by round. */
    public static PairedRatio of(String title, List<Double> seconds, String base, List<Double> baseSeconds) {
        int pairs = Math.min(seconds.size(), baseSeconds.size());
        double[] ratios = IntStream.range(0, pairs)
                .mapToDouble(i -> seconds.get(i) / baseSeconds.get(i))
                .toArray();
        Random random = new Random(pairs);
        double[] medians = IntStream.range(0, DRAWS)
                .mapToDouble(draw -> median(IntStream.range(0, pairs)
                        .mapToDouble(i -> ratios[random.nextInt(pairs)])
                        .toArray()))
                .sorted()
                .toArray();
        int tail = (int) (DRAWS * TAIL);
        return new PairedRatio(title, base, median(ratios), medians[tail], medians[DRAWS - 1 - tail], pairs);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    @Override
    public String toString() {
        return title + " / " + base + Result.format(": %.2f", median) + Result.format(" [%.2f–", low)
                + Result.format("%.2f]", high) + " of " + pairs + " pairs";
    }
}
