package io.memmap.examples;

import static org.apache.spark.sql.functions.expr;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Scales the rows of an (n, d) array of float32, such as embeddings, to unit length and writes them as float16, half the
 * bytes, to another .npy file with the rows in the same order.
 *
 * <p>Takes the input and the output, or makes an input of random rows:
 *
 * <pre>mvn -q -pl examples -am compile exec:exec -Dexample=NormaliseEmbeddings -Dargs="embeddings.npy unit.npy"</pre>
 */
public final class NormaliseEmbeddings {
    private static final int ROWS = 10_000;
    private static final int LENGTH = 64;
    private static final long SEED = 42;
    private static final String SQUARED_LENGTH = "aggregate(value, 0D, (sum, x) -> sum + x * x)";

    private NormaliseEmbeddings() {}

    public static void main(String[] args) throws IOException {
        Arguments.failInOneLine();
        Path input;
        Path output;
        if (args.length == 1) {
            throw new IllegalArgumentException("Cannot scale the rows of " + args[0]
                    + ": no output was named, expected an input and an output, or no arguments");
        } else if (args.length > 1) {
            input = Path.of(args[0]);
            output = Path.of(args[1]);
        } else {
            Path directory = Files.createTempDirectory("memmap-embeddings");
            input = makeEmbeddings(directory.resolve("embeddings.npy"));
            output = directory.resolve("unit.npy");
        }
        try (SparkSession spark = SparkSession.builder()
                .appName("NormaliseEmbeddings")
                .master("local[*]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            describe(load(spark, input), input);
            load(spark, input)
                    .withColumn("length", expr("sqrt(" + SQUARED_LENGTH + ")"))
                    .select(expr("transform(value, x -> IF(length = 0, 0, x / length)) AS value"))
                    .write()
                    .format("memmap")
                    .option("dtype", "float16")
                    .save(output.toString());
            describe(load(spark, output), output);
        }
    }

    /** Each row as one array, however short it is. */
    private static Dataset<Row> load(SparkSession spark, Path npy) {
        return spark.read().format("memmap").option("layout", "array").load(npy.toString());
    }

    private static void describe(Dataset<Row> embeddings, Path npy) throws IOException {
        System.out.println(npy + ", " + Files.size(npy) + " bytes");
        embeddings
                .selectExpr("size(value) AS d", "sqrt(" + SQUARED_LENGTH + ") AS length")
                .selectExpr(
                        "count(*) AS n",
                        "max(d) AS d",
                        "round(min(length), 3) AS shortest",
                        "round(max(length), 3) AS longest")
                .show();
    }

    private static Path makeEmbeddings(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] values = new float[ROWS * LENGTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        try (MemmapArray array = NpyFile.createMemmap(file, "float32", ROWS, LENGTH)) {
            array.copyFrom(values);
            array.flush();
        }
        return file;
    }
}
