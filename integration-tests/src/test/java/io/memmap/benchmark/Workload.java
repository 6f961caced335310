package io.memmap.benchmark;

import java.util.Optional;

/**
 * One question that every contender is asked in its own language.
 *
 * @param name what the argument {@code workloads} chooses it by
 * @param title for people
 * @param columnsRead how many of the array's columns, from the first, it needs
 * @param sql over the table {@code t}, in words that Spark, DuckDB and Polars share; answers compare as numbers, row by row
 * @param numpy a Python expression over the array {@code a}, a list of arrays if it has shards; empty if there is none
 * @param loop what a bare loop makes of the rows
 * @param tolerance by which part of themselves two answers may differ
 */
record Workload(
        String name,
        String title,
        Data data,
        Task task,
        int columnsRead,
        String sql,
        String numpy,
        Optional<Kernel> loop,
        double tolerance) {

    /** What is timed, opening included. */
    enum Task {
        /** The SQL, to its answer. */
        QUERY,
        /** Spark's driver alone: from the path to the partitions of its tasks. */
        PLAN,
        /** The contender's own format to uncompressed Parquet. */
        ETL,
        /** The array to the contender's own format, brought to the disk. */
        WRITE
    }

    Workload sql(String query) {
        return new Workload(name, title, data, task, columnsRead, query, numpy, loop, tolerance);
    }

    Workload numpy(String expression) {
        return new Workload(name, title, data, task, columnsRead, sql, expression, loop, tolerance);
    }

    Workload loop(Kernel kernel) {
        return new Workload(name, title, data, task, columnsRead, sql, numpy, Optional.of(kernel), tolerance);
    }

    Workload tolerance(double part) {
        return new Workload(name, title, data, task, columnsRead, sql, numpy, loop, part);
    }

    double megabytesRead() {
        return (double) data.rows() * columnsRead * data.itemsize() / 1e6;
    }
}
