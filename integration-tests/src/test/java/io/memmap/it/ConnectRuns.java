package io.memmap.it;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The JVM of {@link ConnectTest} that has Spark's Connect client on its class path, and neither Spark itself nor the
 * connector. Prints what it found.
 */
final class ConnectRuns {
    static final String FOUND = "FOUND ";

    private ConnectRuns() {}

    /** The argument: a directory that the server sees too. The server is that of the environment's SPARK_REMOTE. */
    public static void main(String[] args) throws IOException {
        String directory = args[0];
        SparkSession session = SparkSession.builder().getOrCreate();
        session.range(0, 1000, 1, 4)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .save(directory + "/x.npy");
        session.range(0, 10)
                .selectExpr("id * 100 AS row", "-1L AS value")
                .write()
                .format("memmap")
                .mode("append")
                .options(Map.of("rowColumn", "row", "update", "true"))
                .save(directory + "/x.npy");
        Dataset<Row> rows = session.read().format("memmap").load(directory + "/x.npy");
        System.out.println(FOUND + rows.selectExpr("sum(value)", "count(*)").first());
        System.out.println(FOUND
                + rows.where("_row BETWEEN 499 AND 501").select("_row", "value").collectAsList());
        rows.where("value >= 0").orderBy("value").write().format("memmap").save(directory + "/shards");
        System.out.println(FOUND
                + session.read()
                        .format("memmap")
                        .load(directory + "/shards")
                        .selectExpr("sum(value)")
                        .first());
        session.sql("CREATE TEMPORARY VIEW x USING memmap OPTIONS (path '" + directory + "/x.npy')");
        System.out.println(
                FOUND + session.sql("SELECT min(value), max(value) FROM x").first());
        statements(session, "memmap.`" + directory + "/t.npy`");
        failure(() -> session.sql("SELECT * FROM memmap.`/none.npy`").collectAsList());
        failure(() -> session.read().format("memmap").load("/none.npy").columns());
        failure(() -> session.range(1)
                .selectExpr("CAST(NULL AS INT) AS value")
                .write()
                .format("memmap")
                .save(directory + "/null.npy"));
        // Without details the client has what Python's clients use; it does not know the condition, and says so.
        session.conf().set("spark.sql.connect.enrichError.enabled", "false");
        failure(() -> session.sql("SELECT * FROM memmap.`/none.npy`").collectAsList());
        session.close();
    }

    /** The catalog is a setting of the client's session, and a class of the server's. */
    private static void statements(SparkSession session, String table) {
        session.conf().set("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog");
        session.sql("CREATE TABLE " + table + " (value BIGINT) TBLPROPERTIES ('shape'='4')");
        session.sql("UPDATE " + table + " SET value = _row * 10 WHERE _row >= 2");
        session.sql("INSERT INTO " + table + " VALUES (7)");
        session.sql("MERGE INTO " + table + " t USING (SELECT 30L AS k) s ON t.value = s.k"
                + " WHEN MATCHED THEN UPDATE SET value = -1");
        System.out.println(FOUND
                + session.sql("SELECT _row, value FROM " + table + " WHERE value <> 0 ORDER BY _row")
                        .collectAsList());
    }

    private static void failure(Runnable work) {
        try {
            work.run();
        } catch (Exception e) {
            System.out.println(FOUND + (e instanceof IllegalArgumentException) + " "
                    + e.getMessage().replace('\n', '|'));
        }
    }
}
