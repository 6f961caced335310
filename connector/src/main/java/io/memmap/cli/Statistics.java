package io.memmap.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;

/** {@code stats}: count, NaN, min, max and mean of each column of numbers. Reads the array once, a block at a time. */
final class Statistics {
    private Statistics() {}

    /** @param progress is told the bytes that are done */
    static void print(LocalTable table, PrintStream out, LongConsumer progress) throws IOException {
        Map<NumberColumns, LocalArray> all = NumberColumns.of(table);
        line(out, "column", "count", "nan", "min", "max", "mean");
        for (Map.Entry<NumberColumns, LocalArray> columns : all.entrySet()) {
            for (ColumnStatistics column : of(columns.getValue(), columns.getKey(), progress)) {
                line(out, column.name(), column.count(), column.nans(), column.min(), column.max(), column.mean());
            }
        }
    }

    static List<ColumnStatistics> of(LocalArray array, NumberColumns columns, LongConsumer progress)
            throws IOException {
        List<ColumnStatistics> statistics =
                columns.names().stream().map(ColumnStatistics::new).toList();
        columns.read(array, progress, numbers -> {
            for (int i = 0; i < statistics.size(); i++) {
                statistics.get(i).add(numbers, i, statistics.size());
            }
        });
        return statistics;
    }

    private static void line(PrintStream out, Object... cells) {
        out.printf(Locale.ROOT, "%-12s %12s %8s %22s %22s %22s%n", cells);
    }
}
