package io.memmap.benchmark;

import io.memmap.benchmark.Workload.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A format in Spark. All formats share one session.
 *
 * @param target the format and compression that it writes; empty for one that only answers queries
 */
record SparkContender(String name, String title, SparkSession spark, Source source, Optional<Target> target)
        implements Contender {

    /** Finds the files of an array in the format, untimed. */
    interface Source {
        Table find(Data data, DataFiles files) throws IOException;
    }

    /** Opens them, as each query does anew. */
    interface Table {
        Dataset<Row> open();
    }

    record Target(String format, Map<String, String> options) {
        static Target compressed(String format, String compression) {
            return new Target(format, Map.of("compression", compression));
        }
    }

    /** This source as it comes. */
    static SparkContender memmap(SparkSession spark) {
        return new SparkContender(
                "memmap", "memmap", spark, array(spark, reader -> reader), Optional.of(new Target("memmap", Map.of())));
    }

    /** This source with options of its own; it writes as the other does. */
    static SparkContender memmap(SparkSession spark, String name, String title, Map<String, String> options) {
        return new SparkContender(
                name, "memmap, " + title, spark, array(spark, reader -> reader.options(options)), Optional.empty());
    }

    static SparkContender parquet(SparkSession spark, String name, String compression) {
        return new SparkContender(
                name,
                "Spark Parquet, " + compression,
                spark,
                (data, files) -> {
                    String path = files.parquet(data, compression).toString();
                    return () -> spark.read().parquet(path);
                },
                Optional.of(Target.compressed("parquet", compression)));
    }

    static SparkContender orc(SparkSession spark) {
        return new SparkContender(
                "orc",
                "Spark ORC",
                spark,
                (data, files) -> {
                    String path = files.orc(data).toString();
                    return () -> spark.read().orc(path);
                },
                Optional.of(Target.compressed("orc", "snappy")));
    }

    @Override
    public Optional<Query> query(Workload workload, DataFiles files) throws IOException {
        Task task = workload.task();
        if (task == Task.QUERY) {
            Table table = source.find(workload.data(), files);
            return Optional.of(() -> Answer.timed(() -> answer(table.open(), workload.sql())));
        }
        if (task == Task.PLAN) {
            Table table = source.find(workload.data(), files);
            return Optional.of(() -> Answer.timed(() -> plan(table.open())));
        }
        if (target.isEmpty()) {
            return Optional.empty();
        }
        boolean etl = task == Task.ETL;
        Table table = (etl ? source : array(spark, reader -> reader)).find(workload.data(), files);
        Target to = etl ? Target.compressed("parquet", "uncompressed") : target.get();
        return Optional.of(() -> write(table, to, files.target(this), !etl));
    }

    private double[] answer(Dataset<Row> table, String sql) {
        table.createOrReplaceTempView("t");
        return numbers(spark.sql(sql).collectAsList());
    }

    private static double[] numbers(List<Row> rows) {
        int columns = rows.isEmpty() ? 0 : rows.get(0).length();
        double[] numbers = new double[rows.size() * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = ((Number) rows.get(i / columns).get(i % columns)).doubleValue();
        }
        return numbers;
    }

    /** How many partitions there are is each format's own matter; that there are any is the answer. */
    private static double[] plan(Dataset<Row> table) {
        return new double[] {Math.min(1, table.javaRDD().getNumPartitions())};
    }

    private Answer write(Table table, Target to, Path path, boolean flushed) throws Exception {
        Answer written = Answer.timed(() -> {
            table.open().write().format(to.format()).options(to.options()).save(path.toString());
            if (flushed) {
                DataFiles.flush(path);
            }
            return new double[0];
        });
        double rows = spark.read().format(to.format()).load(path.toString()).count();
        DataFiles.delete(path);
        return new Answer(written.seconds(), new double[] {rows});
    }

    private static Source array(SparkSession spark, UnaryOperator<DataFrameReader> options) {
        return (data, files) -> {
            String path = files.array(data).toString();
            return () -> options.apply(DataFiles.reader(spark, data)).load(path);
        };
    }
}
