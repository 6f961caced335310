package io.memmap.it;

import static io.memmap.it.SavedFiles.header;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static io.memmap.it.SavedFiles.rawLongs;
import static io.memmap.it.SavedFiles.readLongs;
import static io.memmap.it.SavedFiles.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.MemmapSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that would put something else into an array than their author means, or into somebody else's. */
class WriteGuardTest extends SqlStatements {
    private static final StructType LONGS = new StructType().add("value", DataTypes.LongType, false);

    private Dataset<Row> longs(long from, long to) {
        return session.spark().range(from, to, 1, 1).selectExpr("id AS value");
    }

    private static void npy(Path directory, long... values) throws IOException {
        Files.createDirectories(directory);
        Npy.of("'<i8'", "(" + values.length + ",)").write(directory.resolve("0.npy"), Npy.i8(values));
    }

    private void save(Dataset<Row> rows, Path path, SaveMode mode) {
        rows.write().format("memmap").mode(mode).save(path.toString());
    }

    /** NumPy writes no manifest. Spark takes the names of these directories for columns. */
    @Test
    void rowsInHiddenPartitionsAreAppendedTo() throws IOException {
        Path array = directory.resolve("x");
        npy(array.resolve("_p=1"), 0, 1);
        npy(array.resolve("_p=2"), 2);
        longs(3, 5)
                .selectExpr("value", "1 AS _p")
                .write()
                .format("memmap")
                .partitionBy("_p")
                .mode("append")
                .save(array.toString());
        session.sql("INSERT INTO memmap.`@/x` VALUES (5L, 3)");
        assertThat(session.sql("SELECT * FROM memmap.`@/x` ORDER BY value"))
                .hasToString("[[0,1], [1,1], [2,2], [3,1], [4,1], [5,3]]");
    }

    /** A job measures the texts before they are written. Another writer makes the array meanwhile. */
    @ParameterizedTest
    @EnumSource(names = {"ErrorIfExists", "Ignore"})
    void anArrayThatAppearsWhileTextsAreMeasuredIsNotAppendedTo(SaveMode mode) throws IOException {
        String made = directory.resolve("made.npy").toString();
        String array = directory.resolve("x.npy").toString();
        Dataset<Row> texts = longs(0, 2).selectExpr("CAST(value AS STRING) AS name");
        save(texts, Path.of(made), SaveMode.Overwrite);
        UDF1<String, String> appear = text -> {
            if (Files.notExists(Path.of(array))) {
                Files.copy(Path.of(made), Path.of(array));
            }
            return text;
        };
        session.spark().udf().register("appear", appear, DataTypes.StringType);
        Dataset<Row> rows = texts.selectExpr("appear(name) AS name");
        if (mode == SaveMode.Ignore) {
            save(rows, Path.of(array), mode);
        } else {
            assertThatThrownBy(() -> save(rows, Path.of(array), mode))
                    .hasStackTraceContaining(
                            array + ": it exists, expected nothing there under the save mode errorifexists");
        }
        assertThat(Path.of(array)).hasSameBinaryContentAs(Path.of(made));
    }

    @Test
    void theManifestKnowsTheRowsOfEachShard() throws IOException {
        Path array = directory.resolve("x");
        save(longs(0, 3), array, SaveMode.ErrorIfExists);
        String shard = array.resolve(shards(array).get(0)).toString();
        String merge = " t USING (SELECT * FROM VALUES (1L, 20L), (7L, 70L) AS v(k, v)) s ON t.value = s.k"
                + " WHEN MATCHED THEN UPDATE SET value = v WHEN NOT MATCHED THEN INSERT (value) VALUES (v)";
        assertThatThrownBy(() -> session.sql("MERGE INTO memmap.`@/x`" + merge))
                .hasStackTraceContaining("it is a directory of shards, expected a file; update the shard itself, ");
        assertThatThrownBy(() -> session.sql("MERGE INTO memmap.`" + shard + "`" + merge))
                .hasStackTraceContaining("lists it with its number of rows, expected a file of its own");
        assertThatThrownBy(() -> save(longs(3, 5), Path.of(shard), SaveMode.Append))
                .hasStackTraceContaining("lists it with its number of rows, expected a file of its own");
        Path link = Files.createSymbolicLink(directory.resolve("link.npy"), Path.of(shard));
        assertThatThrownBy(() -> session.sql("MERGE INTO memmap.`" + link + "`" + merge))
                .hasStackTraceContaining("lists it with its number of rows, expected a file of its own");
        session.sql("UPDATE memmap.`" + shard + "` SET value = 10 WHERE _row = 1");
        assertThat(readLongs(session.spark(), array)).containsExactly(0, 10, 2);
    }

