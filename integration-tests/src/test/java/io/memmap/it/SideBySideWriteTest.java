package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directories that {@code layout=sideBySide} writes: an array per column under one manifest. */
class SideBySideWriteTest extends SideBySideWrites {
    @Test
    void eachColumnIsADirectoryOfShards() throws IOException {
        sideBySide(rows(0, 1000, 3)).save(run.toString());
        assertThat(read(run).schema().simpleString())
                .isEqualTo(rows(0, 1, 1).schema().simpleString());
        assertRows(1000);
        assertThat(SavedFiles.names(run)).containsExactly("_SUCCESS", "_memmap.json", "emb", "id", "name", "s");
        assertThat(SavedFiles.shards(run.resolve("emb"))).hasSize(3);
        assertThat(Files.readString(run.resolve("_memmap.json")))
                .startsWith(
                        "{\"version\": 2, \"dtype\": [[\"id\", \"<i8\"], [\"emb\", \"<f4\", [2]], [\"name\", \"<U2\"], [\"s\","
                                + " [[\"a\", \"<i4\"], [\"b\", \"|b1\"]]]], \"trailingShape\": [], \"order\": \"C\", \"layout\":"
                                + " \"sideBySide\", \"shards\": [{\"name\": \"id/part-");
        assertThat(session.sql("SELECT count(*), sum(s.a), max(emb[0]) FROM memmap.`@/run`")
                        .toString())
                .isEqualTo("[[1000,499500,999.0]]");
        assertThat(session.sql("SELECT id FROM memmap.`@/run` WHERE _row = 7").toString())
                .isEqualTo("[[7]]");
        assertThat(read(run.resolve("emb")).where("c0 = _row").count()).isEqualTo(1000);
    }

    @Test
    void appendsAddToEveryColumnAndOverwritesReplaceAll() throws IOException {
        sideBySide(rows(0, 100, 2)).save(run.toString());
        rows(100, 150, 2).write().format("memmap").mode(SaveMode.Append).save(run.toString());
        assertRows(150);
        sideBySide(rows(150, 160, 1).select("s", "name", "emb", "id"))
                .mode(SaveMode.Append)
                .save(run.toString());
        assertRows(160);
        assertThat(SavedFiles.shards(run.resolve("s"))).hasSize(5);
        assertThatThrownBy(() -> sideBySide(rows(160, 170, 1).drop("s"))
                        .mode(SaveMode.Append)
                        .save(run.toString()))
                .hasStackTraceContaining("no column for [s]");
        assertThatThrownBy(() -> sideBySide(rows(160, 170, 1).selectExpr("id", "array(1F) AS emb", "name", "s"))
                        .mode(SaveMode.Append)
                        .save(run.toString()))
                .isNotNull();
        assertRows(160);
        sideBySide(rows(0, 30, 2).select("id", "emb", "name", "s"))
                .mode(SaveMode.Overwrite)
                .save(run.toString());
        assertRows(30);
        assertThat(SavedFiles.shards(run.resolve("s"))).hasSize(2);
        spark.range(5).write().format("memmap").mode(SaveMode.Overwrite).save(run.toString());
        assertThat(read(run).columns()).containsExactly("id");
        assertThat(SavedFiles.names(run)).hasSize(2 + SavedFiles.shards(run).size());
        sideBySide(rows(0, 30, 2)).mode(SaveMode.Overwrite).save(run.toString());
        assertRows(30);
        assertThat(SavedFiles.names(run)).noneMatch(name -> name.startsWith("part-"));
    }

    @Test
    void noRowsAreColumnsOfNoRows() {
        sideBySide(rows(0, 0, 1), "columnDtypes=emb ('<f4', (2,))").save(run.toString());
        assertRows(0);
        assertThat(read(run).columns()).containsExactly("id", "emb", "name", "s");
        rows(0, 4, 1)
                .selectExpr("id", "emb", "'n' AS name", "s")
                .write()
                .format("memmap")
                .mode(SaveMode.Append)
                .save(run.toString());
        assertThat(read(run).count()).isEqualTo(4);
    }

