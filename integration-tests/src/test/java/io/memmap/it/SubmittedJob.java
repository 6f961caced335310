package io.memmap.it;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The application that {@link SparkSubmitTest} submits: it knows the connector by the name of its format only. The
 * argument is a directory on all hosts. Prints its id after {@link #APPLICATION}, and each result after {@link #FOUND}.
 */
public final class SubmittedJob {
    static final String FOUND = "FOUND ";
    static final String APPLICATION = "APPLICATION ";

    private SubmittedJob() {}

    public static void main(String[] args) {
        String file = args[0] + "/x.npy";
        SparkSession spark = SparkSession.builder().getOrCreate();
        try {
            System.out.println(APPLICATION + spark.sparkContext().applicationId());
            Dataset<Row> numbers = spark.range(0, 10_000, 1, 4).selectExpr("id AS value");
            numbers.write().format("memmap").save(file);
            numbers.write().format("memmap").mode("append").save(file);
            numbers.write().format("memmap").mode("overwrite").save(args[0] + "/shards");
            say(read(spark, file).selectExpr("sum(value)", "count(*)"));
            say(read(spark, file)
                    .where("_row % 5000 = 1")
                    .groupBy("value")
                    .count()
                    .orderBy("value"));
            spark.sql("UPDATE memmap.`" + file + "` SET value = -1 WHERE _row BETWEEN 2 AND 3");
            say(spark.sql("SELECT _row, value FROM memmap.`" + file + "` WHERE _row BETWEEN 1 AND 4 ORDER BY _row"));
            say(read(spark, args[0] + "/shards").selectExpr("max(value)", "count(DISTINCT _file)"));
            say(spark.range(1).selectExpr("CAST(" + isOnClassPath() + " AS STRING)"));
        } finally {
            spark.stop();
        }
    }

    /** Returns true if the connector is there without {@code --jars}. */
    private static boolean isOnClassPath() {
        return ClassLoader.getSystemResource("io/memmap/spark/MemmapDataSource.class") != null;
    }

    private static Dataset<Row> read(SparkSession spark, String path) {
        return spark.read().format("memmap").option("minPartitions", 4).load(path);
    }

    private static void say(Dataset<Row> rows) {
        System.out.println(FOUND + rows.collectAsList());
    }
}
