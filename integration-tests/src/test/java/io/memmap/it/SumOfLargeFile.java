package io.memmap.it;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The JVM of {@link MemoryTest} that has less heap than the file has bytes. */
final class SumOfLargeFile {
    static final String SUM = "SUM ";

    private SumOfLargeFile() {}

    public static void main(String[] args) {
        SparkSession spark = SharedSpark.session();
        for (String access : args[1].split(",", -1)) {
            Row sum = spark.read()
                    .format("memmap")
                    .option("dtype", "<f8")
                    .option("access", access)
                    .load(args[0])
                    .selectExpr("sum(value)", "count(value)", "max(value)")
                    .head();
            System.out.println(SUM + access + " " + sum);
        }
        spark.stop();
    }
}
