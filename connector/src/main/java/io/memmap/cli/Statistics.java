package io.memmap.cli;

import io.memmap.array.MemmapArray;
import io.memmap.array.Slice;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.format.ArrayFile;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;

/** {@code stats}: count, NaN, min, max and mean of each column of numbers. Reads the array once, a block of rows at a time. */
final class Statistics {
    private static final int BLOCK_ELEMENTS = 1 << 18;
    private static final int MOST_COLUMNS = 100;

    /** One column of numbers; as the numbers of all blocks are added, its totals. */
    private static final class Column {
        private final String name;
        private long count;
        private long nans;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private long least = Long.MAX_VALUE;
        private long greatest = Long.MIN_VALUE;
        private double sum;
        private double lost;

        Column(String name) {
            this.name = name;
        }

        void add(double[] numbers, int from, int step) {
            for (int i = from; i < numbers.length; i += step) {
                double x = numbers[i];
                if (Double.isNaN(x)) {
                    nans++;
                    continue;
                }
                min = Math.min(min, x);
                max = Math.max(max, x);
                addToSum(x);
            }
            count += (numbers.length - from + step - 1) / step;
        }

        void add(long[] numbers, int from, int step) {
            for (int i = from; i < numbers.length; i += step) {
                least = Math.min(least, numbers[i]);
                greatest = Math.max(greatest, numbers[i]);
                addToSum((double) numbers[i]);
            }
            count += (numbers.length - from + step - 1) / step;
        }

        /** Neumaier's sum, which keeps what each addition rounds away. */
        private void addToSum(double x) {
            double next = sum + x;
            lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
            sum = next;
        }

        Object[] cells(boolean integers) {
            long numbers = count - nans;
            if (numbers == 0) {
                return new Object[] {name, count, nans, "-", "-", "-"};
            }
            double total = Double.isFinite(lost) ? sum + lost : sum;
            return integers
                    ? new Object[] {name, count, nans, least, greatest, total / numbers}
                    : new Object[] {name, count, nans, min, max, total / numbers};
        }
    }

    private final LocalArray array;

    Statistics(LocalArray array) {
        this.array = array;
    }

    /** @param progress is told the bytes that are done */
    void print(PrintStream out, LongConsumer progress) throws IOException {
        line(out, "column", "count", "nan", "min", "max", "mean");
        if (array.dtype() instanceof RecordDType record) {
            for (RecordDType.Field field : record.fields()) {
                if (isNumber(field.dtype())) {
                    print(out, List.of(new Column(field.name())), field.name(), field.dtype(), progress);
                }
            }
            return;
        }
        if (!isNumber(array.dtype())) {
            throw new IllegalArgumentException(
                    "Cannot count " + array.path() + ": dtype " + array.dtype() + ", expected numbers");
        }
        print(out, columns(), null, array.dtype(), progress);
    }

    private static boolean isNumber(DType dtype) {
        return dtype instanceof ScalarDType scalar
                && List.of(Kind.INT, Kind.UINT, Kind.FLOAT, Kind.BFLOAT16).contains(scalar.kind());
    }

    /** Doubles for u8, of which not all are longs. */
    private static boolean isInteger(DType dtype) {
        Kind kind = ((ScalarDType) dtype).kind();
        return kind == Kind.INT || (kind == Kind.UINT && dtype.itemsize() < Long.BYTES);
    }

    private List<Column> columns() {
        boolean matrix = array.shape().ndim() == 2 && array.shape().dim(1) <= MOST_COLUMNS;
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < (matrix ? array.shape().dim(1) : 1); i++) {
            columns.add(new Column(matrix ? "c" + i : "value"));
        }
        return columns;
    }

    private void print(PrintStream out, List<Column> columns, String field, DType dtype, LongConsumer progress)
            throws IOException {
        boolean integers = isInteger(dtype);
        for (ArrayFile file : array.files()) {
            try (MemmapArray whole = LocalArray.open(file)) {
                MemmapArray numbers = field == null ? whole : whole.field(field);
                add(numbers, columns, integers, progress);
            }
        }
        for (Column column : columns) {
            line(out, column.cells(integers));
        }
    }

    private static void line(PrintStream out, Object... cells) {
        out.printf(Locale.ROOT, "%-12s %12s %8s %22s %22s %22s%n", cells);
    }

    private static void add(MemmapArray numbers, List<Column> columns, boolean integers, LongConsumer progress) {
        long rows = numbers.ndim() == 0 ? 1 : numbers.shape().dim(0);
        long perRow = rows == 0 ? 1 : Math.max(1, numbers.size() / rows);
        long step = Math.max(1, BLOCK_ELEMENTS / perRow);
        for (long row = 0; row < rows; row += step) {
            MemmapArray block =
                    numbers.ndim() == 0 ? numbers : numbers.slice(Slice.of(row, Math.min(rows, row + step)));
            int size = Math.toIntExact(block.size());
            Object values = integers ? new long[size] : new double[size];
            block.copyTo(values);
            for (int i = 0; i < columns.size(); i++) {
                if (integers) {
                    columns.get(i).add((long[]) values, i, columns.size());
                } else {
                    columns.get(i).add((double[]) values, i, columns.size());
                }
            }
            progress.accept(block.nbytes());
        }
    }
}
