package io.memmap.examples;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes any memmap, .npy file or directory of them to Parquet. Nothing that exists is overwritten.
 *
 * <p>Takes the input, the output, and options of the data source as {@code name=value}:
 *
 * <pre>mvn -q -pl examples -am compile exec:exec -Dexample=NpyToParquet -Dargs="in.dat out.parquet dtype=int16 shape=-1,360"</pre>
 */
public final class NpyToParquet {

    private NpyToParquet() {}

    public static void main(String[] args) throws IOException {
        Arguments.failInOneLine();
        if (args.length < 2) {
            throw new IllegalArgumentException("Cannot convert an array: found arguments " + Arrays.toString(args)
                    + ", expected an input, an output and any number of name=value");
        }
        String input = args[0];
        String output = args[1];
        Map<String, String> options = Arguments.options(Arrays.asList(args).subList(2, args.length));
        try (SparkSession spark = SparkSession.builder()
                .appName("NpyToParquet")
                .master("local[*]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            Dataset<Row> array = spark.read().format("memmap").options(options).load(input);
            System.out.println(input);
            array.printSchema();

            array.write().parquet(output);
            System.out.println(spark.read().parquet(output).count() + " rows in " + output);
        }
    }
}
