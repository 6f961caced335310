package io.memmap.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Writes eight columns of float64 as shards, as one file, and with Spark's own Parquet writer, the same cached rows in
 * turn, each flushed to the disk, and prints the median of each and their ratio. What the rows themselves cost, written
 * nowhere, is printed too; it is part of all the others. Then it prints how much of the heap was in use at most after a
 * collection, while growing numbers of rows that nobody caches were written.
 *
 * <p>Run from the top folder, with the number of rows if 10 million are not wanted:
 *
 * <pre>mvn -q -Pbenchmark -pl integration-tests -am test-compile exec:exec -Dbenchmark=WriteBenchmark -Dargs=10000000</pre>
 */
public final class WriteBenchmark {
    private static final int COLUMNS = 8;
    private static final int WARM_UPS = 4;
    private static final int ROUNDS = 7;
    private static final String NOWHERE = "rows alone, written nowhere";
    private static final String PARQUET = "Spark Parquet, uncompressed";

    private WriteBenchmark() {}

    /** Writes to a path that is not there. */
    private interface Contender {
        void write(String path);
    }

    public static void main(String[] args) throws IOException {
        long rows = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000L;
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
        Dataset<Row> values = values(spark, rows).cache();
        values.count();

        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put(
                NOWHERE, path -> values.write().format("noop").mode("overwrite").save());
        contenders.put("memmap, shards", path -> values.write().format("memmap").save(path));
        contenders.put(
                "memmap, one file",
                path -> values.write().format("memmap").option("output", "file").save(path));
        contenders.put(PARQUET, path -> {
            values.write().option("compression", "none").parquet(path);
            flush(Path.of(path));
        });

        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
                Path path = directory.resolve("values");
                fillPageCache(directory.resolve("scratch"), 2 * rows * COLUMNS * Double.BYTES);
                long start = System.nanoTime();
                contender.getValue().write(path.toString());
                double elapsed = (System.nanoTime() - start) / 1e9;
                if (!contender.getKey().equals(NOWHERE)) {
                    check(contender.getKey(), path, rows);
                    delete(path);
                }
                if (round >= WARM_UPS) {
                    seconds.computeIfAbsent(contender.getKey(), name -> new ArrayList<>())
                            .add(elapsed);
                }
            }
        }
        print(seconds, rows);
        values.unpersist(true);
        printHeap(spark, directory, rows);
    }

    private static Dataset<Row> values(SparkSession spark, long rows) {
        return spark.range(0, rows, 1, 2)
                .select(IntStream.range(0, COLUMNS)
                        .mapToObj(i -> functions.rand(i).as("c" + i))
                        .toArray(Column[]::new));
    }

    private static void printHeap(SparkSession spark, Path directory, long rows) throws IOException {
        System.out.printf(Locale.ROOT, "%nheap in use after a collection, at most, in MiB%n");
        System.out.printf(Locale.ROOT, "%14s %10s %10s%n", "rows", "shards", "one file");
        for (long count : new long[] {rows / 100, rows / 10, rows}) {
            double[] peaks = new double[2];
            for (String output : List.of("directory", "file")) {
                Path path = directory.resolve("values");
                try (PeakHeap peak = PeakHeap.watch()) {
                    values(spark, count)
                            .write()
                            .format("memmap")
                            .option("output", output)
                            .save(path.toString());
                    peaks[output.equals("file") ? 1 : 0] = peak.nbytes() / (double) (1 << 20);
                }
                check(output, path, count);
                delete(path);
            }
            System.out.printf(Locale.ROOT, "%,14d %10.1f %10.1f%n", count, peaks[0], peaks[1]);
        }
    }

    /**
     * Writes a file and deletes it. On a virtual machine whose host takes free memory back the first touch of a page costs
     * more than writing it does; so each contender finds twice as many pages as the rows fill that the machine has just used.
     */
    private static void fillPageCache(Path scratch, long nbytes) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(1 << 18);
        try (FileChannel channel = FileChannel.open(scratch, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < nbytes; at += block.capacity()) {
                channel.write(block.clear());
            }
        }
        Files.delete(scratch);
    }

    /** Parquet's writer leaves its files in the page cache; the others bring theirs to the disk themselves. */
    private static void flush(Path directory) {
        try {
            for (Path path : below(directory)) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Random doubles cannot be stored in fewer bytes than they have. */
    private static void check(String contender, Path path, long rows) throws IOException {
        long nbytes = 0;
        for (Path file : below(path)) {
            nbytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        if (nbytes < rows * COLUMNS * Double.BYTES) {
            throw new IllegalStateException(
                    contender + " wrote " + nbytes + " bytes, expected at least " + rows * COLUMNS * Double.BYTES);
        }
    }

    private static void print(Map<String, List<Double>> seconds, long rows) {
        double slowest = median(seconds.get(PARQUET));
        System.out.printf(
                Locale.ROOT,
                "%,d rows of %d float64 (%,d MB), local[2], flushed, %d rounds%n",
                rows,
                COLUMNS,
                rows * COLUMNS * Double.BYTES / 1_000_000,
                ROUNDS);
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

    private static List<Path> below(Path path) throws IOException {
        try (Stream<Path> paths = Files.walk(path)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }

    private static void delete(Path path) throws IOException {
        for (Path found : below(path)) {
            Files.delete(found);
        }
    }
}
