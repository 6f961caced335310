package io.memmap.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Sums one column of float64 through this source and through Spark's own Parquet reader, on the same values, in turn, and
 * prints the median of each and their ratio.
 *
 * <p>Run from the top folder, with the number of rows if 100 million are not wanted:
 *
 * <pre>mvn -q -Pbenchmark -pl integration-tests -am test-compile exec:exec -Dbenchmark=SumBenchmark -Dargs=100000000</pre>
 */
public final class SumBenchmark {
    private static final int WARM_UPS = 8;
    private static final int ROUNDS = 11;

    private SumBenchmark() {}

    public static void main(String[] args) throws IOException {
        long rows = args.length > 0 ? Long.parseLong(args[0]) : 100_000_000L;
        Path directory = Files.createTempDirectory("memmap-benchmark");
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.log.level", "WARN")
                .getOrCreate();
        try {
            run(spark, directory, rows);
        } finally {
            spark.stop();
            delete(directory);
        }
    }

    private static void run(SparkSession spark, Path directory, long rows) throws IOException {
        String raw = directory.resolve("values.dat").toString();
        String parquet = directory.resolve("values.parquet").toString();
        write(Path.of(raw), rows);
        Dataset<Row> memmap =
                spark.read().format("memmap").option("dtype", "<f8").load(raw);
        memmap.write().option("compression", "none").parquet(parquet);

        Map<String, DoubleSupplier> contenders = new LinkedHashMap<>();
        contenders.put(
                "memmap",
                () -> sum(spark.read().format("memmap").option("dtype", "<f8").load(raw)));
        contenders.put(
                "memmap, access=read",
                () -> sum(spark.read()
                        .format("memmap")
                        .option("dtype", "<f8")
                        .option("access", "read")
                        .load(raw)));
        contenders.put("Spark Parquet, uncompressed", () -> sum(spark.read().parquet(parquet)));

        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        double expected = Double.NaN;
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            for (Map.Entry<String, DoubleSupplier> contender : contenders.entrySet()) {
                long start = System.nanoTime();
                double sum = contender.getValue().getAsDouble();
                double elapsed = (System.nanoTime() - start) / 1e9;
                expected = Double.isNaN(expected) ? sum : expected;
                if (Math.abs(sum - expected) > 1e-9 * Math.abs(expected)) {
                    throw new IllegalStateException(contender.getKey() + " gave " + sum + ", expected " + expected);
                }
                if (round >= WARM_UPS) {
                    seconds.computeIfAbsent(contender.getKey(), name -> new ArrayList<>())
                            .add(elapsed);
                }
            }
        }
        print(seconds, rows);
    }

    private static double sum(Dataset<Row> values) {
        return values.selectExpr("sum(value)").head().getDouble(0);
    }

    private static void print(Map<String, List<Double>> seconds, long rows) {
        double slowest = median(seconds.get("Spark Parquet, uncompressed"));
        System.out.printf(
                Locale.ROOT, "sum of %,d float64 (%,d MB), local[2], %d rounds%n", rows, rows * 8 / 1_000_000, ROUNDS);
        System.out.printf(Locale.ROOT, "%-30s %10s %10s %16s%n", "", "median s", "min s", "times Parquet");
        seconds.forEach((name, times) -> System.out.printf(
                Locale.ROOT,
                "%-30s %10.3f %10.3f %16.2f%n",
                name,
                median(times),
                times.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                slowest / median(times)));
    }

    private static double median(List<Double> times) {
        double[] sorted =
                times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void write(Path file, long rows) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long row = 0; row < rows; row++) {
                buffer.putDouble(random.nextDouble());
                if (!buffer.hasRemaining() || row == rows - 1) {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    buffer.clear();
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            Path[] found = paths.sorted(Comparator.reverseOrder()).toArray(Path[]::new);
            for (Path path : Arrays.asList(found)) {
                Files.delete(path);
            }
        }
    }
}
