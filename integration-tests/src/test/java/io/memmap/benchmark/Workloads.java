package io.memmap.benchmark;

import io.memmap.benchmark.Workload.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All workloads, over arrays of one size. */
final class Workloads {
    private static final double REORDERED = 1e-9;
    private static final double SINGLE_PRECISION = 1e-5;
    private static final long SHARD_ROWS = 1024;
    private static final long TINY_ROWS = 1000;

    private final Data values;
    private final Data table;
    private final Data fortran;
    private final Data bytes;
    private final Data tokens;
    private final Data halves;
    private final Data ints;
    private final Data floats;
    private final Data shorts;
    private final Data bigEndian;
    private final Data embeddings;
    private final Data shards;
    private final Data tiny;

    private Workloads(double nbytes, int shardCount, int dimensions) {
        values = Data.raw("values", "<f8", 1, nbytes);
        table = Data.raw("table", "<f8", 8, nbytes);
        fortran = table.inFortranOrder();
        bytes = Data.raw("bytes", "|u1", 1, nbytes / 4);
        tokens = Data.raw("tokens", "<u2", 1, nbytes / 2);
        halves = Data.raw("halves", "<f2", 1, nbytes / 4);
        ints = Data.raw("ints", "<i4", 1, nbytes / 2);
        floats = Data.raw("floats", "<f4", 1, nbytes / 2);
        shorts = Data.raw("shorts", "<i2", 1, nbytes / 4);
        bigEndian = Data.raw("big-endian", ">f8", 1, nbytes);
        embeddings = Data.raw("embeddings", "<f4", dimensions, nbytes);
        shards = new Data("shards", "shards", "<f8", 1, false, shardCount * SHARD_ROWS, shardCount);
        tiny = Data.raw("tiny", "<f8", 1, TINY_ROWS * Double.BYTES);
    }

    /**
     * The workloads of one size.
     *
     * @param nbytes of the arrays of eight-byte elements and of the embeddings; those of smaller elements have a half or
     *     a quarter, and the shards 8 KiB each
     */
    static List<Workload> of(double nbytes, int shardCount, int dimensions) {
        return new Workloads(nbytes, shardCount, dimensions).all();
    }

