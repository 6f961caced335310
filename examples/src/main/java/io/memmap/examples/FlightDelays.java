package io.memmap.examples;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.round;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Groups 200 000 real flights, an array of NumPy records, by how far they went, writes the result to Parquet and reads it
 * back.
 *
 * <p>Takes a directory for the files, or makes a temporary one:
 *
 * <pre>mvn -q -pl examples -am compile exec:exec</pre>
 */
public final class FlightDelays {
    private static final int BAND_MILES = 500;

    private FlightDelays() {}

    public static void main(String[] args) throws IOException {
        Arguments.failInOneLine();
        Path directory = args.length > 0
                ? Files.createDirectories(Path.of(args[0]))
                : Files.createTempDirectory("memmap-flights");
        String npy = unpack("flights-200k.npy", directory).toString();
        String parquet = directory.resolve("delays.parquet").toString();
        try (SparkSession spark = SparkSession.builder()
                .appName("FlightDelays")
                .master("local[*]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            Dataset<Row> flights =
                    spark.read().format("memmap").option("minPartitions", 4).load(npy);
            describe(flights, npy);

            delaysByDistance(flights).write().mode("overwrite").parquet(parquet);
            System.out.println("delays by distance, read back from " + parquet);
            spark.read().parquet(parquet).orderBy("miles_from").show();
        }
    }

    /** A memmap is a file: one inside a jar has to come out first. */
    private static Path unpack(String name, Path directory) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream resource = FlightDelays.class.getResourceAsStream("/flights/" + name)) {
            Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private static void describe(Dataset<Row> flights, String npy) {
        System.out.println(npy);
        flights.printSchema();
        System.out.println("partitions: " + flights.toJavaRDD().getNumPartitions());
        flights.selectExpr(
                        "count(*) AS flights",
                        "sum(delay) AS minutes",
                        "count_if(delay > 60) AS over_an_hour",
                        "max(distance) AS longest")
                .show();
    }

    private static Dataset<Row> delaysByDistance(Dataset<Row> flights) {
        return flights.groupBy(floor(col("distance").divide(BAND_MILES))
                        .multiply(BAND_MILES)
                        .as("miles_from"))
                .agg(
                        count(lit(1)).as("flights"),
                        round(avg("delay"), 2).as("mean_delay"),
                        max("delay").as("max_delay"));
    }
}
