package io.memmap.benchmark;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One array that is queried, whatever the format that holds it.
 *
 * @param table names its rows: arrays of the same rows in another order share their Parquet and ORC files
 * @param columns on axis 1; 1 for a 1-D array
 * @param shards how many equal .npy files it lies in; 0 for one raw file
 */
record Data(String name, String table, String dtype, int columns, boolean fortran, long rows, int shards) {

    /** A raw file in C order of about so many bytes. */
    static Data raw(String name, String dtype, int columns, double nbytes) {
        long rows = Math.max(1, Math.round(nbytes / itemsize(dtype) / columns));
        return new Data(name, name, dtype, columns, false, rows, 0);
    }

    /** The same rows in Fortran order. */
    Data inFortranOrder() {
        return new Data(name + "-fortran", table, dtype, columns, true, rows, shards);
    }

    int itemsize() {
        return itemsize(dtype);
    }

    private static int itemsize(String dtype) {
        return dtype.charAt(2) - '0';
    }

    int rowNbytes() {
        return columns * itemsize();
    }

    String order() {
        return fortran ? "F" : "C";
    }

    String column(int index) {
        return columns == 1 ? "value" : "c" + index;
    }

    /** A SELECT list of one aggregate over each of the first columns. */
    String each(String aggregate, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> aggregate + "(" + column(i) + ") AS a" + i)
                .collect(Collectors.joining(", "));
    }
}
