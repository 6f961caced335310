package io.memmap.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Arrays in SQL: the program of numpy.memmap's documentation as five statements, then a record that is filled, updated and
 * dropped. Each statement is printed, and what it gives.
 *
 * <p>Takes a directory for the files, or makes a temporary one:
 *
 * <pre>mvn -q -pl examples -am compile exec:exec -Dexample=SqlStatements</pre>
 */
public final class SqlStatements {
    private static final List<String> STATEMENTS = List.of(
            """
            CREATE TABLE memmap.`grid.dat`
            TBLPROPERTIES ('dtype'='float64', 'shape'='100,100', 'layout'='elements')""",
            """
            SELECT sum(value) FROM memmap.`grid.dat`""",
            """
            UPDATE memmap.`grid.dat` SET value = 5.5
            WHERE i0 BETWEEN 10 AND 14 AND i1 BETWEEN 10 AND 14""",
            """
            SELECT sum(value) FROM memmap.`grid.dat`""",
            """
            SELECT max(value) FILTER (WHERE i0 = 12 AND i1 = 12) AS `[12, 12]`, sum(value)
            FROM memmap.`grid.dat`""",
            """
            CREATE TABLE memmap.`sensors.npy`
            AS SELECT id AS sensor, CAST(id * 1.5 AS FLOAT) AS reading FROM range(4)""",
            """
            INSERT INTO memmap.`sensors.npy` VALUES (4, 6.0)""",
            """
            MERGE INTO memmap.`sensors.npy` AS t
            USING (SELECT 3L AS sensor, 9.5F AS reading UNION ALL SELECT 7L, 10.5F) AS s
            ON t.sensor = s.sensor
            WHEN MATCHED THEN UPDATE SET reading = s.reading
            WHEN NOT MATCHED THEN INSERT *""",
            """
            SELECT _row, * FROM memmap.`sensors.npy` WHERE _row >= 2 ORDER BY _row""",
            """
            DROP TABLE memmap.`sensors.npy` PURGE""");

    private SqlStatements() {}

    public static void main(String[] args) throws IOException {
        Arguments.failInOneLine();
        Path directory =
                args.length > 0 ? Files.createDirectories(Path.of(args[0])) : Files.createTempDirectory("memmap-sql");
        try (SparkSession spark = SparkSession.builder()
                .appName("SqlStatements")
                .master("local[*]")
                .config("spark.ui.enabled", false)
                .config("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog")
                .getOrCreate()) {
            for (String statement : STATEMENTS) {
                System.out.println(statement + ";");
                Dataset<Row> result = spark.sql(statement.replace("memmap.`", "memmap.`" + directory + "/"));
                if (result.columns().length > 0) {
                    result.show();
                }
            }
        }
    }
}
