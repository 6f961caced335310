package io.memmap.cli;

import io.memmap.dtype.RecordDType;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
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
        for (NumberArray array : NumberArray.of(table)) {
            columns(array, heatMap, progress).forEach(columns::addAll);
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

    /** Returns those of each element of {@link NumberArray#columns}. */
    private static List<List<Column>> columns(NumberArray array, Optional<HeatMap> heatMap, LongConsumer progress)
            throws IOException {
        List<List<Column>> all = new ArrayList<>();
        for (List<ColumnStatistics> statistics : Statistics.of(array, progress)) {
            boolean integers = array.columns().get(all.size()).integers();
            all.add(statistics.stream()
                    .map(column -> new Column(column, new Histogram(column, integers)))
                    .toList());
        }
        array.read(progress, new NumberArray.Block() {
            @Override
            public void start(Shape shape, Order order) {
                heatMap.ifPresent(map -> map.start(shape.dim(0), order));
            }

            @Override
            public void accept(int index, Object numbers) {
                List<Column> columns = all.get(index);
                for (int i = 0; i < columns.size(); i++) {
                    columns.get(i).histogram().add(numbers, i, columns.size());
                }
                // Records are no matrix, so these are all of its numbers.
                heatMap.ifPresent(map -> map.add(numbers));
            }
        });
        return all;
    }
}
