package io.memmap.examples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import io.memmap.array.MemmapArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Counts the tokens of a training set as language models are fed with: uint16, no header, one after the other. Prints the
 * most frequent ones and the first position of each.
 *
 * <p>Takes the file, or makes one of a million tokens:
 *
 * <pre>mvn -q -pl examples -am compile exec:exec -Dexample=TokenHistogram</pre>
 */
public final class TokenHistogram {
    private static final int VOCABULARY = 50_257;
    private static final int TOKENS = 1_000_000;
    private static final long SEED = 42;

    private TokenHistogram() {}

    public static void main(String[] args) throws IOException {
        Arguments.failInOneLine();
        Path file = args.length > 0
                ? Path.of(args[0])
                : makeTokens(Files.createTempDirectory("memmap-tokens").resolve("train.bin"));
        try (SparkSession spark = SparkSession.builder()
                .appName("TokenHistogram")
                .master("local[*]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            Dataset<Row> tokens =
                    spark.read().format("memmap").option("dtype", "uint16").load(file.toString());
            System.out.println(tokens.count() + " tokens in " + file + ", the first of them:");
            tokens.select("_row", "value").where("_row < 4").show();

            System.out.println("the most frequent:");
            tokens.groupBy("value")
                    .agg(count(lit(1)).as("count"), min("_row").as("first_row"))
                    .orderBy(col("count").desc(), col("value"))
                    .limit(5)
                    .show();
        }
    }

    /** Random tokens, the low ones more often. */
    private static Path makeTokens(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] tokens = new int[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            tokens[i] = random.nextInt(1 + random.nextInt(1 + random.nextInt(VOCABULARY)));
        }
        try (MemmapArray array =
                MemmapArray.raw(file).dtype("uint16").mode("w+").shape(TOKENS).open()) {
            array.copyFrom(tokens);
            array.flush();
        }
        return file;
    }
}
