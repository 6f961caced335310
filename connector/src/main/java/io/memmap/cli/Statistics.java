package io.memmap.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;

/** {@code stats}: count, NaN, min, max and mean of each column of numbers. Reads the array once, a block at a time. */
final class Statistics {
    private Statistics() {}

    /** @param progress is told the bytes that are done */
    static void print(LocalTable table, PrintStream out, LongConsumer progress) throws IOException {
        List<NumberArray> arrays = NumberArray.of(table);
        line(out, "column", "count", "nan", "min", "max", "mean");
        for (NumberArray array : arrays) {
            for (List<ColumnStatistics> columns : of(array, progress)) {
                for (ColumnStatistics column : columns) {
                    line(out, column.name(), column.count(), column.nans(), column.min(), column.max(), column.mean());
                }
            }
        }
    }

    /** Returns those of each element of {@link NumberArray#columns}. */
    static List<List<ColumnStatistics>> of(NumberArray array, LongConsumer progress) throws IOException {
        List<List<ColumnStatistics>> statistics = array.columns().stream()
                .map(columns ->
                        columns.names().stream().map(ColumnStatistics::new).toList())
                .toList();
        array.read(progress, (index, numbers) -> {
            List<ColumnStatistics> columns = statistics.get(index);
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).add(numbers, i, columns.size());
            }
        });
        return statistics;
    }

    private static void line(PrintStream out, Object... cells) {
        out.printf(Locale.ROOT, "%-12s %12s %8s %22s %22s %22s%n", cells);
    }
}
