package io.memmap.it;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The application that {@link AddedJarTest} submits: it writes, adds a jar to the running session and writes again. The
 * arguments are a directory on all hosts and the jars to add one after the other. Prints what it found behind {@link #FOUND}.
 */
public final class AddedJarJob {
    static final String FOUND = "FOUND ";

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

    private static List<Row> sum(SparkSession spark, String path) {
        return spark.read()
                .format("memmap")
                .load(path)
                .selectExpr("sum(value)", "count(*)")
                .collectAsList();
    }
}
