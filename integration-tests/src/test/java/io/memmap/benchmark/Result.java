package io.memmap.benchmark;

import java.util.List;
import java.util.Locale;

/** How long one contender took over one workload. */
record Result(
        String workload,
        String title,
        double megabytes,
        String contender,
        String contenderTitle,
        double median,
        double least,
        int rounds) {

    static Result of(Workload workload, Contender contender, List<Double> seconds) {
        List<Double> sorted = seconds.stream().sorted().toList();
        return new Result(
                workload.name(),
                workload.title(),
                workload.megabytesRead(),
                contender.name(),
                contender.title(),
                PairedRatio.median(
                        seconds.stream().mapToDouble(Double::doubleValue).toArray()),
                sorted.get(0),
                sorted.size());
    }

    /** Whether both are of one workload over arrays of one size, and so of one run. */
    boolean sameRow(Result other) {
        return workload.equals(other.workload) && megabytesText().equals(other.megabytesText());
    }

    String megabytesText() {
        return megabytes >= 10 ? Long.toString(Math.round(megabytes)) : format("%.2f", megabytes);
    }

    String medianText() {
        return format(median < 0.0095 ? "%.5f" : "%.3f", median);
    }

    String tsv() {
        return String.join(
                "\t",
                workload,
                title,
                Double.toString(megabytes),
                contender,
                contenderTitle,
                Double.toString(median),
                Double.toString(least),
                Integer.toString(rounds));
    }

    static Result parse(String tsv) {
        String[] fields = tsv.split("\t", -1);
        return new Result(
                fields[0],
                fields[1],
                Double.parseDouble(fields[2]),
                fields[3],
                fields[4],
                Double.parseDouble(fields[5]),
                Double.parseDouble(fields[6]),
                Integer.parseInt(fields[7]));
    }

    static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
