package io.memmap.cli;

import io.memmap.layout.Order;

/** Means of the finite numbers of a matrix in a grid of cells, each of some adjacent rows and columns. */
final class HeatMap {
    private static final int MOST_CELLS = 64;

    private final long rows;
    private final long columns;
    private final double[][] sums;
    private final long[][] counts;
    /** The rows of the file whose numbers come next. */
    private long start;

    private long end;
    private Order order;
    private long row;
    private long column;

    HeatMap(long rows, long columns) {
        this.rows = rows;
        this.columns = columns;
        int height = (int) Math.min(rows, MOST_CELLS);
        int width = (int) Math.min(columns, MOST_CELLS);
        this.sums = new double[height][width];
        this.counts = new long[height][width];
    }

    /** Begins a file with the rows after those of the file before. */
    void start(long fileRows, Order fileOrder) {
        start = end;
        end += fileRows;
        order = fileOrder;
        row = start;
        column = 0;
    }

    /** Adds the next numbers of a file in its order, a block of a {@link NumberArray}. */
    void add(Object numbers) {
        NumberColumns.forEach(numbers, 0, 1, this::add);
    }

    private void add(double x) {
        if (Double.isFinite(x)) {
            int i = cell(row, rows, sums.length);
            int j = cell(column, columns, sums[0].length);
            sums[i][j] += x;
            counts[i][j]++;
        }
        if (order == Order.F) {
            if (++row == end) {
                row = start;
                column++;
            }
        } else if (++column == columns) {
            column = 0;
            row++;
        }
    }

    private static int cell(long index, long length, int cells) {
        return (int) (index * cells / length);
    }

    /** The means, row by row; NaN for a cell without finite numbers. */
    double[][] means() {
        double[][] means = new double[sums.length][];
        for (int i = 0; i < sums.length; i++) {
            means[i] = new double[sums[i].length];
            for (int j = 0; j < means[i].length; j++) {
                means[i][j] = counts[i][j] == 0 ? Double.NaN : sums[i][j] / counts[i][j];
            }
        }
        return means;
    }
}
