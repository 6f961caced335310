package io.memmap.it;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The application whose classes {@link SparkInstallation} archives: a little of all that tests do, without the connector. */
public final class SparkClasses {
    private SparkClasses() {}

    /** The argument is a directory that the application may fill. */
    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.log.level", "WARN")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.warehouse.dir", args[0])
                .getOrCreate();
        Dataset<Row> numbers =
                spark.range(0, 100, 1, 2).selectExpr("id AS k", "id % 7 AS v", "array_repeat(id, 2) AS a");
        numbers.write().format("noop").mode("overwrite").save();
        numbers.write().mode("overwrite").parquet(args[0] + "/numbers");
        spark.read().parquet(args[0] + "/numbers").createOrReplaceTempView("numbers");
        spark.createDataFrame(List.of(RowFactory.create(1L, "a")), StructType.fromDDL("k BIGINT, name STRING"))
                .createOrReplaceTempView("names");
        spark.sql(
                        "SELECT v, count(*), sum(n.k), max(name), min(a[0]) FROM numbers AS n LEFT JOIN names AS m ON n.k = m.k"
                                + " WHERE n.k > 3 GROUP BY v ORDER BY v LIMIT 5")
                .collectAsList();
        spark.stop();
    }
}
