package io.memmap.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The application that {@link AddedJarTest} submits: it writes, adds a jar to the running session and writes again. The
 * arguments are a directory on all hosts and the jars to add one after the other. Prints what it found behind {@link #FOUND}.
 */
public final class AddedJarJob {
    static final String FOUND = "FOUND ";
    private static final Pattern MESSAGE = Pattern.compile("Cannot .*, expected a value");

    private AddedJarJob() {}

    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().getOrCreate();
        try {
            for (int i = 1; i < args.length; i++) {
                if (!args[i].isEmpty()) {
                    spark.sql("ADD JAR '" + args[i] + "'");
                }
                write(spark, Path.of(args[0]), "round" + i);
            }
            failures(spark, Path.of(args[0]));
        } finally {
            spark.stop();
        }
    }

    private static void write(SparkSession spark, Path directory, String name) {
        String file = directory.resolve(name + ".npy").toString();
        String shards = directory.resolve(name).toString();
        for (String path : List.of(file, shards)) {
            Dataset<Row> numbers = spark.range(0, 1000, 1, 4).selectExpr("id AS value");
            numbers.write().format("memmap").save(path);
            numbers.write().format("memmap").mode("append").save(path);
            spark.range(0, 500, 1, 2)
                    .selectExpr("id AS value")
                    .write()
                    .format("memmap")
                    .mode("overwrite")
                    .save(path);
            numbers.write().format("memmap").mode("append").save(path);
        }
        spark.range(2, 4)
                .selectExpr("id", "-id AS value")
                .write()
                .format("memmap")
                .mode("append")
                .option("rowColumn", "id")
                .option("update", "true")
                .save(file);
        spark.sql("INSERT INTO memmap.`" + file + "` VALUES (7)");
        spark.sql("UPDATE memmap.`" + file + "` SET value = -1 WHERE _row = 0");
        spark.sql("MERGE INTO memmap.`" + file + "` t USING (SELECT 1L AS k UNION ALL SELECT 5000L) s ON t.value = s.k"
                + " WHEN MATCHED THEN UPDATE SET value = -k WHEN NOT MATCHED THEN INSERT (value) VALUES (k)");
        spark.sql("CREATE TABLE memmap.`" + shards + "-sql` AS SELECT id AS value FROM range(10)");
        spark.sql("INSERT OVERWRITE memmap.`" + shards + "-sql` SELECT count(*) FROM memmap.`" + shards + "-sql`");
        System.out.println(
                FOUND + name + " " + sum(spark, file) + " " + sum(spark, shards) + " " + sum(spark, shards + "-sql"));
    }

    /** A task that writes and one that reads. */
    private static void failures(SparkSession spark, Path directory) {
        failure(() -> spark.range(1)
                .selectExpr("CAST(NULL AS INT) AS value")
                .coalesce(1)
                .write()
                .format("memmap")
                .save(directory.resolve("null.npy").toString()));
        String large = directory.resolve("large.npy").toString();
        spark.sql("SELECT EXPLODE(ARRAY(9223372036854775807L, 1L)) AS value")
                .write()
                .format("memmap")
                .save(large);
        failure(() -> sum(spark, large));
    }

    /** Prints this source's message, and if an exception with it came to the driver. */
    private static void failure(Runnable work) {
        try {
            work.run();
        } catch (Exception e) {
            Matcher ours = MESSAGE.matcher(e.getMessage());
            boolean arrived = Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                    .anyMatch(IllegalArgumentException.class::isInstance);
            System.out.println(
                    FOUND + (ours.find() ? ours.group() : e.getMessage().replace('\n', ' ')) + " " + arrived);
        }
    }

    private static List<Row> sum(SparkSession spark, String path) {
        return spark.read()
                .format("memmap")
                .load(path)
                .selectExpr("sum(value)", "count(*)")
                .collectAsList();
    }
}
