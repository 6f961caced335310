package io.memmap.it;

import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.it.LocalClusterRuns.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Reads by executors that know neither this class path nor this configuration. */
record ClusterReads(SparkSession session, Path directory) {
    private static final int ROWS = 400_000;
    private static final int PARTITIONS = 4;
    private static final long SUM = (long) ROWS * (ROWS - 1) / 2;

    Map<String, Scenario> scenarios() {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        scenarios.put("executorsNeedOnlyTheJar", this::executorsNeedOnlyTheJar);
        scenarios.put("executorsOfSpark4HaveTheVectorModule", this::executorsOfSpark4HaveTheVectorModule);
        scenarios.put("hadoopSettingsReachTheExecutors", this::hadoopSettingsReachTheExecutors);
        scenarios.put("settingsOfTheDriverReachTheExecutors", this::settingsOfTheDriverReachTheExecutors);
        return scenarios;
    }

    private Path numbers(String name) throws IOException {
        return Npy.of("'<i8'", "(" + ROWS + ",)")
                .write(directory.resolve(name), Npy.i8(LongStream.range(0, ROWS).toArray()));
    }

    private Dataset<Row> read(String path) {
        return session.read()
                .format("memmap")
                .option("maxPartitionBytes", ROWS * Long.BYTES / PARTITIONS)
                .load(path);
    }

    private void executorsNeedOnlyTheJar() throws IOException {
        Dataset<Row> rows = read(numbers("reads/x.npy").toString());
        assertThat(rows.javaRDD().getNumPartitions()).isGreaterThanOrEqualTo(PARTITIONS);
        List<String> jars = rows.mapPartitions(
                        (MapPartitionsFunction<Row, String>) ClusterReads::whereTheConnectorIs, Encoders.STRING())
                .distinct()
                .collectAsList();
        assertThat(jars)
                .isNotEmpty()
                .allSatisfy(jar -> assertThat(jar).contains("/work/app-").endsWith(SparkHome.CONNECTOR));
        assertThat(rows.selectExpr("sum(value)", "min(value)", "max(value)", "count(*)")
                        .collectAsList())
                .containsExactly(RowFactory.create(SUM, 0L, ROWS - 1L, (long) ROWS));
        List<Row> groups = rows.groupBy(rows.col("value").mod(3).as("rest"))
                .agg(sum("value"))
                .orderBy("rest")
                .collectAsList();
        assertThat(groups).extracting(row -> row.getLong(1)).containsExactly(sumOfRest(0), sumOfRest(1), sumOfRest(2));
        String parquet = directory.resolve("reads/x.parquet").toString();
        rows.write().parquet(parquet);
        Path back = directory.resolve("reads/back.npy");
        session.read()
                .parquet(parquet)
                .orderBy("value")
                .write()
                .format("memmap")
                .save(back.toString());
        assertThat(SavedFiles.npyLongs(back))
                .isEqualTo(LongStream.range(0, ROWS).toArray());
    }

    private static long sumOfRest(int rest) {
        return LongStream.range(0, ROWS).filter(value -> value % 3 == rest).sum();
    }

    /** The jar that an executor has loaded the reader from. */
    private static Iterator<String> whereTheConnectorIs(Iterator<Row> rows) throws ClassNotFoundException {
        if (!rows.hasNext()) {
            throw new IllegalStateException("no rows");
        }
        Class<?> connector = Class.forName(
                "io.memmap.spark.MemmapDataSource",
                false,
                Thread.currentThread().getContextClassLoader());
        return List.of(connector
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .iterator();
    }

    /** Executors have the flags of Spark's launcher; that the tests' executors have no second compiler is asked after that. */
    private void executorsOfSpark4HaveTheVectorModule() throws IOException {
        List<String> kernels = read(numbers("kernels/x.npy").toString())
                .mapPartitions((MapPartitionsFunction<Row, String>) ClusterReads::kernels, Encoders.STRING())
                .distinct()
                .collectAsList();
        assertThat(kernels)
                .singleElement()
                .asString()
                .startsWith(
                        session.version().startsWith("3.")
                                ? "scalar kernels: this JVM was started without --add-modules=jdk.incubator.vector"
                                : "scalar kernels: the JIT of this JVM makes no vectors");
    }

    private static Iterator<String> kernels(Iterator<Row> rows) throws ReflectiveOperationException {
        Class<?> choice = Class.forName(
                "io.memmap.compute.KernelChoice", true, Thread.currentThread().getContextClassLoader());
        return List.of((String) choice.getMethod("description").invoke(null)).iterator();
    }

    private void hadoopSettingsReachTheExecutors() throws IOException {
        String path = "wrapped://" + numbers("wrapped/x.npy");
        assertThatThrownBy(() -> read(path).count()).hasStackTraceContaining("no " + WrappedFileSystem.KEY);
        Dataset<Row> rows = session.read()
                .format("memmap")
                .option(WrappedFileSystem.KEY, "open")
                .option("maxPartitionBytes", ROWS * Long.BYTES / PARTITIONS)
                .load(path);
        assertThat(rows.javaRDD().getNumPartitions()).isGreaterThanOrEqualTo(PARTITIONS);
        assertThat(rows.where("value % 2 = 0").selectExpr("sum(value)").first().getLong(0))
                .isEqualTo(LongStream.range(0, ROWS)
                        .filter(value -> value % 2 == 0)
                        .sum());
        String back = "wrapped://"
                + Files.createDirectories(directory.resolve("wrapped")).resolve("back.npy");
        rows.write().format("memmap").option(WrappedFileSystem.KEY, "open").save(back);
        assertThat(SavedFiles.npyLongs(directory.resolve("wrapped/back.npy")))
                .isEqualTo(LongStream.range(0, ROWS).toArray());
    }

    /** Put into the driver's Hadoop configuration when the executors ran already. */
    private void settingsOfTheDriverReachTheExecutors() throws IOException {
        String path = "wrapped://" + numbers("settings/x.npy");
        Configuration ofDriver = session.sparkContext().hadoopConfiguration();
        ofDriver.set(WrappedFileSystem.KEY, "open");
        try {
            assertThat(sumOf(path)).isEqualTo(SUM);
        } finally {
            ofDriver.unset(WrappedFileSystem.KEY);
        }
        assertThatThrownBy(() -> sumOf(path)).hasStackTraceContaining("no " + WrappedFileSystem.KEY);
    }

    private long sumOf(String path) {
        Dataset<Row> rows = read(path);
        assertThat(rows.javaRDD().getNumPartitions()).isGreaterThanOrEqualTo(PARTITIONS);
        return rows.selectExpr("sum(value)").first().getLong(0);
    }
}
