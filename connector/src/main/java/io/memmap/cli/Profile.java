package io.memmap.cli;

import io.memmap.dtype.RecordDType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * {@code profile}: a page about an array, with a histogram of each column of numbers and a heat map of a matrix. Reads the array
 * twice, a block at a time: the bins of a histogram lie between the extremes of the first pass.
 */
record Profile(LocalTable table, Path report) {
    /** One column of the page. */
    record Column(ColumnStatistics statistics, Histogram histogram) {}

    /** @param progress is told the bytes that are done, each of them twice */
    void write(LongConsumer progress) throws IOException {
        if (Files.exists(report)) {
            throw new FileAlreadyExistsException("Cannot write " + report + ": it exists, expected no file; remove it");
        }
        if (!Files.isDirectory(report.getParent())) {
            throw new NoSuchFileException(
                    "Cannot write " + report + ": there is no directory " + report.getParent() + ", expected one");
        }
        List<Column> columns = new ArrayList<>();
        Optional<HeatMap> heatMap = heatMap();
        for (Map.Entry<NumberColumns, LocalArray> numbers :
                NumberColumns.of(table).entrySet()) {
            columns.addAll(columns(numbers.getValue(), numbers.getKey(), heatMap, progress));
        }
        Path unfinished = report.resolveSibling("." + report.getFileName() + ".profiling");
        try {
            try (PrintWriter out = new PrintWriter(unfinished.toFile(), StandardCharsets.UTF_8)) {
                new ProfilePage(table, columns, heatMap).print(out);
                if (out.checkError()) {
                    throw new IOException("Cannot write " + report + ": the disk may be full");
                }
            }
            Files.move(unfinished, report, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Optional<HeatMap> heatMap() {
        if (table.isSideBySide()) {
            return Optional.empty();
        }
        LocalArray array = table.columns().get("");
        boolean matrix = !(array.dtype() instanceof RecordDType)
                && array.shape().ndim() == 2
                && array.shape().dim(0) > 0
                && array.shape().dim(1) > 0;
        return matrix
                ? Optional.of(new HeatMap(array.shape().dim(0), array.shape().dim(1)))
                : Optional.empty();
    }

    private static List<Column> columns(
            LocalArray array, NumberColumns numbers, Optional<HeatMap> heatMap, LongConsumer progress)
            throws IOException {
        List<Column> columns = new ArrayList<>();
        for (ColumnStatistics statistics : Statistics.of(array, numbers, progress)) {
            columns.add(new Column(statistics, new Histogram(statistics, numbers.integers())));
        }
        // Records are no matrix, so these are all of its numbers.
        numbers.read(array, progress, block -> {
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).histogram().add(block, i, columns.size());
            }
            heatMap.ifPresent(map -> map.add(block));
        });
        return columns;
    }
}
