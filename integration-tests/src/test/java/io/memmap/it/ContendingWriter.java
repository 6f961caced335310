package io.memmap.it;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One of several drivers that append to the same targets, until it is killed: numbers of its own, {@link #ROWS} at a time,
 * each time to the next target. Notes in a file what it begins, what is done and what failed, and tries again after a lock or a
 * change of another writer. Arguments: the directory of the targets, the file of notes, the first number.
 */
final class ContendingWriter {
    static final int ROWS = 3;
    /** A change in place with a record, the same with a sidecar, and directories: of shards, partitions and columns. */
    static final List<String> TARGETS = List.of("x.npy", "x.dat", "x", "partitioned", "columns");

    static final String BEGUN = "begun ";
    static final String DONE = "done ";
    static final String FAILED = "failed ";

    private ContendingWriter() {}

    public static void main(String[] args) throws IOException {
        SparkSession spark = SharedSpark.session();
        Path root = Path.of(args[0]);
        long next = Long.parseLong(args[2]);
        try (PrintStream notes = new PrintStream(
                Files.newOutputStream(Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8)) {
            for (int turn = 0; ; turn++) {
                String target = TARGETS.get(turn % TARGETS.size());
                notes.println(BEGUN + target + " " + next);
                try {
                    writer(spark, next, target)
                            .mode("append")
                            .save(root.resolve(target).toString());
                    notes.println(DONE + target + " " + next);
                } catch (RuntimeException e) {
                    notes.println(FAILED + target + " " + next + " "
                            + String.valueOf(e.getMessage()).replace('\n', ' '));
                }
                next += ROWS;
            }
        }
    }

    /** The rows of a write are in one partition. */
    private static DataFrameWriter<Row> writer(SparkSession spark, long first, String target) {
        Dataset<Row> values = spark.range(first, first + ROWS, 1, 1).selectExpr("id AS value");
        return switch (target) {
            case "partitioned" ->
                values.selectExpr("value", first / ROWS % 2 + " AS p")
                        .write()
                        .format("memmap")
                        .partitionBy("p");
            case "columns" ->
                values.selectExpr("value", "-value AS negative")
                        .write()
                        .format("memmap")
                        .option("layout", "sideBySide");
            default -> values.write().format("memmap");
        };
    }
}
