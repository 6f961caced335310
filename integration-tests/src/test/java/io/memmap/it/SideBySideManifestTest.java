package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifest of arrays side by side: what it lists is read, and nothing outside of its directories. */
class SideBySideManifestTest extends SideBySideWrites {
    @Test
    void oddNamesAreEscaped() throws IOException {
        List<String> odd = List.of("a/b", "_hidden", ".x", "k=v", "100%", "*", "..", "größe", "a#b", "c:d", "[x]");
        Dataset<Row> rows = spark.range(3)
                .selectExpr(odd.stream().map(name -> "id AS `" + name + "`").toArray(String[]::new));
        sideBySide(rows).save(run.toString());
        assertThat(read(run).columns()).containsExactlyElementsOf(odd);
        assertThat(read(run)
                        .where("`a/b` = _row AND `..` = _row AND `k=v` = _row")
                        .count())
                .isEqualTo(3);
        assertThat(SavedFiles.names(run))
                .contains("a%2Fb", "%5Fhidden", "%2Ex", "k%3Dv", "100%25", "%2A", "%2E.", "größe");
        try (var all = Files.list(directory)) {
            assertThat(all).hasSize(1);
        }
        SparkSession cased = session.spark();
        cased.conf().set("spark.sql.caseSensitive", true);
        assertThatThrownBy(() -> sideBySide(cased.range(3).selectExpr("id AS x", "id AS X"))
                        .mode(SaveMode.Overwrite)
                        .save(run.toString()))
                .hasStackTraceContaining("the directories of columns 'x' and 'X' would differ in case only");
    }

    /** A manifest is data: what it names outside of its columns' directories is refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            id/part-! ../id/part-! expected a path of plain names
            id/part-! /etc/part-! expected a path of plain names
            id/part-! other/part-! expected it in one of
            id/part-! part-! expected it in one of
            \"rows\": 3}, {\"name\": \"name! \"rows\": 2}, {\"name\": \"name! Cannot list arrays side by side
            """)
    void aManifestNamesOnlyItsColumns(String text, String other, String message) throws IOException {
        sideBySide(rows(0, 3, 1).select("id", "emb", "name")).save(run.toString());
        Path manifest = run.resolve("_memmap.json");
        String json = Files.readString(manifest);
        assertThat(json).contains(text);
        Files.writeString(manifest, json.replace(text, other));
        assertThatThrownBy(() -> read(run).count()).hasMessageContaining(message);
    }

    @Test
    void aLinkIsNoColumn() throws IOException {
        sideBySide(rows(0, 3, 1)).save(run.toString());
        Files.move(run.resolve("emb"), directory.resolve("elsewhere"));
        Files.createSymbolicLink(run.resolve("emb"), directory.resolve("elsewhere"));
        assertThatThrownBy(() -> read(run).count()).hasMessageContaining("lists emb, which is a link, expected none");
        assertThatThrownBy(() -> sideBySide(rows(3, 6, 1)).mode(SaveMode.Append).save(run.toString()))
                .hasStackTraceContaining("is a link");
    }

    /** A column alone has the rows of the listed files only, and no write to it alone is taken. */
    @Test
    void aColumnAloneIsWhatTheManifestLists() throws IOException {
        sideBySide(rows(0, 10, 2)).save(run.toString());
        Path id = run.resolve("id");
        Files.copy(id.resolve(SavedFiles.shards(id).get(0)), id.resolve("part-000099-00000000.npy"));
        Files.copy(id.resolve(SavedFiles.shards(id).get(0)), run.resolve("emb").resolve("x.npy"));
        assertThat(read(id).count()).isEqualTo(10);
        assertThat(read(run.resolve("emb")).where("c0 = _row").count()).isEqualTo(10);
        assertRows(10);
        Path shard = id.resolve(SavedFiles.shards(id).get(1));
        for (SaveMode mode : List.of(SaveMode.Append, SaveMode.Overwrite)) {
            assertThatThrownBy(() ->
                            spark.range(3).write().format("memmap").mode(mode).save(id.toString()))
                    .hasStackTraceContaining("Cannot write to " + id + ": " + run
                            + " lists the files of its table, expected a directory of its own; write to the table rows of"
                            + " all its columns");
        }
        assertThatThrownBy(() -> spark.range(3)
                        .write()
                        .format("memmap")
                        .mode(SaveMode.Append)
                        .save(shard.toString()))
                .hasStackTraceContaining(
                        "Cannot append to " + shard + ": " + run + " lists it with its number of rows");
        for (String statement : List.of(
                "INSERT INTO memmap.`@/run/id` VALUES (1L)",
                "INSERT OVERWRITE memmap.`@/run/id` VALUES (1L)",
                "CREATE OR REPLACE TABLE memmap.`@/run/id` AS SELECT 1L AS value",
                "DROP TABLE memmap.`@/run/id` PURGE")) {
            assertThatThrownBy(() -> session.sql(statement))
                    .as(statement)
                    .hasStackTraceContaining("lists the files of its table, expected a directory of its own");
        }
        assertRows(10);
    }

    /** In a shared directory any user can make a file of the manifest's name. */
    @Test
    void aForeignManifestAboveKeepsNoOneFromReading() throws IOException {
        Path alone = directory.resolve("alone");
        Files.createDirectory(alone);
        Files.copy(Npy.of("'<i8'", "(1,)").write(directory.resolve("x.npy"), Npy.i8(7)), alone.resolve("x.npy"));
        for (String text : List.of("", "{", "[]", "{\"version\": 9}")) {
            Files.writeString(directory.resolve("_memmap.json"), text);
            assertThat(read(alone).first().getLong(0)).as(text).isEqualTo(7);
        }
        spark.range(3).write().format("memmap").mode(SaveMode.Append).save(alone.toString());
        assertThat(read(alone).count()).isEqualTo(4);
    }

    /** A first save that was killed before its directory was moved into place. */
    @Test
    void aDeadFirstSaveLeavesNothing() throws IOException {
        Path staging = directory.resolve(".run.01234567-89ab-cdef-0123-456789abcdef.staging");
        for (String home : List.of("id", "größe", "date=2026-01-01/hour=7")) {
            Path column = Files.createDirectories(staging.resolve("array").resolve(home));
            Files.writeString(column.resolve("part-000000-01234567.npy"), "");
        }
        sideBySide(rows(0, 3, 1)).save(run.toString());
        assertThat(staging).doesNotExist();
        Path others = Files.createDirectories(staging.resolve("array/id"));
        Files.writeString(others.resolve("mine.npy"), "");
        sideBySide(rows(0, 3, 1)).mode(SaveMode.Overwrite).save(run.toString());
        assertThat(others.resolve("mine.npy")).exists();
        Files.delete(others.resolve("mine.npy"));
        sideBySide(rows(3, 6, 1)).mode(SaveMode.Append).save(run.toString());
        assertRows(6);
    }
}
