package io.memmap.it;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The application that {@link AddedFormatTest} submits: it reads a file before and after it adds the jar of its format. The
 * arguments are the file and the jar. Prints what it found behind {@link #FOUND}.
 */
public final class AddedFormatJob {
    static final String FOUND = "FOUND ";

    private AddedFormatJob() {}

    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().getOrCreate();
        try {
            try {
                spark.read().format("memmap").load(args[0]).count();
            } catch (RuntimeException e) {
                System.out.println(FOUND + e.getMessage());
            }
            spark.sql("ADD JAR '" + args[1] + "'");
            Dataset<Row> triangles =
                    spark.read().format("memmap").option("minPartitions", 2).load(args[0]);
            System.out.println(FOUND
                    + triangles
                            .selectExpr(
                                    "count(*)", "sum(attribute)", "max(vertices[2][1])", "sum(normal[0] * attribute)")
                            .collectAsList());
            System.out.println(FOUND
                    + triangles
                            .where("_row = 3")
                            .selectExpr("_row", "vertices[1][0]")
                            .collectAsList());
        } finally {
            spark.stop();
        }
    }
}
