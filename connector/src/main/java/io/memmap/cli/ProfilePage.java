package io.memmap.cli;

import io.memmap.cli.Profile.Column;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The page of a {@link Profile}: one file of HTML that is XML too, with pictures as SVG and all numbers as JSON in the end. */
record ProfilePage(LocalTable table, List<Column> columns, Optional<HeatMap> heatMap) {
    private static final int WIDTH = 500;
    private static final int HEIGHT = 120;
    private static final int HEAT_MAP = 512;

    void print(PrintWriter out) {
        String title = escaped(String.valueOf(table.path().getFileName()));
        out.printf(
                Locale.ROOT,
                """
                <!DOCTYPE html>
                <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
                <head>
                <meta charset="utf-8"/>
                <title>%s</title>
                <style>
                body { font-family: sans-serif; margin: 2em; color: #222; }
                table { border-collapse: collapse; }
                th, td { padding: 0.2em 1em; text-align: right; white-space: nowrap; border-bottom: 1px solid #ddd; }
                .bar { fill: #3366aa; }
                figure { display: inline-block; margin: 1em 2em 1em 0; }
                </style>
                </head>
                <body>
                <h1>%s</h1>
                <pre>%s</pre>
                """,
                title,
                title,
                escaped(description()));
        printTable(out);
        columns.forEach(column -> printHistogram(out, column));
        heatMap.ifPresent(map -> printHeatMap(out, map.means()));
        out.println("<script type=\"application/json\" id=\"profile\">" + json() + "</script>");
        out.println("</body>\n</html>");
    }

    private String description() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Describe.print(table, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void printTable(PrintWriter out) {
        out.println("<table>\n<tr><th>column</th><th>count</th><th>NaN</th><th>infinite</th><th>zero</th><th>min</th>"
                + "<th>max</th><th>mean</th></tr>");
        for (Column column : columns) {
            ColumnStatistics s = column.statistics();
            out.printf(
                    Locale.ROOT,
                    "<tr><th>%s</th><td>%d</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>%n",
                    escaped(s.name()),
                    s.count(),
                    share(s.nans(), s.count()),
                    share(s.infinities(), s.count()),
                    share(s.zeros(), s.count()),
                    s.min(),
                    s.max(),
                    s.mean());
        }
        out.println("</table>");
    }

    private static String share(long part, long count) {
        return part == 0 ? "0 %" : String.format(Locale.ROOT, "%.4g %%", 100.0 * part / count);
    }

    private static void printHistogram(PrintWriter out, Column column) {
        long[] bins = column.histogram().bins();
        long most = LongStream.of(bins).max().orElse(0);
        if (most == 0) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "<figure>%n<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" xmlns=\"http://www.w3.org/2000/svg\">%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT);
        double width = (double) WIDTH / bins.length;
        for (int i = 0; i < bins.length; i++) {
            double height = (double) HEIGHT * bins[i] / most;
            out.printf(
                    Locale.ROOT,
                    "<rect class=\"bar\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"><title>from %s: %d</title></rect>%n",
                    i * width,
                    HEIGHT - height,
                    Math.max(1, width - 1),
                    height,
                    column.histogram().start(i),
                    bins[i]);
        }
        out.printf(
                Locale.ROOT,
                "</svg>%n<figcaption>%s, %s to %s, up to %d in a bin</figcaption>%n</figure>%n",
                escaped(column.statistics().name()),
                column.statistics().finiteMin(),
                column.statistics().finiteMax(),
                most);
    }

    private static void printHeatMap(PrintWriter out, double[][] means) {
        double min = finite(means).min().orElse(0);
        double max = finite(means).max().orElse(0);
        double width = (double) HEAT_MAP / means[0].length;
        double height = (double) HEAT_MAP / means.length;
        out.printf(
                Locale.ROOT,
                "<figure>%n<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\""
                        + " xmlns=\"http://www.w3.org/2000/svg\">%n",
                HEAT_MAP,
                HEAT_MAP,
                HEAT_MAP,
                HEAT_MAP);
        for (int i = 0; i < means.length; i++) {
            for (int j = 0; j < means[i].length; j++) {
                out.printf(
                        Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"><title>%s</title></rect>%n",
                        j * width,
                        i * height,
                        width,
                        height,
                        colour(means[i][j], min, max),
                        means[i][j]);
            }
        }
        out.printf(
                Locale.ROOT,
                "</svg>%n<figcaption>means of rows (down) and columns (right), %s (light) to %s (dark)</figcaption>%n</figure>%n",
                min,
                max);
    }

    private static DoubleStream finite(double[][] means) {
        return Stream.of(means).flatMapToDouble(DoubleStream::of).filter(Double::isFinite);
    }

    /** From light to dark blue; grey where there is no number. */
    private static String colour(double mean, double min, double max) {
        if (!Double.isFinite(mean)) {
            return "#bbbbbb";
        }
        double share = max > min ? (mean / 2 - min / 2) / (max / 2 - min / 2) : 0.5;
        return String.format(
                Locale.ROOT,
                "#%02x%02x%02x",
                Math.round(240 - 230 * share),
                Math.round(245 - 200 * share),
                Math.round(255 - 135 * share));
    }

    private String json() {
        StringBuilder json = new StringBuilder("{\"columns\": [");
        String separator = "";
        for (Column column : columns) {
            ColumnStatistics s = column.statistics();
            json.append(separator)
                    .append(String.format(
                            Locale.ROOT,
                            "{\"name\": %s, \"count\": %d, \"nan\": %d, \"infinite\": %d, \"zero\": %d, \"min\": %s,"
                                    + " \"max\": %s, \"mean\": %s, \"bins\": %s, \"starts\": %s}",
                            quoted(s.name()),
                            s.count(),
                            s.nans(),
                            s.infinities(),
                            s.zeros(),
                            number(s.min()),
                            number(s.max()),
                            number(s.mean()),
                            Arrays.toString(column.histogram().bins()),
                            starts(column.histogram())));
            separator = ", ";
        }
        json.append("], \"heatMap\": ")
                .append(heatMap.map(map -> rows(map.means())).orElse("null"));
        return json.append("}").toString();
    }

    /** JSON has neither NaN nor infinite numbers. */
    private static String number(Object number) {
        boolean finite = number instanceof Long || (number instanceof Double x && Double.isFinite(x));
        return finite ? number.toString() : "null";
    }

    /** The least number of each bin. */
    private static String starts(Histogram histogram) {
        return IntStream.range(0, histogram.bins().length)
                .mapToObj(histogram::start)
                .toList()
                .toString();
    }

    private static String rows(double[][] means) {
        return Stream.of(means)
                .map(row -> DoubleStream.of(row)
                        .mapToObj(ProfilePage::number)
                        .toList()
                        .toString())
                .toList()
                .toString();
    }

    /** A string of JSON without any character that HTML, XML or JSON gives a meaning to. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars()
                .forEach(c -> quoted.append(
                        Character.isLetterOrDigit(c) && c < 128
                                ? String.valueOf((char) c)
                                : String.format(Locale.ROOT, "\\u%04x", c)));
        return quoted.append('"').toString();
    }

    /** Text of HTML; characters that XML excludes become replacement characters. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isText(c) ? c : 0xfffd);
            }
        });
        return escaped.toString();
    }

    private static boolean isText(int c) {
        boolean control = c < ' ' && c != '\n' && c != '\t';
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !control && !surrogate && c != 0xfffe && c != 0xffff;
    }
}
