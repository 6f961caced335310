package io.memmap.examples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.memmap.array.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * NumPy's {@code a[10:15, 10:15] = 5.5} on a file that is there, opened as {@code r+}, as a Spark job: five rows are read,
 * changed and put back in place; all other bytes of the file stay as they are.
 *
 * <p>Takes a .npy file of two axes with 15 to 100 columns of numbers, or makes one of (100, 100) zeros:
 *
 * <pre>mvn -q -pl examples -am compile exec:exec -Dexample=PatchBlock -Dargs=grid.npy</pre>
 */
public final class PatchBlock {
    private static final int FROM = 10;
    private static final int TO = 15;
    private static final double VALUE = 5.5;

    private PatchBlock() {}

    public static void main(String[] args) throws IOException {
        Arguments.failInOneLine();
        Path file = args.length > 0 ? Path.of(args[0]) : makeGrid();
        try (SparkSession spark = SparkSession.builder()
                .appName("PatchBlock")
                .master("local[*]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            patch(load(spark, file), file);

            System.out.println(file);
            load(spark, file)
                    .where("_row IN (9, 10, 14, 15)")
                    .select("_row", "c9", "c10", "c14", "c15")
                    .orderBy("_row")
                    .show();
        }
    }

    private static void patch(Dataset<Row> grid, Path file) {
        Set<String> block = IntStream.range(FROM, TO).mapToObj(i -> "c" + i).collect(Collectors.toSet());
        List<Column> row = new ArrayList<>(List.of(col("_row").as("row")));
        for (String name : grid.columns()) {
            row.add(block.contains(name) ? lit(VALUE).as(name) : col(name));
        }
        grid.where(col("_row").between(FROM, TO - 1))
                .select(row.toArray(Column[]::new))
                .write()
                .format("memmap")
                .mode("append")
                .option("rowColumn", "row")
                .option("update", true)
                .save(file.toString());
    }

    private static Dataset<Row> load(SparkSession spark, Path file) {
        return spark.read().format("memmap").option("layout", "columns").load(file.toString());
    }

    private static Path makeGrid() throws IOException {
        Path file = Files.createTempDirectory("memmap-patch").resolve("grid.npy");
        NpyFile.createMemmap(file, "float64", 100, 100).close();
        return file;
    }
}
