package consumer;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Makes an array in plain Java, sums it up in Spark, and prints the sum and the number of rows. */
public final class Consumer {
    private Consumer() {}

    public static void main(String[] args) throws Exception {
        Path file = Files.createTempDirectory("consumer").resolve("x.npy");
        try (MemmapArray a = NpyFile.createMemmap(file, "<f4", 10, 3)) {
            a.slice("2:4").fill(1.5);
            a.flush();
        }
        try (SparkSession spark =
                SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false").getOrCreate()) {
            System.out.println(spark.read()
                    .format("memmap")
                    .load(file.toString())
                    .selectExpr("sum(c0 + c1 + c2)", "count(*)")
                    .first());
        }
    }
}
