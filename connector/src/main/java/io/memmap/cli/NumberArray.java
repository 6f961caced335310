package io.memmap.cli;

import io.memmap.array.MemmapArray;
import io.memmap.dtype.RecordDType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** An array and the columns of numbers in it, all of which are read in one pass. */
record NumberArray(LocalArray array, List<NumberColumns> columns) {
    private static final int BLOCK_NBYTES = 1 << 24;

    /** Takes some numbers in row order, or if they are one column in the order of their file. */
    @FunctionalInterface
    interface Block {
        /** Begins a file: the numbers of so many rows follow in this order. */
        default void start(Shape shape, Order order) {}

        /**
         * Takes the numbers of one element of {@link #columns}.
         *
         * @param index of that element
         * @param numbers a {@code long[]} or a {@code double[]}, of a matrix those of whole rows
         */
        void accept(int index, Object numbers);
    }

    /** The arrays of a table that have numbers. Of columns side by side those without numbers are left out. */
    static List<NumberArray> of(LocalTable table) {
        List<NumberArray> all = new ArrayList<>();
        table.columns().forEach((name, array) -> {
            boolean counted = !table.isSideBySide()
                    || array.dtype() instanceof RecordDType
                    || NumberColumns.isNumber(array.dtype());
            List<NumberColumns> columns = counted ? NumberColumns.of(array) : List.of();
            if (table.isSideBySide()) {
                columns = columns.stream().map(column -> column.within(name)).toList();
            }
            if (!columns.isEmpty()) {
                all.add(new NumberArray(array, columns));
            }
        });
        return all;
    }

    /**
     * Reads the numbers. Each file is opened once, and each block of its rows is read for all columns.
     *
     * @param progress is told the bytes that are done
     */
    void read(LongConsumer progress, Block consumer) throws IOException {
        for (ArrayFile file : array.files()) {
            boolean single = columns.stream().allMatch(column -> column.names().size() == 1);
            Order order = single ? file.layout().order() : Order.C;
            consumer.start(file.layout().shape(), order);
            try (MemmapArray whole = LocalArray.open(file)) {
                read(order == Order.F ? whole.transpose() : whole, progress, consumer);
            }
        }
    }

    private void read(MemmapArray whole, LongConsumer progress, Block consumer) {
        List<MemmapArray> parts =
                columns.stream().map(column -> column.of(whole)).toList();
        int most = BLOCK_NBYTES / whole.dtype().itemsize();
        Blocks.forEach(whole.shape(), most, place -> {
            for (int i = 0; i < parts.size(); i++) {
                MemmapArray block = parts.get(i).slice(place);
                int size = Math.toIntExact(block.size());
                Object numbers = columns.get(i).integers() ? new long[size] : new double[size];
                block.copyTo(numbers);
                consumer.accept(i, numbers);
                progress.accept(block.nbytes());
            }
        });
    }
}
