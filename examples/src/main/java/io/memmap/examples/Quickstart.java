package io.memmap.examples;

import io.memmap.array.MemmapArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Creates a memmap in plain Java, writes a square of it, opens it again, and sums the same file through Spark.
 *
 * <p>Takes a directory for the file, or makes a temporary one:
 *
 * <pre>mvn -q -pl examples -am compile exec:exec -Dexample=Quickstart</pre>
 */
public final class Quickstart {

    private Quickstart() {}

    public static void main(String[] args) throws IOException {
        Arguments.failInOneLine();
        Path directory = args.length > 0
                ? Files.createDirectories(Path.of(args[0]))
                : Files.createTempDirectory("memmap-quickstart");
        Path file = directory.resolve("quickstart.dat");
        write(file);
        read(file);
        try (SparkSession spark = SparkSession.builder()
                .appName("Quickstart")
                .master("local[*]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            query(spark, file);
        }
    }

    private static void write(Path file) throws IOException {
        try (MemmapArray array = MemmapArray.raw(file)
                .dtype("float64")
                .mode("w+")
                .shape(100, 100)
                .open()) {
            array.flush();
            System.out.println("created:  " + array);
            System.out.println("sum:      " + array.sum());

            array.slice("10:15, 10:15").fill(5.5);
            array.flush();
            System.out.println("sum:      " + array.sum());
        }
    }

    private static void read(Path file) throws IOException {
        try (MemmapArray array =
                MemmapArray.raw(file).dtype("float64").mode("r").shape(100, 100).open()) {
            System.out.println("reopened: " + array);
            System.out.println("[12, 12]: " + array.getDouble(12, 12));
            System.out.println("sum:      " + array.sum());
        }
    }

    private static void query(SparkSession spark, Path file) {
        Dataset<Row> elements = spark.read()
                .format("memmap")
                .option("dtype", "float64")
                .option("shape", "100,100")
                .option("layout", "elements")
                .load(file.toString());
        System.out.println("through Spark:");
        elements.selectExpr("count(*) AS elements", "sum(value) AS sum").show();
        elements.where("i0 = 12 AND i1 BETWEEN 9 AND 11").show();
    }
}
