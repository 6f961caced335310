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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThatThrownBy(() -> load().select("_file").collectAsList())
                .hasMessageContaining("with name `_file` cannot be resolved");
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
                .hasMessageContaining(
                        "Cannot read column 'id': " + shown + " is not below the directory of its table, ")
                .hasMessageContaining(
                        directory + "/d, expected a path below it; other paths can only be given with a read, by"
                                + " the option columnPaths");
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
                "CREATE OR REPLACE TABLE memmap.`" + path + "` AS SELECT id FROM range(3)")) {
            assertThatThrownBy(() -> spark.sql(statement)).as(statement).hasMessageContaining(refusal);
        }
        assertThatThrownBy(() -> spark.sql("CREATE TABLE memmap.`" + path + "` AS SELECT id FROM range(3)"))
                .hasMessageContaining("already exists");
        assertThatThrownBy(() -> spark.sql("UPDATE memmap.`" + path + "` SET label = 2"))
                .hasMessageEndingWith("expected one array; UPDATE the files of a column by their own paths");
        assertThat(texts(load())).containsExactly("[10,0]", "[11,1]", "[12,0]");
        assertThat(table).doesNotExist();
    }

    @Test
    void isCreatedAndDroppedInSql() throws IOException {
        String created = "memmap.`" + directory.resolve("d/created") + "`";
        Path sidecar = directory.resolve("d/created.memmap.json");
        spark.sql("CREATE TABLE " + created + " (id BIGINT, label INT) TBLPROPERTIES ('columnPaths' ="
                + " \"{'id': 'data/ids.npy', 'label': {'path': 'labels.bin', 'dtype': '<i4'}}\")");
        assertThat(sidecar)
                .hasContent("{\"columnPaths\": {\"id\": \"data/ids.npy\","
                        + " \"label\": {\"path\": \"labels.bin\", \"dtype\": \"<i4\"}}}");
        assertThat(texts(spark.sql("SELECT sum(id) FROM " + created + " WHERE label = 0")))
                .containsExactly("[22]");
        assertThatThrownBy(() -> spark.sql(
                        "CREATE TABLE " + created + " TBLPROPERTIES (columnPaths '{\"id\": \"data/ids.npy\"}')"))
                .hasMessageContaining("already exists");
        assertThatThrownBy(() -> spark.sql("INSERT INTO " + created + " VALUES (1, 2)"))
                .hasMessageContaining(sidecar + " describes arrays side by side, expected one array");
        spark.sql("CREATE OR REPLACE TABLE " + created + " TBLPROPERTIES (COLUMNPATHS '{\"n\": \"data/ids.npy\"}')");
        assertThat(texts(spark.sql("SELECT max(n) FROM " + created))).containsExactly("[12]");
        assertThatThrownBy(() -> spark.sql("DROP TABLE " + created))
                .hasMessageContaining("expected DROP TABLE ... PURGE");
        spark.sql("DROP TABLE " + created + " PURGE");
        assertThat(sidecar).doesNotExist();
        assertThat(texts(load())).containsExactly("[10,0]", "[11,1]", "[12,0]");
        assertThat(SavedFiles.names(directory.resolve("d"))).containsExactly("data", "labels.bin", "train.memmap.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            new ! {"id": "../outside.npy"} ! ! ../outside.npy is not below the directory of its table
            new ! {"id": "none.npy"} ! ! none.npy
            new ! {"id": "data/ids.npy", "two": "data"} ! (id INT, two BIGINT) ! Cannot create @/new with columns id INT,two BIGINT: its arrays are id BIGINT,two BIGINT, expected these; leave the columns out
            new ! [] ! ! columnPaths
            new ! {"id": "data/ids.npy"} ! AS SELECT 1L AS id ! Cannot create @/new with columnPaths AS SELECT: its arrays are there already, expected no query
            new ! {"id": "data/ids.npy"}', 'order' = 'C ! ! Cannot create @/new with columnPaths and order: its arrays are there already, expected columnPaths alone
            new ! {"id": "data/ids.npy"} ! (id BIGINT) PARTITIONED BY (id) ! Cannot create @/new with columnPaths and PARTITIONED BY
            data/ids.npy ! {"id": "ids.npy"} ! ! Cannot create @/data/ids.npy with columnPaths: found @/data/ids.npy, expected nothing of that name
            gone ! {"id": "data/ids.npy"} ! ! Cannot create @/gone with columnPaths: found @/gone.memmap.json, expected nothing of that name; drop or move it, or choose another name
            """)
    void whatMakesNoTableIsNotCreated(String name, String columnPaths, String rest, String message) throws IOException {
        Path home = directory.resolve("d");
        Files.writeString(home.resolve("gone.memmap.json"), "{\"dtype\": \"<f4\"}");
        List<String> before = SavedFiles.names(home);
        String more = rest == null ? "" : rest;
        boolean query = more.startsWith("AS");
        String properties = " TBLPROPERTIES ('columnPaths' = '" + columnPaths + "') ";
        String create = name.equals("data/ids.npy") ? "CREATE OR REPLACE TABLE" : "CREATE TABLE";
        assertThatThrownBy(() -> spark.sql(create + " memmap.`" + home.resolve(name) + "` "
                        + (query ? properties + more : more + properties)))
                .hasMessageContaining(message.replace("@", home.toString()));
        assertThat(SavedFiles.names(home)).isEqualTo(before);
        assertThat(home.resolve("gone.memmap.json")).hasContent("{\"dtype\": \"<f4\"}");
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