    @Test
    void rowsAreNoElements() throws IOException {
        session.sql("CREATE TABLE memmap.`@/g.dat` TBLPROPERTIES ('dtype'='<f8', 'shape'='3,3', 'layout'='elements')");
        byte[] before = Files.readAllBytes(directory.resolve("g.dat"));
        for (String insert : new String[] {"INSERT INTO", "INSERT OVERWRITE"}) {
            assertThatThrownBy(() -> session.sql(insert + " memmap.`@/g.dat` VALUES (1L, 2L, 5.5D)"))
                    .hasStackTraceContaining("it is read element by element, as layout=elements");
        }
        assertThat(Files.readAllBytes(directory.resolve("g.dat"))).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"transpose,true", "pathGlobFilter,x*"})
    void aTableShowsTheArrayAsItIsStored(String option, String value) throws IOException {
        session.sql("CREATE TABLE memmap.`@/x.npy` TBLPROPERTIES ('dtype'='<f8', 'shape'='2,2')");
        catalog("turned", option, value);
        for (String insert : new String[] {"INSERT INTO", "INSERT OVERWRITE"}) {
            assertThatThrownBy(() -> session.sql(insert + " turned.`@/x.npy` VALUES (1D, 2D)"))
                    .hasStackTraceContaining("it is read with transpose, pathGlobFilter or recursiveFileLookup");
        }
    }

    private void catalog(String name, String option, String value) {
        session.spark().conf().set("spark.sql.catalog." + name, "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog." + name + "." + option, value);
    }

    /** What is a row of the table is a column of the file, behind which there is no room for another. */
    @Test
    void rowsOfATurnedTableAreNoRowsOfTheFile() throws IOException {
        Path array =
                Npy.of("'<i8'", "(2, 3)").inFortranOrder().write(directory.resolve("x.npy"), Npy.i8(0, 1, 2, 3, 4, 5));
        byte[] before = Files.readAllBytes(array);
        catalog("sideways", "transpose", "true");
        assertThatThrownBy(() -> session.sql("MERGE INTO sideways.`@/x.npy` t USING (SELECT 7L AS k) s ON t.c0 = s.k"
                        + " WHEN MATCHED THEN UPDATE SET c1 = k WHEN NOT MATCHED THEN INSERT (c0, c1) VALUES (k, k)"))
                .hasStackTraceContaining("it is read with transpose, and new rows of it are no rows of the file");
        assertThat(Files.readAllBytes(array)).isEqualTo(before);
        session.sql("UPDATE sideways.`@/x.npy` SET c1 = 40 WHERE c0 = 2");
        assertThat(npyLongs(array)).containsExactly(0, 1, 2, 40, 4, 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO part.`@/x.dat` VALUES (9L)",
                "INSERT OVERWRITE part.`@/x.dat` VALUES (9L)",
                "MERGE INTO part.`@/x.dat` t USING (SELECT 9L AS k) s ON t.value = s.k"
                        + " WHEN MATCHED THEN UPDATE SET value = 1 WHEN NOT MATCHED THEN INSERT (value) VALUES (k)"
            })
    void whatFollowsTheRowsOfARawFileStays(String statement) throws IOException {
        Path raw = Files.write(directory.resolve("x.dat"), Npy.i8(0, 1, 2, 3));
        Files.writeString(directory.resolve("x.dat.memmap.json"), "{\"dtype\": \"<i8\", \"shape\": [2]}");
        catalog("part", "trailingBytes", "ignore");
        assertThat(session.value("SELECT count(*) FROM part.`@/x.dat`")).isEqualTo(2L);
        assertThatThrownBy(() -> session.sql(statement))
                .hasStackTraceContaining(
                        "16 bytes follow its rows from byte 16 on, expected nothing; they would be lost");
        assertThat(rawLongs(raw)).containsExactly(0, 1, 2, 3);
        session.sql("UPDATE part.`@/x.dat` SET value = 10 WHERE _row = 1");
        assertThat(rawLongs(raw)).containsExactly(0, 10, 2, 3);
    }

    /** A sidecar beside a .npy file tells what its header cannot. */
    @Test
    void aSidecarGrowsWithItsHeaderAndGoesWithItsArray() throws IOException {
        Path array = directory.resolve("x.npy");
        Path sidecar = directory.resolve("x.npy.memmap.json");
        save(longs(0, 2), array, SaveMode.ErrorIfExists);
        Files.writeString(sidecar, "{\"dtype\": \"<i8\", \"shape\": [2], \"columnNames\": [\"n\"]}");
        save(longs(2, 3).withColumnRenamed("value", "n"), array, SaveMode.Append);
        assertThat(session.value("SELECT sum(n) FROM memmap.`@/x.npy`")).isEqualTo(3L);
        assertThat(npyLongs(array)).containsExactly(0, 1, 2);
        save(longs(5, 6), array, SaveMode.Overwrite);
        assertThat(sidecar).doesNotExist();
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/x.npy`")).isEqualTo(5L);
    }

    /** What a job has planned, when it comes to publish it. */
    private BatchWrite planned(Path path, StructType schema) {
        SupportsWrite table =
                (SupportsWrite) new MemmapSink().getTable(schema, new Transform[0], Map.of("path", path.toString()));
        String queryId = UUID.randomUUID().toString();
        return table.newWriteBuilder(new LogicalWriteInfo() {
                    @Override
                    public CaseInsensitiveStringMap options() {
                        return new CaseInsensitiveStringMap(Map.of("path", path.toString()));
                    }

                    @Override
                    public String queryId() {
                        return queryId;
                    }

                    @Override
                    public StructType schema() {
                        return schema;
                    }
                })
                .build()
                .toBatch();
    }

    @Test
    void aDirectoryThatAppearedMeanwhileIsNobodysTarget() throws IOException {
        Path array = directory.resolve("x");
        BatchWrite late = planned(array, LONGS);
        save(longs(0, 3), array, SaveMode.ErrorIfExists);
        late.createBatchWriterFactory(() -> 0);
        assertThatThrownBy(() -> late.commit(new WriterCommitMessage[0]))
                .hasMessageContaining("it changed since the write was planned, from nothing to ExistingArray");
        late.abort(new WriterCommitMessage[0]);
        assertThat(readLongs(session.spark(), array)).containsExactly(0, 1, 2);
        assertThat(names(directory)).containsExactly("x");
    }

    @Test
    void aDirectoryOfAnotherTypeMeanwhileIsNoTarget() throws IOException {
        Path array = directory.resolve("x");
        save(longs(0, 3), array, SaveMode.ErrorIfExists);
        BatchWrite late = planned(array, LONGS);
        save(longs(0, 2).selectExpr("CAST(value AS DOUBLE) AS value"), array, SaveMode.Overwrite);
        late.createBatchWriterFactory(() -> 0);
        assertThatThrownBy(() -> late.commit(new WriterCommitMessage[0]))
                .hasMessageContaining("it changed since the write was planned");
        late.abort(new WriterCommitMessage[0]);
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/x`")).isEqualTo(1.0);
    }

    @Test
    void aFileThatChangedBeforeTheCommitIsLeftAlone() throws IOException {
        Path array = directory.resolve("x.npy");
        save(longs(0, 2), array, SaveMode.ErrorIfExists);
        BatchWrite late = planned(array, LONGS);
        late.createBatchWriterFactory(() -> 0);
        Npy.of("'<i8'", "(5,)").write(array, Npy.i8(10, 20, 30, 40, 50));
        assertThatThrownBy(() -> late.commit(new WriterCommitMessage[0]))
                .hasMessageContaining("it changed since the write was planned, from 144 to 168 bytes");
        late.abort(new WriterCommitMessage[0]);
        assertThat(npyLongs(array)).containsExactly(10, 20, 30, 40, 50);
    }

    @Test
    void aSecondArrayInTheFileIsNotOverwritten() throws IOException {
        Path array = directory.resolve("x.npy");
        Path second = directory.resolve("second.npy");
        save(longs(0, 2), array, SaveMode.ErrorIfExists);
        save(longs(7, 9), second, SaveMode.ErrorIfExists);
        Files.write(array, Files.readAllBytes(second), StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(array);
        assertThatThrownBy(() -> save(longs(2, 3), array, SaveMode.Append))
                .hasStackTraceContaining("another array begins at byte 144, where its rows end, expected nothing");
        assertThat(Files.readAllBytes(array)).isEqualTo(before);
    }

    /** The header of NumPy before 1.23 that ends where its padding would begin. */
    @Test
    void aHeaderWithoutRoomForOneMoreDigitStaysAsItIs() throws IOException {
        Path array = directory.resolve("x.npy");
        String column = "c".repeat(52);
        Npy.of("[('" + column + "', '<i8')]", "(9,)").write(array, Npy.i8(0, 1, 2, 3, 4, 5, 6, 7, 8));
        byte[] before = Files.readAllBytes(array);
        assertThat(before).hasSize(128 + 9 * 8);
        assertThat(header(array)).endsWith("(9,), }\n");
        assertThatThrownBy(() -> save(longs(9, 10).withColumnRenamed("value", column), array, SaveMode.Append))
                .hasStackTraceContaining("Cannot append to " + array
                        + ": its header of 128 bytes has no room for shape (10,), expected 192 bytes as NumPy writes it"
                        + " since 1.23; overwrite it once, or append to a directory of shards");
        assertThat(Files.readAllBytes(array)).isEqualTo(before);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void aLinkIsTheFileItself() throws IOException {
        Path file = directory.resolve("real.npy");
        Path link = Files.createDirectory(directory.resolve("links")).resolve("link.npy");
        save(longs(0, 2), file, SaveMode.ErrorIfExists);
        Files.createSymbolicLink(link, file);
        save(longs(2, 4), link, SaveMode.Append);
        assertThat(npyLongs(file)).containsExactly(0, 1, 2, 3);
        save(longs(5, 7), link, SaveMode.Overwrite);
        assertThat(npyLongs(file)).containsExactly(5, 6);
        assertThat(link).isSymbolicLink();
        BatchWrite held = planned(file, LONGS);
        held.createBatchWriterFactory(() -> 0);
        assertThatThrownBy(() -> save(longs(8, 9), link, SaveMode.Append))
                .hasStackTraceContaining("another writer holds ");
        held.abort(new WriterCommitMessage[0]);
        session.sql("CREATE OR REPLACE TABLE memmap.`@/links/link.npy` TBLPROPERTIES ('dtype'='<i8', 'shape'='3')");
        assertThat(npyLongs(file)).containsExactly(0, 0, 0);
        session.sql("DROP TABLE memmap.`@/links/link.npy` PURGE");
        assertThat(link).doesNotExist();
        assertThat(npyLongs(file)).containsExactly(0, 0, 0);
        assertThat(names(directory)).containsExactly("links", "real.npy");
    }

    @Test
    void optionsOfADataFrameCountForANewTable() throws Exception {
        longs(0, 3)
                .writeTo("memmap.`" + directory + "/x.npy`")
                .option("dtype", "<f4")
                .create();
        assertThat(header(directory.resolve("x.npy"))).contains("'<f4'");
        assertThatThrownBy(() -> longs(0, 3)
                        .writeTo("memmap.`" + directory + "/y.npy`")
                        .option("dtpye", "<f4")
                        .create())
                .hasStackTraceContaining("dtpye");
        assertThat(names(directory)).containsExactly("x.npy");
    }

    /** A job that is cancelled while it publishes: its thread is interrupted. */
    @Test
    void anInterruptLeavesNoLock() throws IOException {
        Path array = directory.resolve("x.npy");
        save(longs(0, 2), array, SaveMode.ErrorIfExists);
        BatchWrite write = planned(array, LONGS);
        write.createBatchWriterFactory(() -> 0);
        Thread.currentThread().interrupt();
        write.abort(new WriterCommitMessage[0]);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(names(directory)).containsExactly("x.npy");
        save(longs(2, 3), array, SaveMode.Append);
        assertThat(npyLongs(array)).containsExactly(0, 1, 2);
    }
}
