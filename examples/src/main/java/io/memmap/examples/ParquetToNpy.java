package io.memmap.examples;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a Parquet table to one .npy file, which NumPy then opens without reading it. Nothing that exists is overwritten.
 *
 * <p>Takes the input, the output, and options of the data source as {@code name=value}:
 *
 * <pre>mvn -q -pl examples -am compile exec:exec -Dexample=ParquetToNpy -Dargs="in.parquet out.npy order=F dtype=<f4"</pre>
 */
public final class ParquetToNpy {

    private ParquetToNpy() {}

    public static void main(String[] args) throws IOException {
        Arguments.failInOneLine();
        if (args.length < 2) {
            throw new IllegalArgumentException("Cannot convert a table: found arguments " + Arrays.toString(args)
                    + ", expected an input, an output and any number of name=value");
        }
        String input = args[0];
        String output = args[1];
        Map<String, String> options = Arguments.options(Arrays.asList(args).subList(2, args.length));
        try (SparkSession spark = SparkSession.builder()
                .appName("ParquetToNpy")
                .master("local[*]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            Dataset<Row> table = spark.read().parquet(input);
            System.out.println(input);
            table.printSchema();

            table.write()
                    .format("memmap")
                    .option("output", "file")
                    .options(options)
                    .save(output);
            System.out.println(spark.read().format("memmap").load(output).count() + " rows in " + output);
            System.out.println("in Python: np.load('" + output + "', mmap_mode='r')");
        }
    }
}
