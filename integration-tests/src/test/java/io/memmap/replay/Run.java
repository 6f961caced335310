package io.memmap.replay;

import io.memmap.spark.MemmapCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** One write of a {@link WriteKind} to a target. */
record Run(SparkSession spark, Path target) {
    private static final String SIDECAR = "{\"dtype\": \"<i8\", \"shape\": [200, 2], \"order\": \"C\"}";

    private Dataset<Row> rows(long from, int count) {
        return rows(spark, from, count);
    }

    private DataFrameWriter<Row> writer(Dataset<Row> rows, String mode, String... options) {
        DataFrameWriter<Row> writer = rows.write().format("memmap").mode(mode).option("dtype", "<i8");
        for (int i = 0; i < options.length; i += 2) {
            writer.option(options[i], options[i + 1]);
        }
        return writer;
    }

    void save(String mode, String... options) {
        writer(rows(5000, 120), mode, options).save(target.toString());
    }

    void overwrite() {
        save("overwrite");
    }

    void append() {
        save("append");
    }

    void appendRaw() {
        save("append", "container", "raw");
    }

    void overwriteFortran() {
        save("overwrite", "order", "F");
    }

    void overwriteByNothing() {
        writer(rows(0, 0), "overwrite").save(target.toString());
    }

    private void saveOld(Path path, String... options) {
        writer(rows(0, 200), "overwrite", options).save(path.toString());
    }

    /** No partition has rows of two tasks, whose order nothing promises. */
    private DataFrameWriter<Row> partitioned(Dataset<Row> rows, String mode, String... options) {
        return writer(rows.selectExpr("*", "IF(c0 < 5000, c0 DIV 100, 50 + (c0 - 5000) DIV 60) AS part"), mode, options)
                .partitionBy("part");
    }

    void savePartitioned(String mode, String... options) {
        partitioned(rows(5000, 120), mode, options).save(target.toString());
    }

    void overwritePartitions() {
        savePartitioned("overwrite", "partitionOverwriteMode", "dynamic");
    }

    void createOldPartitioned() {
        partitioned(rows(0, 200), "overwrite").save(target.toString());
    }

    private void sideBySide(Dataset<Row> rows, String mode) {
        rows.write().format("memmap").mode(mode).option("layout", "sideBySide").save(target.toString());
    }

    void saveSideBySide(String mode) {
        sideBySide(rows(5000, 120), mode);
    }

    void createOldSideBySide() {
        sideBySide(rows(0, 200), "overwrite");
    }

    void saveNpz(long from, int count) {
        writer(rows(from, count), "overwrite").save(target.toString());
    }

    void createOld() {
        saveOld(target);
    }

    void createOldFortran() {
        saveOld(target, "order", "F");
    }

    void createOldRawDirectory() {
        saveOld(target, "container", "raw");
    }

    void createOldBesideSidecar() throws IOException {
        saveOld(target);
        Files.writeString(Path.of(target + ".memmap.json"), SIDECAR);
    }

    /** Shards without a manifest, as NumPy would leave them. */
    void createOldForeignDirectory() throws IOException {
        writer(rows(0, 90), "overwrite").save(target.resolve("a.npy").toString());
        writer(rows(90, 110), "overwrite").save(target.resolve("b.npy").toString());
        Files.writeString(target.resolve("notes.txt"), "not an array");
    }

    void createOldBehindLink() throws IOException {
        Path real = target.resolveSibling("real").resolve(target.getFileName());
        saveOld(real);
        Files.createSymbolicLink(target, target.getParent().relativize(real));
    }

    private Dataset<Row> placed(int from, int to) {
        return spark.range(from, to, 1, 2).selectExpr("id AS row", "9000 + id AS c0", "9000 + id + 1000000 AS c1");
    }

    private void byRow(Dataset<Row> rows, String mode, String... options) {
        writer(rows, mode, options).option("rowColumn", "row").save(target.toString());
    }

    void update() {
        byRow(placed(1, 20).union(placed(22, 120)).union(placed(199, 200)), "append", "update", "true");
    }

    void updateFew() {
        byRow(placed(1, 3).union(placed(70, 71)).union(placed(199, 200)), "append", "update", "true");
    }

    void place() {
        Dataset<Row> rows = placed(1, 20).union(placed(22, 120)).union(placed(149, 150));
        byRow(rows, "overwrite", "shape", "150,2", "fillValue", "7");
    }

    private void sql(String statement) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.catalog.memmap", MemmapCatalog.class.getName());
        rows(session, 5000, 120).createOrReplaceTempView("brought");
        session.sql(statement.replace("@", "memmap.`" + target + "`")).collectAsList();
    }

    private static Dataset<Row> rows(SparkSession session, long from, int count) {
        return session.range(from, from + count, 1, 2).selectExpr("id AS c0", "id + 1000000 AS c1");
    }

    void sqlUpdate() {
        sql("UPDATE @ SET c0 = c0 + 9000 WHERE _row IN (3, 60, 61, 150)");
    }

    void merge() {
        sql("MERGE INTO @ AS t USING (SELECT c0, c1 FROM brought UNION ALL SELECT id AS c0, id AS c1 FROM range(3, 151)"
                + " WHERE id IN (3, 60, 61, 150)) AS s ON t.c0 = s.c0 AND s.c0 < 1000"
                + " WHEN MATCHED THEN UPDATE SET c0 = t.c0 + 9000"
                + " WHEN NOT MATCHED THEN INSERT (c0, c1) VALUES (s.c0, s.c1)");
    }

    void createTable() {
        sql("CREATE TABLE @ (c0 BIGINT, c1 BIGINT) TBLPROPERTIES ('shape'='150,2', 'fillValue'='7')");
    }

    void replaceTable() {
        sql("CREATE OR REPLACE TABLE @ (c0 BIGINT, c1 BIGINT) TBLPROPERTIES ('shape'='150,2', 'fillValue'='7')");
    }

    void createTableAsSelect() {
        sql("CREATE TABLE @ AS SELECT c0, c1 FROM brought");
    }

    void replaceTableAsSelect() {
        sql("CREATE OR REPLACE TABLE @ AS SELECT c0, c1 FROM brought");
    }

    void insertInto() {
        sql("INSERT INTO @ SELECT c0, c1 FROM brought");
    }

    void insertOverwrite() {
        sql("INSERT OVERWRITE @ SELECT c0, c1 FROM brought");
    }

    void drop() {
        sql("DROP TABLE @ PURGE");
    }
}
