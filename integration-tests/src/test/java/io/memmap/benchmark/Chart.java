package io.memmap.benchmark;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Draws results as SVG: a panel per workload and size, in it a bar per contender. The colours are those of the reader's
 * light or dark scheme, on a background of its own.
 */
final class Chart {
    private static final int PANELS_ACROSS = 3;
    private static final int PANEL_WIDTH = 350;
    private static final int MARGIN = 20;
    private static final int HEAD = 56;
    private static final int LINE = 15;
    private static final int LABEL_WIDTH = 158;
    private static final int BAR_WIDTH = 96;
    /** A bar that is longer than so many of ours is cut. */
    private static final double LONGEST = 10;

    private static final String STYLE =
            """
            <style>
            text { font: 10.5px system-ui, "DejaVu Sans", Arial, sans-serif; fill: #1f2328; }
            .title { font-size: 15px; font-weight: 600; }
            .panel { font-size: 11.5px; font-weight: 600; }
            .note { fill: #59636e; }
            .back { fill: #ffffff; }
            .bar { fill: #afb8c1; }
            .ours { fill: #0969da; }
            .limit { fill: #4b9e6b; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3; }
              .note { fill: #9da7b3; }
              .back { fill: #0d1117; }
              .bar { fill: #59636e; }
              .ours { fill: #4493f8; }
              .limit { fill: #3fb950; }
            }
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();

    private Chart() {}

    static String svg(Results results, String machine) {
        Map<String, String> contenders = results.columns(Arguments.CONTENDERS);
        List<List<Result>> rows = results.rows();
        int panelHeight = 38 + LINE * contenders.size();
        int height = HEAD + (rows.size() + PANELS_ACROSS - 1) / PANELS_ACROSS * panelHeight + MARGIN;
        int width = 2 * MARGIN + PANELS_ACROSS * PANEL_WIDTH;
        Chart chart = new Chart();
        chart.svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n"
                .formatted(width, height, width, height));
        chart.svg.append(STYLE);
        chart.svg.append("<rect class=\"back\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n");
        chart.text("title", MARGIN, 26, "Seconds per query: shorter is better");
        chart.text(
                "note",
                MARGIN,
                43,
                "median, and how many times memmap's; page cache warm; a bar is cut at " + (int) LONGEST
                        + " times memmap's");
        chart.text("note", MARGIN, height - 12, machine);
        for (int i = 0; i < rows.size(); i++) {
            int x = MARGIN + i % PANELS_ACROSS * PANEL_WIDTH;
            int y = HEAD + i / PANELS_ACROSS * panelHeight;
            chart.panel(x, y, rows.get(i), contenders);
        }
        return chart.svg.append("</svg>\n").toString();
    }

    private void panel(int x, int y, List<Result> row, Map<String, String> contenders) {
        double ours = Results.of(row, "memmap").orElse(row.get(0)).median();
        double longest = row.stream()
                .mapToDouble(result -> Math.min(result.median(), LONGEST * ours))
                .max()
                .orElseThrow();
        Result any = row.get(0);
        text("panel", x, y + 18, any.title() + (any.megabytes() > 0 ? ", " + any.megabytesText() + " MB" : ""));
        int line = y + 24;
        for (Map.Entry<String, String> contender : contenders.entrySet()) {
            Optional<Result> result = Results.of(row, contender.getKey());
            if (result.isPresent()) {
                bar(x, line, row, result.get(), longest);
                line += LINE;
            }
        }
    }

    private void bar(int x, int y, List<Result> row, Result result, double longest) {
        String colour =
                switch (result.contender()) {
                    case "memmap" -> "ours";
                    case "java", "blocks", "straight" -> "limit";
                    default -> "bar";
                };
        double length = Math.max(1, BAR_WIDTH * Math.min(result.median(), longest) / longest);
        text(
                "label",
                x,
                y + 11,
                result.contenderTitle()
                        .replace(" on Parquet", "")
                        .replace("uncompressed", "plain")
                        .replace("bare vector loop", "bare vectors"));
        svg.append("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\"/>\n"
                .formatted(colour, x + LABEL_WIDTH, y + 2, Result.format("%.1f", length), LINE - 4));
        String cut = result.median() > longest ? "… " : "";
        String ratio = Results.ratio(row, result)
                .map(r -> " · " + Results.ratioText(r) + "×")
                .orElse("");
        int end = x + LABEL_WIDTH + (int) length + 5;
        text("value", end, y + 11, cut + result.medianText() + ratio);
    }

    private void text(String style, int x, int y, String text) {
        svg.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n"
                .formatted(style, x, y, text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