    private List<Workload> all() {
        return List.of(
                query("sum", "sum, 1-D float64", values, 1, "sum(value)")
                        .numpy("[a.sum()]")
                        .loop(Kernels.sumOfDoubles()),
                query("columns-1-c", "sum of 1 of 8 columns, C order", table, 1, "sum(c0)")
                        .numpy("[a[:, 0].sum()]")
                        .loop(Kernels.sumOfFirst(8)),
                query("columns-8-c", "sum of 8 of 8 columns, C order", table, 8, table.each("sum", 8))
                        .numpy("a.sum(axis=0)")
                        .loop(Kernels.sumOfEight()),
                query("columns-1-f", "sum of 1 of 8 columns, Fortran order", fortran, 1, "sum(c0)")
                        .numpy("[a[:, 0].sum()]")
                        .loop(Kernels.sumOfDoubles()),
                query("columns-8-f", "sum of 8 of 8 columns, Fortran order", fortran, 8, table.each("sum", 8))
                        .numpy("a.sum(axis=0)")
                        .loop(Kernels.sumOfDoubles()),
                query("min-max-avg", "min, max, avg, 1-D float64", values, 1, extremes("min", "max", "avg"))
                        .numpy("[a.min(), a.max(), a.mean()]")
                        .loop(Kernels.minMaxAvg()),
                query("all-four", "sum, min, max, avg, 1-D float64", values, 1, extremes("sum", "min", "max", "avg"))
                        .numpy("[a.sum(), a.min(), a.max(), a.mean()]"),
                filter("filter-1", "count and sum where 1 % fit", 0.01),
                filter("filter-50", "count and sum where 50 % fit", 0.5),
                query("expression", "sum(value * 2 + 1), 1-D float64", values, 1, "sum(value * 2 + 1)")
                        .numpy("[(a * 2 + 1).sum()]"),
                query("expression-8", "an expression of 8 of 8 columns, summed", table, 8, "")
                        .sql("SELECT sum(c0 * c1 + c2 * c3 + c4 * c5 + c6 * c7) FROM t")
                        .numpy("[(a[:, ::2] * a[:, 1::2]).sum()]"),
                query("group", "group by floor(c0 * 100), 2 of 8 columns", table, 2, "")
                        .sql("SELECT floor(c0 * 100) AS k, count(*) AS n, sum(c1) AS s FROM t GROUP BY floor(c0 * 100)"
                                + " ORDER BY k")
                        .numpy("np.stack([np.arange(100),"
                                + " np.bincount(k := np.floor(a[:, 0] * 100).astype(int), minlength=100),"
                                + " np.bincount(k, a[:, 1], minlength=100)], axis=1).ravel()")
                        .loop(Kernels.groups(8, 100)),
                query("uint8", "sum, min, max, uint8", bytes, 1, extremes("sum", "min", "max"))
                        .numpy("[a.sum(dtype='i8'), a.min(), a.max()]")
                        .loop(Kernels.unsignedBytes()),
                query("uint16", "sum, min, max, uint16 tokens", tokens, 1, extremes("sum", "min", "max"))
                        .numpy("[a.sum(dtype='i8'), a.min(), a.max()]")
                        .loop(Kernels.unsignedShorts()),
                query("float16", "sum, float16", halves, 1, "sum(value)")
                        .numpy("[a.sum(dtype='f8')]")
                        .loop(Kernels.sumOfHalves())
                        .tolerance(SINGLE_PRECISION),
                query("int32", "sum, int32", ints, 1, "sum(value)")
                        .numpy("[a.sum(dtype='i8')]")
                        .loop(Kernels.sumOfInts()),
                summary("float16-all", "float16", halves).tolerance(SINGLE_PRECISION),
                summary("int32-all", "int32", ints),
                summary("float32-all", "float32", floats).tolerance(SINGLE_PRECISION),
                summary("int16-all", "int16", shorts),
                summary("big-endian-all", "big-endian float64", bigEndian),
                embeddings(),
                new Workload(
                        "shards-plan",
                        "plan over " + shards.shards() + " shards of 8 KiB",
                        shards,
                        Task.PLAN,
                        0,
                        "",
                        "",
                        Optional.empty(),
                        0),
                query("shards-count", "count over the shards", shards, 0, "count(*)")
                        .numpy("[sum(len(x) for x in a)]"),
                query("shards-sum", "sum over the shards", shards, 1, "sum(value)")
                        .numpy("[sum(x.sum() for x in a)]")
                        .loop(Kernels.sumOfDoubles()),
                query("tiny", "sum of 1000 float64, what any query costs", tiny, 1, "sum(value)")
                        .numpy("[a.sum()]")
                        .loop(Kernels.sumOfDoubles()),
                new Workload("etl", "8 columns to Parquet", table, Task.ETL, 8, "", "", Optional.empty(), 0),
                new Workload("write", "8 columns written, flushed", table, Task.WRITE, 8, "", "", Optional.empty(), 0)
                        .numpy("[write(a, target)]"));
    }

    private static Workload query(String name, String title, Data data, int columnsRead, String list) {
        return new Workload(
                name,
                title,
                data,
                Task.QUERY,
                columnsRead,
                "SELECT " + list + " FROM t",
                "",
                Optional.empty(),
                REORDERED);
    }

    private Workload filter(String name, String title, double limit) {
        Workload all = query(name, title, values, 1, "count(*) AS n, sum(value) AS s");
        return all.sql(all.sql() + " WHERE value < " + limit)
                .numpy("[(m := a < " + limit + ").sum(), a[m].sum()]")
                .loop(Kernels.below(limit));
    }

    private static Workload summary(String name, String dtype, Data data) {
        boolean integers = data.dtype().charAt(1) == 'i';
        return query(name, "sum, min, max, " + dtype, data, 1, extremes("sum", "min", "max"))
                .numpy("[a.sum(dtype='" + (integers ? "i8" : "f8") + "'), a.min(), a.max()]");
    }

    private Workload embeddings() {
        int dimensions = embeddings.columns();
        String title = "mean of each dimension, (n, " + dimensions + ") float32";
        return query("embeddings", title, embeddings, dimensions, embeddings.each("avg", dimensions))
                .numpy("a.mean(axis=0, dtype='f8')")
                .loop(Kernels.meansOfFloats(dimensions))
                .tolerance(SINGLE_PRECISION);
    }

    private static String extremes(String... aggregates) {
        return IntStream.range(0, aggregates.length)
                .mapToObj(i -> aggregates[i] + "(value) AS a" + i)
                .collect(Collectors.joining(", "));
    }
}
