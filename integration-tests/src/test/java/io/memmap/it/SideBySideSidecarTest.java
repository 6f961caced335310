package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays side by side under a name of their own, which a sidecar without an array gives them. */
class SideBySideSidecarTest {
    private final SparkSession spark = SharedSpark.session().newSession();

    @TempDir
    private Path directory;

    private Path table;

    @BeforeEach
    void write() throws IOException {
        spark.conf().set("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        table = Files.createDirectories(directory.resolve("d")).resolve("train");
        Npy.of("'<i8'", "(3,)").write(directory.resolve("d/data/ids.npy"), Npy.i8(10, 11, 12));
        Files.write(directory.resolve("d/labels.bin"), Npy.i4(0, 1, 0));
        Npy.of("'<i8'", "(3,)").write(directory.resolve("outside.npy"), Npy.i8(1, 2, 3));
        describe("{\"id\": \"data/ids.npy\", \"label\": {\"path\": \"labels.bin\", \"dtype\": \"<i4\"}}");
    }

    private void describe(String columnPaths) throws IOException {
        Files.writeString(Path.of(table + ".memmap.json"), "{\"columnPaths\": " + columnPaths + "}");
    }

    private Dataset<Row> load() {
        return spark.read().format("memmap").load(table.toString());
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void isReadByItsPathAndInSql() {
        assertThat(texts(load().where("_row >= 1"))).containsExactly("[11,1]", "[12,0]");
        assertThat(texts(spark.sql("SELECT sum(id) FROM memmap.`" + table + "` WHERE label = 0")))
                .containsExactly("[22]");
        assertThat(texts(spark.sql("DESCRIBE memmap.`" + table + "`")).subList(0, 2))
                .allSatisfy(line -> assertThat(line).containsPattern("id,bigint|label,int"));
        assertThatThrownBy(() -> load().select("_file").collectAsList()).hasMessageContaining("no column '_file'");
    }

    @Test
    void isListed() throws IOException {
        Files.writeString(directory.resolve("d/gone.bin.memmap.json"), "{\"dtype\": \"<f4\"}");
        Files.writeString(directory.resolve("d/odd.memmap.json"), "{");
        assertThat(texts(spark.sql("SHOW TABLES IN memmap.`" + directory.resolve("d") + "`")))
                .singleElement()
                .asString()
                .contains(",train,");
    }

    @Test
    void namesNothingOutsideOfItsDirectory() throws IOException {
        assertOutside("../outside.npy", "../outside.npy");
        assertOutside("data/../../outside.npy", "data/../../outside.npy");
        assertOutside(directory + "/outside.npy", directory + "/outside.npy");
        assertOutside("file:" + directory + "/outside.npy", "file:" + directory + "/outside.npy");
        Files.createSymbolicLink(directory.resolve("d/link.npy"), directory.resolve("outside.npy"));
        assertOutside("link.npy", "file:" + directory + "/d/link.npy");
        Files.createSymbolicLink(directory.resolve("d/linked"), directory);
        assertOutside("linked/outside.npy", "file:" + directory + "/d/linked/outside.npy");
    }

    private void assertOutside(String path, String shown) throws IOException {
        describe("{\"id\": \"" + path + "\"}");
        assertThatThrownBy(() -> load().collectAsList())
                .as(path)
                .hasMessageContaining("Cannot read column 'id': " + shown + " is not below the directory of its table,"
                        + " expected a path below it; other paths can only be given with a read, by the option"
                        + " columnPaths");
    }

    @Test
    void refusesWhatIsNoDictOfPaths() throws IOException {
        Path sidecar = Path.of(table + ".memmap.json");
        describe("[]");
        assertThatThrownBy(this::load).hasMessageContaining(sidecar + ": columnPaths is [], expected a JSON object");
        describe("{\"id\": 3}");
        assertThatThrownBy(this::load)
                .hasMessageContaining("Cannot read " + sidecar + ": columnPaths column 'id': it has no path");
        Files.writeString(sidecar, "{\"columnPaths\": {\"id\": \"data/ids.npy\"}, \"dtype\": \"<f4\"}");
        assertThatThrownBy(this::load).hasMessageContaining(sidecar + ": ").hasMessageContaining("dtype");
        Files.writeString(sidecar, "{\"dtype\": \"<f4\"}");
        assertThatThrownBy(this::load).hasMessageContaining("train");
    }

    @Test
    void isReadOnly() {
        String path = "file:" + table;
        String refusal = ": " + path + ".memmap.json describes arrays side by side, expected one array; write each of"
                + " them by its own path, or remove the sidecar";
        for (String mode : List.of("append", "overwrite", "errorifexists", "ignore")) {
            assertThatThrownBy(() ->
                            spark.range(3).write().format("memmap").mode(mode).save(table.toString()))
                    .as(mode)
                    .hasMessageContaining("Cannot write to ")
                    .hasMessageContaining(".memmap.json describes arrays side by side, expected one array");
        }
        for (String statement : List.of(
                "INSERT INTO memmap.`" + path + "` VALUES (1, 2)",
                "INSERT OVERWRITE memmap.`" + path + "` VALUES (1, 2)",
                "DROP TABLE memmap.`" + path + "` PURGE",
                "CREATE OR REPLACE TABLE memmap.`" + path + "` AS SELECT id FROM range(3)")) {
            assertThatThrownBy(() -> spark.sql(statement)).as(statement).hasMessageContaining(refusal);
        }
        assertThatThrownBy(() -> spark.sql("CREATE TABLE memmap.`" + path + "` AS SELECT id FROM range(3)"))
                .hasMessageContaining("already exists");
        assertThatThrownBy(() -> spark.sql("UPDATE memmap.`" + path + "` SET label = 2"))
                .hasMessageContaining("side by side");
        assertThat(texts(load())).containsExactly("[10,0]", "[11,1]", "[12,0]");
        assertThat(table).doesNotExist();
    }

    @Test
    void aTableOfSparksCatalogNamesNothingOutsideOfItsDirectory() {
        spark.sql("CREATE TABLE stored_columns (id BIGINT) USING memmap LOCATION '" + directory.resolve("d")
                + "' TBLPROPERTIES ('columnPaths' = '{\"id\": \"data/ids.npy\"}')");
        try {
            assertThat(texts(spark.sql("SELECT max(id) FROM stored_columns"))).containsExactly("[12]");
        } finally {
            spark.sql("DROP TABLE stored_columns");
        }
        assertThatThrownBy(
                        () -> spark.sql("CREATE TABLE stored_columns USING memmap LOCATION '" + directory.resolve("d")
                                        + "' TBLPROPERTIES ('columnPaths' = '{\"id\": \"../outside.npy\"}')")
                                .sparkSession()
                                .table("stored_columns")
                                .collectAsList())
                .hasMessageContaining("../outside.npy is not below the directory of its table");
        spark.sql("DROP TABLE IF EXISTS stored_columns");
    }

    @Test
    void aWriteToOneOfTheArraysRefreshesWhatIsCached() {
        Dataset<Row> cached = load().cache();
        try {
            assertThat(texts(cached.selectExpr("sum(id)"))).containsExactly("[33]");
            spark.range(3)
                    .write()
                    .format("memmap")
                    .mode("overwrite")
                    .save(directory.resolve("d/data/ids.npy").toString());
            assertThat(texts(cached.selectExpr("sum(id)"))).containsExactly("[3]");
        } finally {
            cached.unpersist();
        }
    }
}