    @Test
    void sqlInsertsAndCreates() {
        session.sql("CREATE TABLE memmap.`@/run` TBLPROPERTIES ('layout' = 'sideBySide')"
                + " AS SELECT id, array(id, -id) AS v FROM range(4)");
        session.sql("INSERT INTO memmap.`@/run` SELECT id, array(id, -id) FROM range(4, 6)");
        assertThat(session.sql("SELECT count(*), sum(v[1]) FROM memmap.`@/run` WHERE id = _row")
                        .toString())
                .isEqualTo("[[6,-15]]");
        session.sql("INSERT OVERWRITE memmap.`@/run` SELECT id, array(id, -id) FROM range(2)");
        assertThat(session.sql("SELECT id, v FROM memmap.`@/run`")).hasSize(2);
        assertThat(run.resolve("v")).isDirectory();
        for (String statement : List.of(
                "UPDATE memmap.`@/run` SET id = 3",
                "DELETE FROM memmap.`@/run` WHERE id = 1",
                "MERGE INTO memmap.`@/run` t USING (SELECT 1L AS k) s ON t.id = s.k WHEN MATCHED THEN UPDATE SET id = 5")) {
            assertThatThrownBy(() -> session.sql(statement)).as(statement).hasStackTraceContaining("Cannot ");
        }
        assertThat(session.sql("SELECT id, v FROM memmap.`@/run`")).hasSize(2);
        session.sql("DROP TABLE memmap.`@/run` PURGE");
        assertThat(run).doesNotExist();
        session.sql("CREATE TABLE memmap.`@/run` (a INT, b DOUBLE) TBLPROPERTIES ('layout' = 'sideBySide')");
        session.sql("INSERT INTO memmap.`@/run` VALUES (1, 2.5D)");
        assertThat(session.sql("SELECT a, b FROM memmap.`@/run`").toString()).isEqualTo("[[1,2.5]]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            shape=-1,2 ! each column is an array with a shape of its own
            rowColumn=id ! it is a directory, expected one file
            output=file ! with layout=sideBySide: it is one array, expected a directory
            container=npz ! it would be a directory, expected one file
            """)
    void optionsOfOneArrayAreRefused(String option, String message) {
        assertThatThrownBy(() -> sideBySide(rows(0, 3, 1), option).save(run.toString()))
                .hasStackTraceContaining(message);
        assertThat(run).doesNotExist();
    }

    @Test
    void whatIsThereDecides() {
        spark.range(3).write().format("memmap").save(run.toString());
        assertThatThrownBy(() ->
                        sideBySide(spark.range(3).toDF()).mode(SaveMode.Append).save(run.toString()))
                .hasStackTraceContaining("with layout=sideBySide: what is there is one array, expected no layout");
        sideBySide(rows(0, 3, 1)).mode(SaveMode.Overwrite).save(run.toString());
        assertThatThrownBy(() -> sideBySide(rows(0, 3, 1), "layout=array")
                        .mode(SaveMode.Append)
                        .save(run.toString()))
                .hasStackTraceContaining("with layout=array: its columns are side by side");
        assertThatThrownBy(() -> sideBySide(rows(0, 3, 1), "update=true", "rowColumn=id")
                        .mode(SaveMode.Append)
                        .save(run.toString()))
                .hasStackTraceContaining("with option rowColumn: its columns are side by side");
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("dtype", "<f8")
                        .load(run.toString())
                        .count())
                .hasMessageContaining("with option dtype: its columns are side by side");
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .load(run.toString(), run.toString())
                        .count())
                .hasMessageContaining("are arrays side by side, expected it alone");
        assertRows(3);
    }

    @Test
    void rawColumnsHaveSidecars() throws IOException {
        sideBySide(rows(0, 10, 2), "container=raw").save(run.toString());
        assertRows(10);
        rows(10, 14, 1).write().format("memmap").mode(SaveMode.Append).save(run.toString());
        assertRows(14);
        session.sql("INSERT INTO memmap.`@/run` SELECT id, array(CAST(id AS FLOAT), 0.5F), concat('n', id % 10),"
                + " named_struct('a', CAST(id AS INT), 'b', id % 2 = 0) FROM range(14, 15)");
        assertRows(15);
        assertThat(SavedFiles.shards(run.resolve("id"))).hasSize(4).allMatch(name -> name.endsWith(".dat"));
        assertThatThrownBy(() -> sideBySide(rows(15, 16, 1), "container=npy")
                        .mode(SaveMode.Append)
                        .save(run.toString()))
                .hasStackTraceContaining("with container=npy: its columns are side by side");
        assertRows(15);
    }

    /** No row is in one file. */
    @Test
    void theFileOfARowIsNoColumn() {
        sideBySide(rows(0, 10, 2)).save(run.toString());
        Dataset<Row> declared = spark.read()
                .format("memmap")
                .schema("id LONG, s STRUCT<a: INT, b: BOOLEAN>")
                .load(run.toString());
        for (String column : List.of("_file", "_file_row")) {
            String message = "with name `" + column + "` cannot be resolved";
            assertThatThrownBy(() -> session.sql("SELECT id, " + column + " FROM memmap.`@/run`"))
                    .hasMessageContaining(message);
            assertThatThrownBy(() -> read(run).select("id", column)).hasMessageContaining(message);
            assertThatThrownBy(() -> declared.select("id", column)).hasMessageContaining(message);
        }
        assertThat(declared.selectExpr("sum(_row)").first().getLong(0)).isEqualTo(45);
        sideBySide(spark.range(3).coalesce(1).toDF()).mode(SaveMode.Overwrite).save(run.toString());
        assertThat(read(run)
                        .where("_file LIKE '%/run/id/part-%' AND _file_row = id")
                        .count())
                .isEqualTo(3);
    }

    @Test
    void rowsAreNotChangedInPlace() throws IOException {
        sideBySide(rows(0, 10, 1)).save(run.toString());
        assertThatThrownBy(() -> session.sql("UPDATE memmap.`@/run` SET id = 3"))
                .hasStackTraceContaining(
                        "Cannot update memmap.`" + run + "`: it is arrays side by side, [id, emb, name,"
                                + " s], which do not change in one step, expected one array; UPDATE the files of a column by their"
                                + " own paths, add whole rows by INSERT, or write all rows anew by INSERT OVERWRITE");
        assertThatThrownBy(() -> session.sql("DELETE FROM memmap.`@/run` WHERE id = 1"))
                .hasStackTraceContaining("Cannot delete rows of memmap.`" + run + "`: an array has no holes");
        String merge = " t USING (SELECT 3L AS k) s ON t.value = s.k WHEN MATCHED THEN UPDATE SET value = 5"
                + " WHEN NOT MATCHED THEN INSERT (value) VALUES (s.k)";
        assertThatThrownBy(() -> session.sql("MERGE INTO memmap.`@/run`"
                        + merge.replace("value = s.k", "id = s.k")
                                .replace("SET value", "SET id")
                                .replace(" WHEN NOT MATCHED THEN INSERT (value) VALUES (s.k)", "")))
                .hasStackTraceContaining("Cannot merge into memmap.`" + run + "`: it is arrays side by side");
        String shard =
                run.resolve("id") + "/" + SavedFiles.shards(run.resolve("id")).get(0);
        for (String one : List.of(run.resolve("id").toString(), shard)) {
            assertThatThrownBy(() -> session.sql("MERGE INTO memmap.`" + one + "`" + merge))
                    .hasStackTraceContaining("Cannot merge into memmap.`" + one + "`: file:" + run
                            + " lists it with its number of rows");
            session.sql("UPDATE memmap.`" + one + "` SET value = value + 1 WHERE value = 0");
            session.sql("UPDATE memmap.`" + one + "` SET value = value - 1 WHERE value = 1 AND _row = 0");
        }
        assertRows(10);
    }
}
