package io.memmap.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The results of one or several runs: a row per workload and size, a column per contender. */
public final class Results {
    /** What the others are compared with. */
    private static final String OURS = "memmap";

    private final List<Result> results;

    Results(List<Result> results) {
        this.results = List.copyOf(results);
    }

    /** These, and those of an earlier run whose workloads and sizes are not among them. */
    Results withEarlier(Path tsv, List<String> order) throws IOException {
        List<Result> all = new ArrayList<>(results);
        if (Files.exists(tsv)) {
            for (String line : Files.readAllLines(tsv)) {
                Result earlier = Result.parse(line);
                if (results.stream().noneMatch(earlier::sameRow)) {
                    all.add(earlier);
                }
            }
        }
        all.sort(Comparator.comparingInt((Result result) -> order.indexOf(result.workload()))
                .thenComparingDouble(Result::megabytes));
        return new Results(all);
    }

    List<String> tsv() {
        return results.stream().map(Result::tsv).toList();
    }

    /** The rows, each the results of one workload and size. */
    List<List<Result>> rows() {
        Map<String, List<Result>> rows = new LinkedHashMap<>();
        for (Result result : results) {
            String row = result.workload() + " " + result.megabytesText();
            rows.computeIfAbsent(row, key -> new ArrayList<>()).add(result);
        }
        return List.copyOf(rows.values());
    }

    /** The contenders' titles by their names, in the order of the columns. */
    Map<String, String> columns(List<String> order) {
        Map<String, String> titles = new LinkedHashMap<>();
        results.stream()
                .sorted(Comparator.comparingInt((Result result) -> order.contains(result.contender()) ? 0 : 1)
                        .thenComparingInt(result -> order.indexOf(result.contender())))
                .forEach(result -> titles.put(result.contender(), result.contenderTitle()));
        return titles;
    }

    static Optional<Result> of(List<Result> row, String contender) {
        return row.stream()
                .filter(result -> result.contender().equals(contender))
                .findFirst();
    }

    /** How many times as long as this source somebody took. */
    static Optional<Double> ratio(List<Result> row, Result result) {
        return result.contender().equals(OURS)
                ? Optional.empty()
                : of(row, OURS).map(ours -> result.median() / ours.median());
    }

    /** A Markdown table, padded so that it reads well as it is. */
    public String markdown() {
        Map<String, String> columns = columns(Arguments.CONTENDERS);
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("workload", "MB read"));
        head.addAll(columns.values());
        cells.add(head);
        for (List<Result> row : rows()) {
            List<String> line =
                    new ArrayList<>(List.of(row.get(0).title(), row.get(0).megabytesText()));
            for (String contender : columns.keySet()) {
                line.add(of(row, contender).map(result -> cell(row, result)).orElse("–"));
            }
            cells.add(line);
        }
        return pad(cells);
    }

    private static String cell(List<Result> row, Result result) {
        return result.medianText()
                + ratio(row, result)
                        .map(Results::ratioText)
                        .map(r -> " (" + r + ")")
                        .orElse("");
    }

    static String ratioText(double ratio) {
        return Result.format(ratio < 0.0095 ? "%.3f" : ratio < 0.095 ? "%.2f" : ratio < 9.95 ? "%.1f" : "%.0f", ratio);
    }

    private static String pad(List<List<String>> cells) {
        int[] widths = new int[cells.get(0).size()];
        for (List<String> line : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < cells.size(); row++) {
            for (int i = 0; i < widths.length; i++) {
                String cell = cells.get(row).get(i);
                String space = " ".repeat(widths[i] - cell.length());
                text.append("| ").append(i == 0 ? cell + space : space + cell).append(' ');
            }
            text.append("|\n");
            if (row == 0) {
                for (int i = 0; i < widths.length; i++) {
                    text.append(i == 0 ? "|" + "-".repeat(widths[i] + 2) : "|" + "-".repeat(widths[i] + 1) + ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
